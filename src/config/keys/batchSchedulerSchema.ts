import { Type } from '@sinclair/typebox';
import { count, tag, withDefault, words } from './schemaKit';

/** What is said of every scheduler's `type`. */
export const schedulerType = {
  description: 'The rule by which `lr` changes between epochs (`torch.optim.lr_scheduler` name).',
  aliases: ['name', 'policy', 'method'],
};

/** Keys of the schedulers that change rate and momentum with each batch. */
const cycled = {
  max_lr: Type.Number({ exclusiveMinimum: 0, description: 'The largest rate (max_lr).', aliases: ['lr_max', 'max'] }),
  cycle_momentum: withDefault(
    Type.Boolean({
      description: 'Lower the momentum, or the first of `betas`, while the rate rises, and back (cycle_momentum).',
    }),
    true,
  ),
};

const ofMomentum = (value: number, which: string) =>
  withDefault(
    Type.Number({
      minimum: 0,
      exclusiveMaximum: 1,
      description: `The ${which} momentum (${which === 'smallest' ? 'base' : 'max'}_momentum).`,
    }),
    value,
  );

/** `OneCycleLR`. */
export const oneCycleLR = Type.Object(
  {
    type: tag(
      'OneCycleLR',
      'Raises `lr` to `max_lr` and lowers it to nearly 0 over the whole run, with each batch. The optimizer’s own `lr` counts for nothing.',
      schedulerType,
    ),
    ...cycled,
    pct_start: withDefault(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Share of the run in which `lr` rises (`OneCycleLR` pct_start).',
      }),
      0.3,
    ),
    anneal_strategy: withDefault(
      words(
        { cos: 'Along half a cosine wave.', linear: 'In a straight line.' },
        { description: 'The way between two rates (`OneCycleLR` anneal_strategy).' },
      ),
      'cos',
    ),
    base_momentum: ofMomentum(0.85, 'smallest'),
    max_momentum: ofMomentum(0.95, 'largest'),
    div_factor: withDefault(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'The first rate is `max_lr / div_factor` (`OneCycleLR` div_factor).',
      }),
      25,
    ),
    final_div_factor: withDefault(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'The last rate is the first one divided by this (`OneCycleLR` final_div_factor).',
      }),
      1e4,
    ),
    three_phase: withDefault(
      Type.Boolean({
        description: 'Go down to the first rate as fast as up, and only then to the last (`OneCycleLR` three_phase).',
      }),
      false,
    ),
  },
  { form: 'type' },
);

/** `CyclicLR`. */
export const cyclicLR = Type.Object(
  {
    type: tag(
      'CyclicLR',
      'Raises `lr` from `base_lr` to `max_lr` and lowers it again, over and over, with each batch. The optimizer’s own `lr` counts for nothing.',
      schedulerType,
    ),
    base_lr: Type.Number({
      exclusiveMinimum: 0,
      description: 'The first rate, and the smallest (`CyclicLR` base_lr).',
      aliases: ['min_lr', 'lr_min', 'min'],
    }),
    ...cycled,
    step_size_up: withDefault(
      count(1, {
        description: 'Number of batches in which `lr` rises (`CyclicLR` step_size_up).',
        aliases: ['step_size'],
      }),
      2000,
    ),
    step_size_down: Type.Optional(
      count(1, {
        description: 'Number of batches in which it falls (`CyclicLR` step_size_down). If omitted, the same.',
      }),
    ),
    mode: withDefault(
      words(
        {
          triangular: 'Each time to `max_lr`.',
          triangular2: 'Each time half as high.',
          exp_range: 'As high as `gamma ** batch` of it.',
        },
        { description: 'How high `lr` rises (`CyclicLR` mode).' },
      ),
      'triangular',
    ),
    gamma: withDefault(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Factor of the height for each batch, with `exp_range` (`CyclicLR` gamma).',
      }),
      1,
    ),
    base_momentum: ofMomentum(0.8, 'smallest'),
    max_momentum: ofMomentum(0.9, 'largest'),
  },
  { form: 'type' },
);
