import type { LossName } from '../nn/losses';
import type { OptimizerChoice } from '../optim/optimizers';

/** What a run's rows say about it whatever its rate is. Plain data that can be posted to another thread. */
export interface DataReport {
  /** Training rows. */
  rows: number;
  /** Training rows that were looked at where all of them would take too long. */
  sampled: number;
  inputNames: string[];
  /** Of a file: the column of each input, null where the input is made of a column's words or is a product of inputs. */
  fileColumns?: (string | null)[];
  /** The loss of the best prediction that is the same for every row; absent where the loss has no such simple one. */
  baseline?: number;
  target?: TargetFacts;
  /** An input that gives the target by itself, while all others together do not. */
  leak?: Leak;
  /** Rows of the validation set that are in the training set too. */
  repeated?: RepeatedRows;
  /** Share of the targets' variance that lies between tenths of the training rows in their order; 1 where rows are sorted. */
  sorted?: number;
  explained?: Explained;
  /** Of a net: its units and gradients before the first step. */
  start?: NetSigns;
  plan: RunPlan;
}

/** What a config plans, as far as a verdict needs to know. */
export interface RunPlan {
  loss: LossName;
  optimizer: OptimizerChoice;
  /** `torch.optim.lr_scheduler` name. */
  scheduler?: { type: string };
  epochs: number;
  batchSize: number;
  shuffle: boolean;
  /** Where rows come from; columns of generated ones cannot be left out. */
  source: 'file' | 'values' | 'generate';
  /** Whether the validation set is a file of its own. */
  hasValidationFile?: true;
  isScaled: boolean;
  hasScaledTargets: boolean;
  /** Products of inputs are inputs too. */
  hasProducts?: true;
  /** Columns of words that became inputs of 0 and 1. */
  oneHot: string[];
  /** Of a net: its layers, as the config writes them. */
  layers?: unknown[];
  /** The type of the last of them. */
  lastLayer?: string;
}

/** The values of a single target column, or of the classes. */
export interface TargetFacts {
  name: string;
  /** Different values, counted up to a few more than are called few. */
  distinct: number;
  isWhole: boolean;
  smallest: number;
  largest: number;
  /** The smallest and the largest as they are trained, scaled or not; of numbers. */
  trained?: [number, number];
  /** With classes: rows of each. */
  counts?: number[];
}

/** An input that gives the target by itself. */
export interface Leak {
  column: number;
  /** R² of that column alone, and of all others together. */
  alone: number;
  others: number;
}

/** Rows of the validation set that are in the training set too. */
export interface RepeatedRows {
  rows: number;
  validationRows: number;
}

/** The share of the targets' variance that models of different kinds explain, adjusted for their parameters. Of classes: of their indicators. */
export interface Explained {
  /** Absent where there are no more rows than parameters: these explain anything. */
  linear?: number;
  /** With squares and products of the inputs. Absent where there are too many inputs or too few rows. */
  squares?: number;
  /** By the mean of the nearest rows, each row left out of its own. Absent where there are too few rows. */
  neighbours?: number;
}

/** What a net's units and gradients show over some training rows. */
export interface NetSigns {
  /** Hidden units with an activation that can be 0 for all rows, and how many are. */
  rectified: number;
  dead: number;
  /** Hidden units of Tanh or Sigmoid, and those at their ends for nearly all rows. */
  bounded: number;
  saturated: number;
  /** Root mean square of the gradient of the first and the last layer's weights. */
  firstGradient: number;
  lastGradient: number;
  /** Linear layers. */
  depth: number;
}

/** What a run shows where it rests. */
export interface RunSigns {
  /** The fewest training rows that carry more than half of the squared errors, and how the least of these compares with the median error. */
  outliers?: { rows: number; of: number; ratio: number };
  net?: NetSigns;
}
