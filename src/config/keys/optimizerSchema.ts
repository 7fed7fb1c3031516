import { Type, type Static, type TSchema } from '@sinclair/typebox';
import type { OptimizerName } from '../../engine/optim/optimizers';
import { lbfgs } from './lbfgsSchema';
import { adaptive, defaultRate, eps, l2, lr, momentum, type, weightDecay } from './optimizerKit';
import { tag, withDefault } from './schemaKit';

const sgd = Type.Object(
  {
    type: tag('SGD', 'Stochastic gradient descent: `parameter -= lr * gradient`.', type),
    lr,
    momentum: momentum(
      'How much of the last step goes into the next, like a ball that rolls on (`SGD` momentum). 0: none; 0.9 is usual.',
    ),
    dampening: withDefault(
      Type.Number({
        description: 'Share of the new gradient that momentum leaves out (`SGD` dampening).',
        aliases: ['damping'],
      }),
      0,
    ),
    weight_decay: l2,
    nesterov: withDefault(
      Type.Boolean({
        description: 'Use Nesterov momentum (`SGD` nesterov). Needs a `momentum` above 0 and a `dampening` of 0.',
      }),
      false,
    ),
  },
  { form: 'type' },
);

const amsgrad = withDefault(
  Type.Boolean({
    description: 'Divide by the largest average of the squares so far, so that steps never grow again (AMSGrad).',
    aliases: ['ams_grad'],
  }),
  false,
);

const adam = Type.Object(
  {
    type: tag('Adam', 'Steps of about the length `lr` for every weight, whatever the size of its gradient.', type),
    ...adaptive,
    weight_decay: l2,
    amsgrad,
  },
  { form: 'type' },
);

const adamW = Type.Object(
  {
    type: tag('AdamW', 'Adam with weight decay that is decoupled from the gradient.', type),
    ...adaptive,
    weight_decay: weightDecay(
      1e-2,
      'Every step takes this share, times `lr`, off each weight, which keeps weights small (`AdamW` weight_decay).',
    ),
    amsgrad,
  },
  { form: 'type' },
);

const rmsprop = Type.Object(
  {
    type: tag('RMSprop', 'Divides the gradient by the root of the average of its recent squares.', type),
    lr: defaultRate(1e-2),
    alpha: withDefault(
      Type.Number({
        minimum: 0,
        description:
          'Decay of the running average of the squares (`RMSprop` alpha). The closer to 1, the longer it remembers.',
        aliases: ['rho', 'smoothing'],
      }),
      0.99,
    ),
    eps: eps(1e-8),
    weight_decay: l2,
    momentum: momentum('How much of the last step goes into the next (`RMSprop` momentum). 0: none.'),
    centered: withDefault(
      Type.Boolean({
        description: 'Divide by an estimate of the gradient’s standard deviation (`RMSprop` centered).',
        aliases: ['centred'],
      }),
      false,
    ),
  },
  { form: 'type' },
);

const adagrad = Type.Object(
  {
    type: tag('Adagrad', 'Divides the gradient by the root of the sum of all its squares: steps get shorter.', type),
    lr: defaultRate(1e-2),
    lr_decay: withDefault(
      Type.Number({
        minimum: 0,
        description: 'Shrinks the rate at step t, counted from 0, to `lr / (1 + t * lr_decay)` (`Adagrad` lr_decay).',
        aliases: ['learning_rate_decay', 'rate_decay'],
      }),
      0,
    ),
    weight_decay: l2,
    eps: eps(1e-10),
  },
  { form: 'type' },
);

const adamax = Type.Object(
  {
    type: tag('Adamax', 'Adam that divides by the largest recent gradient instead of the root of the squares.', type),
    ...adaptive,
    lr: defaultRate(2e-3),
    weight_decay: l2,
  },
  { form: 'type' },
);

const nadam = Type.Object(
  {
    type: tag('NAdam', 'Adam with Nesterov momentum.', type),
    ...adaptive,
    lr: defaultRate(2e-3),
    weight_decay: l2,
    momentum_decay: withDefault(
      Type.Number({
        minimum: 0,
        description: 'How fast momentum comes up to `betas[0]` in the first steps (`NAdam` momentum_decay).',
      }),
      4e-3,
    ),
  },
  { form: 'type' },
);

const radam = Type.Object(
  {
    type: tag('RAdam', 'Adam whose first steps are shortened until the squares are known well enough.', type),
    ...adaptive,
    weight_decay: l2,
  },
  { form: 'type' },
);

const adadelta = Type.Object(
  {
    type: tag('Adadelta', 'Makes steps as long as the last ones were, divided by the size of gradients.', type),
    lr: withDefault(
      Type.Number({
        ...lr,
        description: 'Factor of the steps, which find their length by themselves (`Adadelta` lr).',
      }),
      1,
    ),
    rho: withDefault(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Decay of the running averages of the squares (`Adadelta` rho).',
        aliases: ['alpha', 'decay_rate'],
      }),
      0.9,
    ),
    eps: eps(1e-6),
    weight_decay: l2,
  },
  { form: 'type' },
);

const pair = (
  description: string,
  aliases: string[],
  value: [number, number],
  item: object = { exclusiveMinimum: 0 },
) =>
  withDefault(
    Type.Unsafe<[number, number]>(
      Type.Array(Type.Number({ description: 'A number.', ...item }), {
        minItems: 2,
        maxItems: 2,
        description,
        aliases,
      }),
    ),
    value,
  );

const rprop = Type.Object(
  {
    type: tag(
      'Rprop',
      'Steps that grow while the gradient keeps its sign and shrink where it turns; for full batches.',
      type,
    ),
    lr: withDefault(
      Type.Number({
        ...lr,
        description: 'Length of each weight’s first step (`Rprop` lr); a scheduler changes nothing.',
      }),
      1e-2,
    ),
    etas: pair(
      'What the length is multiplied by where the gradient has turned, and where it has not (`Rprop` etas): below 1, and above 1.',
      ['eta'],
      [0.5, 1.2],
    ),
    step_sizes: pair('The shortest and the longest step (`Rprop` step_sizes).', ['step_size'], [1e-6, 50]),
  },
  { form: 'type' },
);

/** A form for each optimizer that the engine has. */
const forms = {
  SGD: sgd,
  Adam: adam,
  AdamW: adamW,
  RMSprop: rmsprop,
  Adagrad: adagrad,
  Adamax: adamax,
  NAdam: nadam,
  RAdam: radam,
  Adadelta: adadelta,
  Rprop: rprop,
  LBFGS: lbfgs,
} satisfies Record<OptimizerName, TSchema>;

/** The optimizers; another one is another form in this list. */
export const optimizerSchema = Type.Union(
  [
    forms.SGD,
    forms.Adam,
    forms.AdamW,
    forms.RMSprop,
    forms.Adagrad,
    forms.Adamax,
    forms.NAdam,
    forms.RAdam,
    forms.Adadelta,
    forms.Rprop,
    forms.LBFGS,
  ],
  {
    description: 'What updates the weights after each batch (`torch.optim`).',
    aliases: ['optim', 'optimiser', 'opt'],
  },
);

/** `optimizer` with defaults filled in. */
export type OptimizerConfig = Static<typeof optimizerSchema>;
/** `optimizer` with `type: "SGD"`. */
export type SGDConfig = Static<typeof sgd>;
