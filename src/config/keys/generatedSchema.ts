import { Type } from '@sinclair/typebox';
import type { PatternName } from '../../engine/data/patterns';
import { polynomialSchema } from './polynomialSchema';
import { count, tag, withDefault, words } from './schemaKit';

/** The most numbers in a generated table: 1 GB of float32. */
export const maxGenerated = 2 ** 28;

/** The key that chooses how data are made. */
export const generate = {
  description:
    'Generate the data instead of reading a file: `"arange"` counts, as in the tutorial; `"linear"` draws random rows that a weighted sum fits, the others rows that need layers.',
  aliases: ['generator', 'synthetic'],
};

const scaleWords = {
  none: 'As they are.',
  standard: 'Subtract the column’s mean and divide by its standard deviation, as `StandardScaler` does.',
  minmax: 'From 0 at the column’s lowest number to 1 at its highest, as `MinMaxScaler` does.',
};

/** Keys that only rows of a file have, and why. */
export const withoutFile = {
  validation_file: 'only rows of a file have one, and split holds out rows of any dataset',
};

/** Keys that every form of `dataset` has. */
export const scaling = {
  polynomial: Type.Optional(polynomialSchema),
  scale: withDefault(
    words(scaleWords, {
      description:
        'Put every input column on a common scale, so that one learning rate suits all weights. Fitted on the training rows only.',
      aliases: ['scaler', 'scaling', 'normalize', 'normalise', 'standardize', 'standardise', 'scale_inputs'],
    }),
    'none',
  ),
  scale_targets: withDefault(
    words(scaleWords, {
      description:
        'Put every target column on a common scale while training; predictions are shown in the column’s original units. ' +
        'Fitted on the training rows only. Not available with the two cross entropies.',
      aliases: ['target_scale', 'scale_target', 'normalize_targets', 'standardize_targets', 'scale_y'],
    }),
    'none',
  ),
};

/** Seed of made-up data. */
export const dataSeed = withDefault(
  Type.Integer({
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Seed of the data only, so that the initial weights do not depend on it.',
    aliases: ['random_state', 'manual_seed'],
  }),
  0,
);

/** Made-up rows that no weighted sum fits, each with what is random about them. */
function pattern<N extends PatternName>(name: N) {
  return Type.Object(
    {
      generate: tag(name, patternMeanings[name], generate),
      samples: withDefault(
        count(1, { description: 'Number of rows to draw.', aliases: ['n_samples', 'rows', 'n'], maximum: 1_000_000 }),
        200,
      ),
      noise: withDefault(
        Type.Number({
          minimum: 0,
          description:
            name === 'curve'
              ? 'Standard deviation of the normal noise added to every target.'
              : 'Standard deviation of the normal noise added to every input, which blurs the border between the classes.',
          aliases: ['std', 'sigma'],
        }),
        0,
      ),
      seed: dataSeed,
      ...scaling,
    },
    { form: 'generate', followed: withoutFile },
  );
}

const patternMeanings: Record<PatternName, string> = {
  xor: 'Two inputs; the class is 1 where exactly one of them is above 0.',
  circles: 'Two inputs; a ring around another one, as scikit-learn’s `make_circles`.',
  spirals: 'Two inputs; two spirals that wind around each other.',
  moons: 'Two inputs; two half circles that reach into each other, as scikit-learn’s `make_moons`.',
  curve: 'One input; the target is a wave over it.',
};

/** A form of `dataset` for each pattern. */
export const patterns = {
  xor: pattern('xor'),
  circles: pattern('circles'),
  spirals: pattern('spirals'),
  moons: pattern('moons'),
  curve: pattern('curve'),
};
