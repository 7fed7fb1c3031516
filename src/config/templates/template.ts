import type { DatasetConfig, LossName } from '../schema';

type ScaleRule = DatasetConfig['scale'];

/** What a new config for a dataset file says. */
export interface DatasetTemplate {
  /** Path of the file, seen from the config's folder, with `/`. */
  file: string;
  inputs: string[];
  /** Those of the inputs that hold texts and are taken as one input for each of their values; none where left out. */
  oneHot?: string[];
  targets: string[];
  /** Those of the inputs that hold dates, the day that is 0, and whether days stand before months. */
  dates?: { columns: readonly string[]; since: string; dayFirst: boolean };
  /** Lines above the table, how many or which from 0; where left out, they are detected. */
  skipRows?: number | readonly number[];
  /** `mse_loss` where left out. */
  loss?: Extract<LossName, 'mse_loss' | 'cross_entropy'>;
  lr: number;
  /** 1 where left out, as in DataLoader. */
  batchSize?: number;
  /** 100 where left out. */
  epochs?: number;
  missing?: 'error' | 'drop' | 'mean';
  /** How inputs are scaled; not at all if omitted. */
  scale?: ScaleRule;
  /** The same for targets. */
  scaleTargets?: ScaleRule;
  /** Training and validation share; all rows train where left out. */
  split?: [number, number];
  /** 0 where left out. */
  seed?: number;
  /** 10 where left out. */
  logEvery?: number;
}

/** What a new config for made-up data says. */
export interface GeneratedTemplate extends Partial<
  Omit<
    DatasetTemplate,
    'file' | 'inputs' | 'oneHot' | 'targets' | 'dates' | 'skipRows' | 'loss' | 'missing' | 'scale' | 'scaleTargets'
  >
> {
  /** Rows; 200 where left out. */
  samples?: number;
  /** Input columns; 2 where left out. */
  features?: number;
  /** Standard deviation of the targets' noise; 0.1 where left out. */
  noise?: number;
  /** Seed of the data; 0 where left out. */
  dataSeed?: number;
}

/** The tutorial as a config: ten rows, six inputs, one target, 2000 epochs. */
export function tutorialConfig(): string {
  return `// The tutorial: a linear model learns ten rows. Run it, then change a number and run it again.
{
  // Seed of all random draws (torch.manual_seed). The same seed gives the same run, number for number.
  "seed": 0,

  // The data. "arange" counts from start up to, not including, stop and fills the rows one after the other:
  // np.arange(58, 387, 5.5, dtype=float32).reshape(10, 6)
  "dataset": {
    "generate": "arange",
    "inputs": { "start": 58, "stop": 387, "step": 5.5, "shape": [10, 6] },
    "targets": { "start": 6000, "stop": 9000, "step": 320.7, "shape": [10, 1] }
  },

  // Hold two rows out of training, to see how the model does on rows that it has not seen (random_split):
  // "split": [8, 2],

  // How rows are handed to the model (DataLoader): one at a time, in a new random order in every epoch.
  "loader": { "batch_size": 1, "shuffle": true },

  // nn.Linear(6, 1): six weights and a bias. The sizes follow from the dataset.
  "model": { "type": "Linear" },

  // The loss to minimize: the mean squared error.
  "loss": "mse_loss",

  // Stochastic gradient descent. lr is the learning rate: try 1e-7 (slower) and 1e-5 (too large).
  "optimizer": { "type": "SGD", "lr": 1e-6 },

  // Number of passes over the rows, and how often to print the loss.
  "epochs": 2000,
  "log_every": 30
}
`;
}

/** A config that trains on a dataset file, each key with a comment. */
export function datasetConfig(template: DatasetTemplate): string {
  const { file, inputs, oneHot = [], targets, dates, skipRows, missing, scale, scaleTargets } = template;
  const choices = [
    choice('missing', missing, 'error', 'what to do about empty cells: "drop" their rows, take the "mean", or "error"'),
    choice('scale', scale, 'none', 'put inputs on a common scale, so that one lr suits all weights'),
    choice('scale_targets', scaleTargets, 'none', 'and targets, so that lr does not depend on their size'),
  ].filter((line) => line !== undefined);
  return `// Trains a linear model on ${file.replace(/\s+/g, ' ')}.
{
${head(template)}
  // The data. "inputs" are the columns that the model sees, "targets" the columns to predict.
  "dataset": {
    "file": ${JSON.stringify(file)},
${skipLines(skipRows)}    "inputs": ${list(inputs)},
${dateLines(dates)}${oneHotLines(oneHot)}    "targets": ${list(targets)}${withComments(choices)}
  },
${training(template, 1, template.lr)}`;
}

/** A config that makes up rows by a linear rule with noise and finds the rule again. */
export function generatedConfig(template: GeneratedTemplate = {}): string {
  const { samples = 200, features = 2, noise = 0.1, dataSeed = 0 } = template;
  return `// Generates data by a linear rule with noise, and recovers the rule from it.
{
${head(template)}
  // The data: random inputs; each target is a weighted sum of its inputs plus a bias plus noise.
  "dataset": {
    "generate": "linear",
    "samples": ${samples}, // rows
    "features": ${features}, // input columns
    "noise": ${noise}, // standard deviation of the noise
    "seed": ${dataSeed} // seed of the data alone
  },
${training(template, 16, template.lr ?? 0.01)}`;
}

/** A key with its purpose, unless its value is the default. */
function choice(key: string, word: string | undefined, byItself: string, comment: string) {
  return word === undefined || word === byItself ? undefined : { text: `"${key}": ${JSON.stringify(word)}`, comment };
}

function oneHotLines(names: string[]): string {
  if (names.length === 0) return '';
  return `    // Categories become 0/1 inputs, one per category: column=category.\n    "one_hot": ${list(names)},\n`;
}

function skipLines(skipRows: DatasetTemplate['skipRows']): string {
  if (skipRows === undefined) return '';
  const comment = typeof skipRows === 'number' ? 'lines above the table' : 'lines that are no rows, counted from 0';
  return `    "skiprows": ${JSON.stringify(skipRows)}, // ${comment}\n`;
}

function dateLines(dates: DatasetTemplate['dates']): string {
  if (!dates) return '';
  const { columns, since, dayFirst } = dates;
  const order = dayFirst ? `    "dayfirst": true, // the day stands before the month\n` : '';
  return `    // Dates become numbers: days since date_origin.
    "parse_dates": ${list([...columns])},
    "date_origin": ${JSON.stringify(since)},\n${order}`;
}

/** Keys that follow others, a line each. */
function withComments(lines: { text: string; comment: string }[]): string {
  const written = lines.map(({ text, comment }, i) => `\n    ${text}${i < lines.length - 1 ? ',' : ''} // ${comment}`);
  return lines.length > 0 ? `,${written.join('')}` : '';
}

function head({ seed = 0 }: { seed?: number }): string {
  return `  // Seed of all random draws (torch.manual_seed). The same seed gives the same run.
  "seed": ${seed},
`;
}

function training(template: Partial<DatasetTemplate>, batchSize: number, lr: number): string {
  const { split, loss = 'mse_loss', epochs = 100, logEvery = 10 } = template;
  const splitLine = split
    ? `
  // Training and validation rows (random_split): lengths, or fractions that add up to 1.
  "split": ${JSON.stringify(split).replace(',', ', ')},
`
    : '';
  return `${splitLine}
  // How rows are handed to the model (DataLoader).
  "loader": { "batch_size": ${template.batchSize ?? batchSize}, "shuffle": true },

  // nn.Linear, with as many weights as there are inputs, and a bias${loss === 'cross_entropy' ? ', for each class' : ''}.
  "model": { "type": "Linear" },

  // The loss to minimize: ${lossWords[loss]}.
  "loss": "${loss}",

  // Stochastic gradient descent. If the loss grows, lr (the learning rate) is too large; if it barely falls, too small.
  "optimizer": { "type": "SGD", "lr": ${lr} },

  // Number of passes over the rows, and how often to print the loss.
  "epochs": ${epochs},
  "log_every": ${logEvery}
}
`;
}

const lossWords = {
  mse_loss: 'the mean squared error',
  cross_entropy: 'how unlikely the model considers each row’s true class',
};

/** Names on one line if they fit, otherwise one per line. */
function list(names: string[]): string {
  const quoted = names.map((name) => JSON.stringify(name));
  const line = `[${quoted.join(', ')}]`;
  return line.length <= 100 ? line : `[\n      ${quoted.join(',\n      ')}\n    ]`;
}
