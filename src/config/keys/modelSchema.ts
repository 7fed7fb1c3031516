import { Type, type Static, type TLiteral, type TObject, type TProperties, type TSchema } from '@sinclair/typebox';
import {
  activations,
  type ActivationName,
  type ActivationOptions,
  type NameWithOptions,
} from '../../engine/nn/activations';
import type { InitName } from '../../engine/nn/init';
import { count, matrix, tag, withDefault, words } from './schemaKit';

const type = {
  description: 'The model (`torch.nn` name). Its sizes follow from the dataset.',
  aliases: ['name', 'kind', 'class'],
};

const bias = withDefault(
  Type.Boolean({
    description: 'Learn a constant besides the weights (`nn.Linear` bias).',
    aliases: ['intercept', 'fit_intercept', 'use_bias'],
  }),
  true,
);

const initMeanings: Record<InitName, string> = {
  default: 'Random, as `nn.Linear` starts; the seed decides.',
  zeros: 'All weights and biases are 0.',
  xavier_uniform: '`torch.nn.init.xavier_uniform_`, biases 0.',
  xavier_normal: '`torch.nn.init.xavier_normal_`, biases 0.',
  kaiming_uniform: '`torch.nn.init.kaiming_uniform_` for the layer that follows, biases 0.',
  kaiming_normal: '`torch.nn.init.kaiming_normal_` for the layer that follows, biases 0.',
};

const initWords = words(initMeanings, {
  description: 'A named way to start (`torch.nn.init`).',
});

const initAliases = ['initialization', 'initial', 'initializer'];

const ownNumbers = Type.Object(
  {
    weight: matrix({
      description: 'One list for each target (each class with `cross_entropy`), with one number for each input.',
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
);

const linear = Type.Object(
  {
    type: withDefault(
      tag('Linear', '`nn.Linear(in_features, out_features)`: a weighted sum of the inputs plus a bias.', type),
      'Linear',
    ),
    bias,
    init: withDefault(
      Type.Union([initWords, ownNumbers], {
        description: 'Initial weight and bias: a named way to draw them, or your own numbers.',
        aliases: initAliases,
      }),
      'default',
    ),
  },
  { form: 'type' },
);

const layerType = { description: 'The layer (`torch.nn` name).', aliases: ['name', 'kind', 'layer'] };

const linearLayer = Type.Object(
  {
    type: tag(
      'Linear',
      'A weighted sum of what the layer before gives, plus a bias, for each of its units.',
      layerType,
    ),
    out_features: Type.Optional(
      count(1, {
        description:
          'Units of the layer (`nn.Linear` out_features). Of the last `Linear` it follows from the dataset and may be omitted.',
        maximum: 2 ** 14,
        aliases: ['units', 'size', 'width', 'neurons', 'hidden', 'out'],
      }),
    ),
    bias,
    init: Type.Optional(
      words(initMeanings, {
        description: 'How this layer starts; as `model.init` says where omitted.',
        aliases: initAliases,
      }),
    ),
  },
  { form: 'type', followed: { in_features: 'it follows from the layer before, or from the inputs' } },
);

/** Their options, of those that have some. */
const activationOptions = {
  LeakyReLU: {
    negative_slope: withDefault(
      Type.Number({ description: 'Slope below 0 (`nn.LeakyReLU` negative_slope).', aliases: ['slope', 'alpha'] }),
      0.01,
    ),
  },
  ELU: {
    alpha: withDefault(
      Type.Number({ description: 'What it approaches below 0, without its sign (`nn.ELU` alpha).' }),
      1,
    ),
  },
  GELU: {
    approximate: withDefault(
      words(
        { none: 'The exact function.', tanh: 'Approximated by tanh.' },
        { description: 'How it is computed (`nn.GELU` approximate).' },
      ),
      'none',
    ),
  },
  Softplus: {
    beta: withDefault(
      Type.Number({ exclusiveMinimum: 0, description: 'How sharply it bends (`nn.Softplus` beta).' }),
      1,
    ),
    threshold: withDefault(
      Type.Number({ description: 'It is x itself where `beta * x` is above this (`nn.Softplus` threshold).' }),
      20,
    ),
  },
} satisfies { [N in NameWithOptions]: Record<keyof ActivationOptions[N], TSchema> };

type ActivationForm = {
  [N in ActivationName]: typeof activationOptions extends Record<N, infer Options extends TProperties>
    ? TObject<{ type: TLiteral<N> } & Options>
    : TObject<{ type: TLiteral<N> }>;
}[ActivationName];

/** A form for each activation that the engine has. */
const activationForms = Object.entries(activations).map(([name, { description, formula }]) =>
  Type.Object(
    {
      type: tag(name, `${description} ${formula}`, layerType),
      ...(activationOptions as Record<string, Record<string, TSchema>>)[name],
    },
    { form: 'type' },
  ),
) as unknown as ActivationForm[];

const layer = Type.Union([linearLayer, ...activationForms], {
  description: 'A layer: its name, or an object with its options.',
  shorthand: true,
});

const sequential = Type.Object(
  {
    type: tag(
      'Sequential',
      '`nn.Sequential`: layers one after the other, which can learn what no weighted sum can.',
      type,
    ),
    layers: Type.Array(layer, {
      minItems: 1,
      maxItems: 64,
      description:
        'The layers in order: `{ "type": "Linear", "out_features": 16 }`, `"ReLU"`, …, `"Linear"`. `in_features` follows from the ' +
        'layer before, `out_features` of the last `Linear` from the dataset.',
      aliases: ['modules', 'layer'],
    }),
    init: withDefault(
      Type.Union(
        [
          initWords,
          Type.Unsafe<Record<string, number[] | number[][]>>({
            type: 'object',
            entries: Type.Union([matrix({}), Type.Array(Type.Number(), { minItems: 1 })]),
            description: 'Start from these numbers, by name as in `state_dict()`: `0.weight`, `0.bias`, `2.weight`, …',
          }),
        ],
        {
          description: 'How the layers start: a named way to draw them, or your own numbers by name.',
          aliases: initAliases,
        },
      ),
      'default',
    ),
  },
  { form: 'type' },
);

/** The models; another one is another form in this list. */
export const modelSchema = withDefault(
  Type.Union([linear, sequential], {
    description: 'The model to train: `torch.nn.Linear`, or layers (`torch.nn.Sequential`).',
    aliases: ['net', 'network', 'module'],
  }),
  { type: 'Linear', bias: true, init: 'default' },
);

/** `model` with defaults filled in. */
export type ModelConfig = Static<typeof modelSchema>;
/** `model` with `type: "Linear"`. */
export type LinearModelConfig = Static<typeof linear>;
/** `model` with `type: "Sequential"`. */
export type SequentialConfig = Static<typeof sequential>;
/** One of its layers. */
export type LayerConfig = Static<typeof layer>;
