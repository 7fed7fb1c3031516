import { Type, type Static } from '@sinclair/typebox';
import { count, withDefault, words } from './schemaKit';

const listSchema = Type.Array(Type.Unknown(), {
  minItems: 1,
  description: 'The values that the key takes, one after the other.',
});

const rangeSchema = Type.Object(
  {
    from: Type.Number({ description: 'First value.', aliases: ['start', 'min', 'low'] }),
    to: Type.Number({ description: 'Last value, included.', aliases: ['stop', 'end', 'max', 'high'] }),
    steps: Type.Optional(
      count(1, {
        description: 'Number of values (`num` of `np.linspace`). Only a random sweep does without.',
        aliases: ['num', 'n', 'points'],
      }),
    ),
    scale: withDefault(
      words(
        {
          linear: 'Evenly spaced, as `np.linspace` does.',
          log: 'Each value is the one before times the same factor, as `np.geomspace` does. For learning rates.',
        },
        { description: 'How values between the two are spaced.', aliases: ['spacing', 'distribution'] },
      ),
      'linear',
    ),
  },
  { form: 'from', description: 'Values from one number to another.' },
);

const countSchema = Type.Object(
  {
    // A random sweep draws from all of them.
    count: count(1, {
      maximum: 1_000_000,
      description: 'Number of whole numbers, counted from the one that the config gives for the key, otherwise from 0.',
    }),
  },
  { form: 'count', description: 'Whole numbers one after the other, for instance seeds or folds.' },
);

const valuesSchema = Type.Union([listSchema, rangeSchema, countSchema], {
  description: 'A list of values, numbers from one to another, or a count of whole numbers.',
});

/** The values that one key of a sweep takes. */
export type SweepValues = unknown[] | Static<typeof rangeSchema> | Static<typeof countSchema>;
/** How the values of several keys are put together. */
export type SweepMode = Static<typeof sweepModeSchema>;

/** The most members that a sweep may have. */
export const mostMembers = 10_000;

/** Values by the key's path, as in `optimizer.lr`. */
export const sweepSchema = Type.Unsafe<Record<string, SweepValues>>({
  type: 'object',
  entries: valuesSchema,
  areEntriesPaths: true,
  description:
    'Many runs of one config: values by the key’s path, for instance `"optimizer.lr": [0.01, 0.1]` or ' +
    '`"seed": { "count": 32 }`. Each combination is a member of the sweep, and each member is the config with its values ' +
    'set. Only a sweep looks at it.',
  aliases: ['grid', 'grid_search', 'param_grid', 'hyperparameters', 'search'],
});

export const sweepModeSchema = Type.Union(
  [
    words(
      {
        grid: 'Every value of a key with every value of the others (`ParameterGrid`).',
        zip: 'The first values of all keys, then the second ones; all lists are equally long.',
      },
      { description: 'A rule by its name.' },
    ),
    Type.Object(
      {
        random: count(1, {
          description: 'Number of members that are drawn: from the grid without repetition, otherwise from the ranges.',
          aliases: ['n_iter', 'samples'],
        }),
        seed: withDefault(Type.Integer({ minimum: 0, description: 'Seed of these draws alone.' }), 0),
      },
      { description: 'Draw members at random (`ParameterSampler`).' },
    ),
  ],
  {
    description: 'How the values of several keys are put together. If omitted, `"grid"`.',
    aliases: ['mode', 'search_mode'],
  },
);
