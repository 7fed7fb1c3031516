import { Type } from '@sinclair/typebox';
import { withDefault } from './schemaKit';

const factor = (description: string, aliases: string[]) =>
  withDefault(Type.Number({ minimum: 0, description, aliases }), 0);

/** What is added to the loss for large weights. */
export const penaltySchema = Type.Object(
  {
    l1: factor('Factor of the sum of the weights’ sizes, `sum(abs(w))`, which makes some weights 0 (lasso).', [
      'lasso',
      'L1',
    ]),
    l2: factor('Factor of the sum of the weights’ squares, `sum(w**2)`, which keeps all weights small (ridge).', [
      'ridge',
      'L2',
    ]),
    bias: withDefault(
      Type.Boolean({ description: 'Add the biases to both sums, not the weights alone.', aliases: ['intercept'] }),
      false,
    ),
  },
  {
    description:
      'Added to the loss of each batch: `l1 * sum(abs(w)) + l2 * sum(w**2)`. The validation loss is without it. If omitted, nothing is added.',
    aliases: ['regularization', 'regularizer', 'kernel_regularizer', 'elastic_net'],
  },
);
