import { Type, type Static } from '@sinclair/typebox';
import { count, matrix, section, tag, withDefault, words } from './keys/schemaKit';
import { fileNotation } from './fileNotation';
import { dataSeed, generate, maxGenerated, patterns, scaling, withoutFile } from './keys/generatedSchema';

function arange(description: string, aliases: string[]) {
  return Type.Object(
    {
      start: withDefault(Type.Number({ description: 'First value (`np.arange` start).', aliases: ['from'] }), 0),
      stop: Type.Number({
        description: 'End of the values, not included (`np.arange` stop).',
        aliases: ['to', 'end'],
      }),
      step: withDefault(
        Type.Number({
          description: 'Difference between consecutive values; not 0 (`np.arange` step).',
          aliases: ['by'],
        }),
        1,
      ),
      shape: Type.Array(count(1, { description: 'Size along one side.', maximum: maxGenerated }), {
        description:
          'Rows and columns that the values fill, row by row (`reshape`). They must hold exactly all values.',
        aliases: ['reshape', 'size'],
        minItems: 2,
        maxItems: 2,
      }),
    },
    { description, aliases },
  );
}

const arangeDataset = Type.Object(
  {
    generate: tag('arange', 'Evenly spaced numbers, `np.arange(start, stop, step).reshape(shape)`.', generate),
    inputs: arange('The inputs of the model: one row per example.', ['input', 'x', 'X', 'features']),
    targets: arange('The values to predict: as many rows as the inputs.', ['target', 'y', 'Y', 'labels', 'label']),
    ...scaling,
  },
  { form: 'generate', followed: withoutFile },
);

const linearDataset = Type.Object(
  {
    generate: tag('linear', 'Random inputs; the targets follow a linear rule, with optional noise.', generate),
    samples: count(1, {
      description: 'Number of rows to draw.',
      aliases: ['n_samples', 'rows', 'n'],
      maximum: maxGenerated,
    }),
    features: count(1, {
      description: 'Number of input columns to draw (`in_features` of `nn.Linear`).',
      aliases: ['n_features', 'in_features', 'inputs', 'columns'],
      maximum: maxGenerated,
    }),
    noise: withDefault(
      Type.Number({
        minimum: 0,
        description: 'Standard deviation of the normal noise added to every target. With 0 the rule holds exactly.',
        aliases: ['std', 'sigma'],
      }),
      0,
    ),
    weight: Type.Optional(
      Type.Union([Type.Array(Type.Number(), { minItems: 1 }), matrix({})], {
        description:
          'Weights of the rule to recover: one number per feature, or one such list per target. If omitted, they are drawn.',
        aliases: ['weights', 'coef', 'coefficients', 'w'],
      }),
    ),
    bias: Type.Optional(
      Type.Union([Type.Number(), Type.Array(Type.Number(), { minItems: 1 })], {
        description: 'Constant of the rule: one number, or one per target. If omitted, it is drawn.',
        aliases: ['intercept', 'b'],
      }),
    ),
    seed: dataSeed,
    ...scaling,
  },
  { form: 'generate', followed: withoutFile },
);

const columnNames = (description: string, aliases: string[]) =>
  Type.Optional(
    Type.Array(Type.String({ description: 'Name of a column, as in the file’s first row.' }), {
      description,
      aliases,
      minItems: 1,
      uniqueItems: true,
    }),
  );

const fileDataset = Type.Object(
  {
    file: Type.String({
      minLength: 1,
      description:
        'A csv, Excel, json, NumPy or parquet file, or one as `.gz` or alone in a `.zip`. The path starts at this config’s own folder.',
      aliases: ['path', 'csv', 'filename', 'data', 'tsv', 'url', 'json', 'npy', 'npz', 'parquet', 'xlsx'],
    }),
    inputs: columnNames(
      'Columns that the model sees. If omitted, every numeric column except targets, row IDs and ' + 'constants.',
      ['input', 'x', 'X', 'features', 'columns'],
    ),
    targets: columnNames(
      'Columns to predict. If omitted, the last numeric column. `cross_entropy` takes one column, of numbers or names.',
      ['target', 'y', 'Y', 'labels', 'label', 'output', 'outputs'],
    ),
    missing: withDefault(
      words(
        {
          error: 'Report where they are, and do not train.',
          drop: 'Drop every row that has one (pandas: `dropna`).',
          mean: 'Take the mean of the column’s other values (pandas: `fillna(mean)`). In columns of `one_hot`: 0 in each of their inputs.',
          category:
            'In columns of `one_hot`, make empty cells a category of their own (pandas: `get_dummies(dummy_na=True)`); elsewhere as `error`.',
        },
        { description: 'What to do with empty cells.', aliases: ['na', 'missing_values', 'nan', 'on_missing'] },
      ),
      'error',
    ),
    one_hot: columnNames(
      'Columns of names or of few numbers to use as inputs: each becomes one input per value, `column=value`, ' +
        'which is 1 in rows with that value and 0 otherwise (pandas: `get_dummies`). They come where `inputs` names them, otherwise last.',
      ['onehot', 'get_dummies', 'dummies', 'categorical', 'categories', 'category'],
    ),
    validation_file: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'A second file with the same columns, whose rows are the validation set; no row of `file` is held out. It is read as `file` is. Columns go together by their names; scaling, means, categories and classes are those of the training rows.',
        aliases: ['val_file', 'valid_file', 'validation', 'validation_data', 'val', 'eval_file', 'test_file', 'test'],
      }),
    ),
    sample_weight: Type.Optional(
      Type.String({
        description:
          'Column of what each row counts: its loss is multiplied by it, and the mean is divided by the sum of these numbers in the batch (scikit-learn: `sample_weight`). It is no input. If omitted, all rows count the same.',
        aliases: ['sample_weights', 'weights', 'weight', 'row_weight', 'weight_column'],
      }),
    ),
    parse_dates: columnNames(
      'Columns of dates to use as numbers: days since `date_origin`, the time of day as a fraction ' +
        '(pandas: `parse_dates`, then `(date - origin) / Timedelta("1D")`).',
      ['dates', 'date_columns', 'datetime'],
    ),
    date_origin: Type.Optional(
      Type.String({
        description:
          'The day that is 0 in columns of `parse_dates`, as in `"2023-01-31"` (pandas: `origin` of `to_datetime`). If omitted, 1970-01-01.',
        aliases: ['origin', 'since', 'epoch'],
      }),
    ),
    dayfirst: Type.Optional(
      Type.Boolean({
        description:
          'Whether 3/4/2023 is the third of April (pandas: `dayfirst`). Dates with points have the day first in any case. If omitted, it is not.',
        aliases: ['day_first'],
      }),
    ),
    ...fileNotation,
    ...scaling,
  },
  { form: 'file' },
);

const valuesDataset = Type.Object(
  {
    values: Type.Object(
      {
        inputs: matrix({ description: 'One list of numbers for each row.', aliases: ['input', 'x', 'X'] }),
        targets: matrix({ description: 'One list of numbers for each row.', aliases: ['target', 'y', 'Y'] }),
      },
      { description: 'The data itself, for a few rows: `torch.tensor([[…]])`.', aliases: ['data', 'tensor'] },
    ),
    ...scaling,
  },
  { form: 'values', followed: withoutFile },
);

/** The forms of `dataset`; the key that `form` names identifies each. */
export const datasetSchema = Type.Union(
  [
    arangeDataset,
    linearDataset,
    patterns.xor,
    patterns.circles,
    patterns.spirals,
    patterns.moons,
    patterns.curve,
    fileDataset,
    valuesDataset,
  ],
  {
    description: 'Where the rows come from: exactly one of `generate`, `file` or `values`.',
    aliases: ['data', 'datasets', 'data_set', 'source'],
  },
);

/** How batches are made of rows, as `torch.utils.data.DataLoader` takes it. */
export const loaderSchema = section(
  {
    batch_size: withDefault(
      count(1, {
        description: 'Number of rows per optimizer step (`DataLoader` batch_size).',
        aliases: ['batch', 'minibatch', 'bs'],
      }),
      1,
    ),
    shuffle: withDefault(
      Type.Boolean({
        description: 'Take the rows in a new random order in every epoch (`DataLoader` shuffle).',
        aliases: ['random'],
      }),
      true,
    ),
    drop_last: withDefault(
      Type.Boolean({ description: 'Drop the last batch if it is not full (`DataLoader` drop_last).' }),
      false,
    ),
  },
  {
    description: 'How an epoch is cut into batches (`torch.utils.data.DataLoader`).',
    aliases: ['dataloader', 'data_loader', 'batches'],
  },
);

/** `dataset` with defaults filled in. */
export type DatasetConfig = Static<typeof datasetSchema>;
/** `generate: "arange"`. */
export type ArangeConfig = Static<typeof arangeDataset>;
/** `generate: "linear"`. */
export type LinearConfig = Static<typeof linearDataset>;
/** `generate` with one of the patterns. */
export type PatternConfig = Static<(typeof patterns)[keyof typeof patterns]>;
/** Rows from a file. */
export type FileConfig = Static<typeof fileDataset>;
/** Rows in the config itself. */
export type ValuesConfig = Static<typeof valuesDataset>;

/** Whether a dataset brings its validation set along, in a file of its own. */
export function hasValidationFile(dataset: DatasetConfig | undefined): boolean {
  return dataset !== undefined && 'validation_file' in dataset && dataset.validation_file !== undefined;
}

/** How many targets a linear dataset has: as many as `weight` or `bias` has entries, otherwise one. */
export function linearTargets({ weight, bias }: LinearConfig): number {
  if (weight && Array.isArray(weight[0])) return weight.length;
  return Array.isArray(bias) ? bias.length : 1;
}
