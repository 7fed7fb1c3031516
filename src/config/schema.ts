import { Type, type Static } from '@sinclair/typebox';
import { losses, type LossName } from '../engine/nn/losses';
import { datasetSchema, loaderSchema } from './datasetSchema';
import { optimizerSchema } from './optimizerSchema';
import { schedulerSchema } from './schedulerSchema';
import { sweepModeSchema, sweepSchema } from './sweepSchema';
import { count, matrix, section, withDefault, words, type Written } from './schemaKit';

const modelSchema = section(
  {
    type: withDefault(
      words(
        { Linear: '`nn.Linear(in_features, out_features)`: a weighted sum of the inputs plus a bias.' },
        { description: 'The model (`torch.nn` name). Its sizes follow from the dataset.' },
      ),
      'Linear',
    ),
    bias: withDefault(
      Type.Boolean({
        description: 'Learn a constant besides the weights (`nn.Linear` bias).',
        aliases: ['intercept', 'fit_intercept', 'use_bias'],
      }),
      true,
    ),
    init: withDefault(
      Type.Union(
        [
          words(
            { default: 'Random, as `nn.Linear` starts; the seed decides.', zeros: 'All weights and biases are 0.' },
            { description: 'A named way to start.' },
          ),
          Type.Object(
            {
              weight: matrix({
                description:
                  'One list for each target (each class with `cross_entropy`), with one number for each input.',
                aliases: ['weights', 'w'],
              }),
              bias: Type.Optional(
                Type.Array(Type.Number(), {
                  minItems: 1,
                  description: 'One number for each target or class; needed unless `model.bias` is false.',
                  aliases: ['b', 'intercept'],
                }),
              ),
            },
            { description: 'Start from these numbers.' },
          ),
        ],
        {
          description: 'Initial weight and bias: `"default"`, `"zeros"`, or your own numbers.',
          aliases: ['initialization', 'initial', 'initializer'],
        },
      ),
      'default',
    ),
  },
  { description: 'The model to train: `torch.nn.Linear`.', aliases: ['net', 'network', 'module'] },
);

/** What other programs call these losses, and what they fit. */
const meantLosses: Record<string, LossName> = {
  bce: 'binary_cross_entropy_with_logits',
  bcewithlogits: 'binary_cross_entropy_with_logits',
  bcewithlogitsloss: 'binary_cross_entropy_with_logits',
  bceloss: 'binary_cross_entropy_with_logits',
  binarycrossentropy: 'binary_cross_entropy_with_logits',
  logistic: 'binary_cross_entropy_with_logits',
  logloss: 'binary_cross_entropy_with_logits',
  categoricalcrossentropy: 'cross_entropy',
  ce: 'cross_entropy',
  nll: 'cross_entropy',
  nllloss: 'cross_entropy',
  softmax: 'cross_entropy',
  sparsecategoricalcrossentropy: 'cross_entropy',
  absoluteerror: 'l1_loss',
  mae: 'l1_loss',
  meanabsoluteerror: 'l1_loss',
  l2: 'mse_loss',
  l2loss: 'mse_loss',
  meansquarederror: 'mse_loss',
  squarederror: 'mse_loss',
};

const lossSchema = words(
  Object.fromEntries(Object.values(losses).map(({ name, description }) => [name, description])) as Record<
    LossName,
    string
  >,
  {
    description: 'The loss to minimize (`torch.nn.functional` name).',
    aliases: ['criterion', 'loss_fn', 'loss_function', 'objective'],
    meant: meantLosses,
  },
);

/**
 * The config file: every key with its type, default, limits and meaning. The TypeScript types, the defaults, the validation
 * and the JSON schema are all made from this table. Besides JSON schema's own words a key may have `aliases` (names that
 * people try) and an object `form` (the key that tells it from the other forms in the same place).
 */
export const configSchema = Type.Object({
  $schema: Type.Optional(
    Type.String({ description: 'Address of a JSON schema for editors; has no effect on the run.' }),
  ),
  seed: Type.Optional(
    Type.Integer({
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'Seed of all random draws (`torch.manual_seed`): the same seed gives the same run. If omitted, one is drawn and recorded with the run.',
      aliases: ['manual_seed', 'random_seed', 'random_state', 'rng'],
    }),
  ),
  dataset: datasetSchema,
  split: Type.Optional(
    Type.Union(
      [
        Type.Array(Type.Number({ minimum: 0, description: 'Rows, or a share of all rows.' }), {
          minItems: 2,
          maxItems: 2,
        }),
        Type.Object(
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
        ),
      ],
      {
        description:
          'Training and validation rows (`torch.utils.data.random_split`): two whole numbers that add up to all rows, two ' +
          'fractions that add up to 1, or one fold of a cross validation, as in `{ "folds": 5, "fold": 0 }`. If omitted, the ' +
          'model trains on all rows.',
        aliases: ['random_split', 'train_test_split', 'validation_split'],
      },
    ),
  ),
  loader: loaderSchema,
  model: modelSchema,
  loss: withDefault(lossSchema, 'mse_loss'),
  optimizer: optimizerSchema,
  scheduler: Type.Optional(schedulerSchema),
  epochs: withDefault(
    count(1, {
      description: 'Number of passes over the training rows.',
      aliases: ['num_epochs', 'n_epochs', 'epoch', 'iterations', 'max_epochs', 'max_iter'],
    }),
    100,
  ),
  log_every: withDefault(
    count(1, {
      description: 'Number of epochs from one printed loss to the next. Every epoch is recorded either way.',
      aliases: ['log_interval', 'print_every', 'log', 'verbose'],
    }),
    10,
  ),
  sweep: Type.Optional(sweepSchema),
  sweep_mode: Type.Optional(sweepModeSchema),
});

/**
 * A config with all defaults filled in. Without `seed` one has yet to be drawn; without `split` all rows train; without
 * `scheduler` the rate stays.
 */
export type Config = Static<typeof configSchema>;
/** A config as a person writes it: whatever has a default may be left out. */
export type ConfigInput = Written<typeof configSchema>;
/** `split` with defaults filled in. */
export type SplitConfig = NonNullable<Config['split']>;
/** `model` with defaults filled in. */
export type ModelConfig = Config['model'];
export type { LossName };
export type { SweepMode, SweepValues } from './sweepSchema';
export type { OptimizerConfig, SGDConfig } from './optimizerSchema';
export type { SchedulerConfig } from './schedulerSchema';
export type { ArangeConfig, DatasetConfig, FileConfig, LinearConfig, ValuesConfig } from './datasetSchema';
