import { Type, type Static } from '@sinclair/typebox';
import { cyclicLR, oneCycleLR, schedulerType as type } from './batchSchedulerSchema';
import { count, tag, withDefault, words } from './schemaKit';

const gamma = Type.Number({
  minimum: 0,
  description: 'Factor by which `lr` is multiplied each time (`lr_scheduler` gamma).',
  aliases: ['decay_rate', 'multiplier'],
});

const stepLR = Type.Object(
  {
    type: tag('StepLR', 'Multiplies `lr` by `gamma` every `step_size` epochs.', type),
    step_size: count(1, {
      description: 'Number of epochs between changes of `lr` (`StepLR` step_size).',
      aliases: ['step', 'every', 'period', 'steps'],
    }),
    gamma: withDefault(gamma, 0.1),
  },
  { form: 'type' },
);

const exponentialLR = Type.Object(
  {
    type: tag('ExponentialLR', 'Multiplies `lr` by `gamma` after every epoch.', type),
    gamma,
  },
  { form: 'type' },
);

const cosineAnnealingLR = Type.Object(
  {
    type: tag('CosineAnnealingLR', 'Lowers `lr` along half a cosine wave, slowly at both ends.', type),
    T_max: count(1, {
      description: 'Number of epochs until `lr` is lowest (`CosineAnnealingLR` T_max); then it rises again.',
      aliases: ['tmax', 'max_epochs', 'period'],
    }),
    eta_min: withDefault(
      Type.Number({
        minimum: 0,
        description: 'The lowest rate (`CosineAnnealingLR` eta_min).',
        aliases: ['min_lr', 'lr_min', 'minimum'],
      }),
      0,
    ),
  },
  { form: 'type' },
);

const reduceLROnPlateau = Type.Object(
  {
    type: tag(
      'ReduceLROnPlateau',
      'Lowers `lr` when the loss has stopped improving: the validation loss if there is a `split`, otherwise the training loss.',
      type,
    ),
    mode: withDefault(
      words(
        { min: 'A lower number is better, as with every loss.', max: 'A higher number is better.' },
        { description: 'Which way is better (`ReduceLROnPlateau` mode).', aliases: ['direction'] },
      ),
      'min',
    ),
    factor: withDefault(
      Type.Number({
        minimum: 0,
        exclusiveMaximum: 1,
        description: 'Factor by which `lr` is multiplied each time (`ReduceLROnPlateau` factor).',
        aliases: ['gamma', 'multiplier'],
      }),
      0.1,
    ),
    patience: withDefault(
      count(0, {
        description:
          'Number of epochs with no improvement after which the rate is reduced (`ReduceLROnPlateau` patience).',
        aliases: ['wait', 'n_iter_no_change'],
      }),
      10,
    ),
    threshold: withDefault(
      Type.Number({
        minimum: 0,
        description: 'What counts as an improvement over the best so far (`ReduceLROnPlateau` threshold).',
        aliases: ['min_delta'],
      }),
      1e-4,
    ),
    threshold_mode: withDefault(
      words(
        {
          rel: '`threshold` is a share of the best loss: better than `best * (1 - threshold)`.',
          abs: '`threshold` is in the loss’s own units: better than `best - threshold`.',
        },
        { description: 'How `threshold` is meant (`ReduceLROnPlateau` threshold_mode).' },
      ),
      'rel',
    ),
    cooldown: withDefault(
      count(0, {
        description:
          'Number of epochs after a reduction before epochs without improvement are counted again (`ReduceLROnPlateau` cooldown).',
      }),
      0,
    ),
    min_lr: withDefault(
      Type.Number({
        minimum: 0,
        description: 'Lower bound of `lr` (`ReduceLROnPlateau` min_lr).',
        aliases: ['lr_min', 'eta_min', 'minimum'],
      }),
      0,
    ),
    eps: withDefault(
      Type.Number({
        minimum: 0,
        description: 'Smallest change of `lr`; a smaller one is ignored (`ReduceLROnPlateau` eps).',
        aliases: ['epsilon'],
      }),
      1e-8,
    ),
  },
  { form: 'type' },
);

const totalIters = (name: string) =>
  count(1, {
    description: `Number of epochs until \`lr\` stays as it is (\`${name}\` total_iters).`,
    aliases: ['epochs', 'steps'],
  });

const multiStepLR = Type.Object(
  {
    type: tag('MultiStepLR', 'Multiplies `lr` by `gamma` after each of some epochs.', type),
    milestones: Type.Array(count(1, { description: 'A number of epochs.' }), {
      minItems: 1,
      description: 'Numbers of epochs after which `lr` changes (`MultiStepLR` milestones).',
      aliases: ['steps', 'boundaries'],
    }),
    gamma: withDefault(gamma, 0.1),
  },
  { form: 'type' },
);

const constantLR = Type.Object(
  {
    type: tag('ConstantLR', 'Multiplies `lr` by `factor` in the first `total_iters` epochs.', type),
    factor: withDefault(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'Factor of `lr` in the first epochs (`ConstantLR` factor).',
        aliases: ['gamma', 'multiplier'],
      }),
      1 / 3,
    ),
    total_iters: withDefault(totalIters('ConstantLR'), 5),
  },
  { form: 'type' },
);

const linearLR = Type.Object(
  {
    type: tag('LinearLR', 'Changes the factor of `lr` in a straight line, as for a warm-up.', type),
    start_factor: withDefault(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'Factor of `lr` in the first epoch (`LinearLR` start_factor).',
        aliases: ['start', 'from'],
      }),
      1 / 3,
    ),
    end_factor: withDefault(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Factor of `lr` at the end (`LinearLR` end_factor).',
        aliases: ['end', 'to'],
      }),
      1,
    ),
    total_iters: withDefault(totalIters('LinearLR'), 5),
  },
  { form: 'type' },
);

const polynomialLR = Type.Object(
  {
    type: tag('PolynomialLR', 'Lowers `lr` to 0 along a power of the epochs that are left.', type),
    total_iters: withDefault(totalIters('PolynomialLR'), 5),
    power: withDefault(
      Type.Number({ minimum: 0, description: 'The power (`PolynomialLR` power); 1 is a straight line.' }),
      1,
    ),
  },
  { form: 'type' },
);

const warmRestarts = Type.Object(
  {
    type: tag('CosineAnnealingWarmRestarts', 'Lowers `lr` along half a cosine wave again and again.', type),
    T_0: count(1, {
      description: 'Number of epochs until the first restart (`CosineAnnealingWarmRestarts` T_0).',
      aliases: ['t0', 'period'],
    }),
    T_mult: withDefault(
      count(1, {
        description: 'Factor by which each period is longer than the last one (`CosineAnnealingWarmRestarts` T_mult).',
        aliases: ['tmult'],
      }),
      1,
    ),
    eta_min: withDefault(
      Type.Number({
        minimum: 0,
        description: 'The lowest rate (`CosineAnnealingWarmRestarts` eta_min).',
        aliases: ['min_lr', 'lr_min', 'minimum'],
      }),
      0,
    ),
  },
  { form: 'type' },
);

/** The schedulers; another one is another object in this list. */
export const schedulerSchema = Type.Union(
  [
    stepLR,
    multiStepLR,
    exponentialLR,
    constantLR,
    linearLR,
    polynomialLR,
    cosineAnnealingLR,
    warmRestarts,
    reduceLROnPlateau,
    oneCycleLR,
    cyclicLR,
  ],
  {
    description:
      'How the learning rate changes at the end of each epoch, or with each batch (`torch.optim.lr_scheduler`). If omitted, it stays the same.',
    aliases: ['lr_scheduler', 'lr_schedule', 'schedule', 'sched'],
  },
);

/** `scheduler` with defaults filled in. */
export type SchedulerConfig = Static<typeof schedulerSchema>;
