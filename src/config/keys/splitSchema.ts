import { Type } from '@sinclair/typebox';
import { count, withDefault } from './schemaKit';

const lengths = Type.Array(Type.Number({ minimum: 0, description: 'Rows, or a share of all rows.' }), {
  minItems: 2,
  maxItems: 2,
  description: 'Two whole numbers that add up to all rows, or two fractions that add up to 1.',
  aliases: ['sizes', 'fractions', 'rows'],
});

const inParts = Type.Object(
  {
    lengths,
    shuffle: withDefault(
      Type.Boolean({
        description:
          'Draw the rows (`random_split`). With `false` the first rows train, the last ones validate, and nothing is drawn.',
        aliases: ['random', 'randomize'],
      }),
      true,
    ),
  },
  { form: 'lengths', description: 'Two parts, drawn or in the order of the rows.' },
);

const inFolds = Type.Object(
  {
    folds: count(2, {
      description: 'Number of parts of equal size that the rows are cut into (`KFold` n_splits).',
      aliases: ['n_splits', 'k', 'n_folds'],
    }),
    fold: withDefault(
      count(0, { description: 'The part that is the validation set, counted from 0; all others train.' }),
      0,
    ),
    shuffle: withDefault(
      Type.Boolean({
        description: 'Put the rows in a random order before they are cut; the run’s seed decides.',
      }),
      true,
    ),
  },
  { form: 'folds', description: 'One fold of a cross validation, as scikit-learn’s `KFold` cuts them.' },
);

/** How rows are divided between training and validation. */
export const splitSchema = Type.Union([lengths, inParts, inFolds], {
  description:
    'Training and validation rows (`torch.utils.data.random_split`): two whole numbers that add up to all rows, or two ' +
    'fractions that add up to 1; as an object with `lengths` also without drawing; or one fold of a cross validation, as in ' +
    '`{ "folds": 5, "fold": 0 }`. If omitted, the model trains on all rows.',
  aliases: ['random_split', 'train_test_split', 'validation_split'],
});
