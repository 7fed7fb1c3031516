import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { losses, type LossName } from '../../engine/nn/losses';
import { tag, withDefault, words } from './schemaKit';

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

const type = {
  description: 'The loss to minimize (`torch.nn.functional` name).',
  aliases: ['name', 'function'],
};

const reduction = withDefault(
  words(
    {
      mean: 'Divide by how many numbers there are, so that a rate fits batches of any size.',
      sum: 'Add all up: a batch of twice as many rows makes steps twice as long.',
    },
    {
      description: 'What is made of the losses of a batch’s rows (`torch.nn.functional` reduction).',
      aliases: ['reduce'],
    },
  ),
  'mean',
);

function lossForm<N extends LossName, P extends Record<string, TSchema>>(name: N, options: P) {
  return Type.Object({ type: tag(name, losses[name].description, type), reduction, ...options }, { form: 'type' });
}

const forms = {
  mse_loss: lossForm('mse_loss', {}),
  l1_loss: lossForm('l1_loss', {}),
  smooth_l1_loss: lossForm('smooth_l1_loss', {
    beta: withDefault(
      Type.Number({
        minimum: 0,
        description: 'Size of the difference at which it changes from squared to absolute (`smooth_l1_loss` beta).',
        aliases: ['threshold', 'delta'],
      }),
      1,
    ),
  }),
  huber_loss: lossForm('huber_loss', {
    delta: withDefault(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'Size of the difference at which it changes from squared to absolute (`huber_loss` delta).',
        aliases: ['threshold', 'beta', 'epsilon'],
      }),
      1,
    ),
  }),
  binary_cross_entropy_with_logits: lossForm('binary_cross_entropy_with_logits', {
    pos_weight: withDefault(
      Type.Number({
        exclusiveMinimum: 0,
        description:
          'How many times a target of 1 counts (`binary_cross_entropy_with_logits` pos_weight). The zeros divided by the ones make both count alike.',
        aliases: ['positive_weight', 'scale_pos_weight', 'class_weight'],
      }),
      1,
    ),
  }),
  cross_entropy: lossForm('cross_entropy', {
    weight: Type.Optional(
      Type.Union(
        [
          words(
            {
              balanced:
                'As scikit-learn’s `class_weight="balanced"`: training rows / (classes × training rows of the class).',
            },
            { description: 'Weights that make all classes count alike.' },
          ),
          Type.Array(Type.Number({ exclusiveMinimum: 0, description: 'What one class counts.' }), { minItems: 2 }),
        ],
        {
          description:
            'What each class counts, in the order of the classes, which are sorted (`cross_entropy` weight), or `"balanced"`. If omitted, each row counts the same.',
          aliases: ['class_weight', 'class_weights', 'weights'],
        },
      ),
    ),
    label_smoothing: withDefault(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Share of each target that goes to all classes alike (`cross_entropy` label_smoothing).',
        aliases: ['smoothing', 'epsilon'],
      }),
      0,
    ),
  }),
} satisfies Record<LossName, TSchema>;

/** The losses: a name, or an object with the loss’s keyword arguments. */
export const lossSchema = withDefault(
  Type.Union(
    [
      words(
        Object.fromEntries(Object.values(losses).map(({ name, description }) => [name, description])) as Record<
          LossName,
          string
        >,
        { description: 'A loss with PyTorch’s defaults.', meant: meantLosses },
      ),
      forms.mse_loss,
      forms.l1_loss,
      forms.smooth_l1_loss,
      forms.huber_loss,
      forms.binary_cross_entropy_with_logits,
      forms.cross_entropy,
    ],
    {
      description:
        'The loss to minimize (`torch.nn.functional` name), or an object with its keyword arguments, as in `{ "type": "cross_entropy", "weight": "balanced" }`.',
      aliases: ['criterion', 'loss_fn', 'loss_function', 'objective'],
    },
  ),
  'mse_loss',
);

/** `loss`: a name, or an object with defaults filled in. */
export type LossConfig = Static<typeof lossSchema>;

/** The name of a config’s loss. */
export function lossName(loss: LossConfig): LossName {
  return typeof loss === 'string' ? loss : loss.type;
}

/** Its keyword arguments that are not PyTorch's defaults. */
export function givenOptions(loss: LossConfig): Partial<Record<string, number | string | number[]>> {
  if (typeof loss === 'string') return {};
  const { type: name, ...options } = loss;
  const properties: Record<string, TSchema> = forms[name].properties;
  return Object.fromEntries(Object.entries(options).filter(([key, value]) => properties[key].default !== value));
}
