import { Type } from '@sinclair/typebox';
import { withDefault } from './schemaKit';

/** Products of inputs as more inputs. */
export const polynomialSchema = Type.Object(
  {
    degree: withDefault(
      Type.Integer({
        minimum: 1,
        maximum: 10,
        description: 'Maximum number of factors of a product (`PolynomialFeatures` degree). 1 makes no products.',
        aliases: ['power', 'order'],
      }),
      2,
    ),
    interaction_only: withDefault(
      Type.Boolean({
        description: 'Multiply different inputs only, none with itself (`PolynomialFeatures` interaction_only).',
        aliases: ['interactions_only'],
      }),
      false,
    ),
    columns: Type.Optional(
      Type.Array(Type.String({ description: 'Name of an input column.' }), {
        minItems: 1,
        uniqueItems: true,
        description:
          'Input columns to multiply. If omitted, all of them, also the inputs that `one_hot` makes; name the others to leave these out.',
        aliases: ['inputs', 'features'],
      }),
    ),
  },
  {
    description:
      'Squares and products of inputs as more inputs, so that a linear model can follow a curve: `x0^2`, `x0 x1` (scikit-learn: `PolynomialFeatures(include_bias=False)`). They are made before `scale` and come after the inputs. If omitted, there are none.',
    aliases: ['polynomial_features', 'poly', 'polynomials', 'interactions'],
  },
);
