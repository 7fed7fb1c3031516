import { Type, type Static } from '@sinclair/typebox';
import type { LossName } from '../engine/nn/losses';
import { datasetSchema, loaderSchema } from './datasetSchema';
import { earlyStoppingSchema } from './keys/earlyStoppingSchema';
import { lossSchema } from './keys/lossSchema';
import { modelSchema } from './keys/modelSchema';
import { optimizerSchema } from './keys/optimizerSchema';
import { penaltySchema } from './keys/penaltySchema';
import { schedulerSchema } from './keys/schedulerSchema';
import { splitSchema } from './keys/splitSchema';
import { sweepModeSchema, sweepSchema } from './keys/sweepSchema';
import { count, withDefault, type Written } from './keys/schemaKit';

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
  split: Type.Optional(splitSchema),
  loader: loaderSchema,
  model: modelSchema,
  loss: lossSchema,
  penalty: Type.Optional(penaltySchema),
  optimizer: optimizerSchema,
  scheduler: Type.Optional(schedulerSchema),
  clip_grad_norm: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description:
        'Largest norm of all gradients together, to which they are scaled down before each step (`torch.nn.utils.clip_grad_norm_` max_norm). If omitted, they are not.',
      aliases: ['max_grad_norm', 'gradient_clip_val', 'max_norm', 'clipnorm', 'clip'],
    }),
  ),
  clip_grad_value: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description:
        'Largest size of each gradient, to which it is cut before each step (`torch.nn.utils.clip_grad_value_` clip_value). If omitted, it is not.',
      aliases: ['clip_value', 'clipvalue'],
    }),
  ),
  early_stopping: Type.Optional(earlyStoppingSchema),
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
 * `scheduler` the rate stays; without `early_stopping` all epochs are trained.
 */
export type Config = Static<typeof configSchema>;
/** A config as a person writes it: whatever has a default may be left out. */
export type ConfigInput = Written<typeof configSchema>;
/** `split` with defaults filled in. */
export type SplitConfig = NonNullable<Config['split']>;
export type { LossName };
export { givenOptions, lossName, type LossConfig } from './keys/lossSchema';
export type { LayerConfig, LinearModelConfig, ModelConfig, SequentialConfig } from './keys/modelSchema';
export type { OptimizerConfig, SGDConfig } from './keys/optimizerSchema';
export type { SweepMode, SweepValues } from './keys/sweepSchema';
export type { SchedulerConfig } from './keys/schedulerSchema';
export type {
  ArangeConfig,
  DatasetConfig,
  FileConfig,
  LinearConfig,
  PatternConfig,
  ValuesConfig,
} from './datasetSchema';
