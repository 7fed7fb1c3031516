import type { LossName } from '../nn/losses';
import type { PenaltyOptions } from '../nn/penalty';
import type { Forecast, SlowestDirection } from './forecast';

/**
 * What the data say about a run before its first step. Plain data that can be posted to another thread. A column is an
 * input by its number, or the bias by the number of inputs.
 */
export interface CurvatureReport {
  loss: LossName;
  /** Training rows. */
  rows: number;
  inputs: number;
  inputNames: string[];
  outputs: number;
  hasBias: boolean;
  /** The rate that the config gives. */
  lr: number;
  /** Where the scheduler raises the rate: the largest one, and the first epoch that has it. */
  peak?: { lr: number; epoch: number };
  /** Where there is some. */
  weightDecay?: number;
  /** Where there is one: part of the loss, of its minimum and of the limit. */
  penalty?: PenaltyOptions;
  stepsPerEpoch: number;
  /** Absent for a loss without curvature. */
  hessian?: Hessian;
  limit: RateLimit;
  /** SGD only. */
  slowest?: SlowestDirection;
  /** SGD with mse_loss only. */
  forecast?: Forecast;
  /** Of optimizers that divide steps by the size of gradients. */
  adaptive?: AdaptiveReach;
  optimum?: OptimumReport;
  /** Why there is no optimum, where one was asked for. */
  noOptimum?: string;
  /** With mse_loss: the loss of predicting each target's mean, by which R² is measured. */
  variance?: number;
  /** With mse_loss: the largest target, signs aside. */
  largestTarget?: number;
  /** With a loss of numbers and one target: its values in its own units, where it has two and each of them several times. */
  levels?: [number, number];
  /** With a loss of classes or probabilities, and a bias: the loss of predicting the same shares for all rows. */
  sameForAll?: number;
  /** Where the inputs are not scaled: the same run with inputs scaled to mean 0 and deviation 1. */
  scaled?: { limit: RateLimit; condition?: number };
}

/**
 * The Hessian of the loss over all training rows, bias included, by its eigenvalues. With several outputs each of them has
 * these same eigenvalues; they are counted once.
 */
export interface Hessian {
  /** False: of a loss that bends differently everywhere, the most that it can be. */
  isExact: boolean;
  /** `iterative`: the extreme eigenvalues by Lanczos iteration; the smallest one may be smaller still. */
  method: 'all' | 'iterative';
  lambdaMax: number;
  /** The smallest that is not zero. */
  lambdaMin: number;
  condition: number;
  /** Eigenvalues that are not zero; absent where they were not all looked for. */
  rank?: number;
  /** Those that are not zero, the largest first. */
  eigenvalues?: Float64Array;
  /** Eigenvector of the largest eigenvalue, of length 1: a number for each input, then the bias's. */
  steepest: Float64Array;
  /** Eigenvector of the smallest one that is not zero. */
  flattest: Float64Array;
  /** The column with the largest share in `steepest`. */
  steepestColumn: number;
  /** Input columns that are a combination of earlier ones or constant; absent where it was not looked into. */
  dependent?: number[];
}

/** The largest stable rate. */
export interface RateLimit {
  /** Absent where curvature sets no limit; `reason` says why. */
  rate?: number;
  reason?: string;
  /** Without a limit: the rate above which weight decay alone makes parameters grow. */
  decayLimit?: number;
  /**
   * `exact`: of the steepest batch that can occur, above this it grows. `safe`: below this no batch grows; a larger rate may
   * still do. `estimate`: found by trial, for momentum carries from batch to batch, or of a loss that bends differently
   * everywhere.
   */
  accuracy: 'exact' | 'safe' | 'estimate';
  /** Found by trial: see `triedLimit`. */
  isTried?: boolean;
  /** Where the steepest batch is only known between bounds: a rate at which a batch that can occur does grow. */
  surelyUnstable?: number;
  /** For batches of all rows. */
  fullBatch?: number;
  /** Rows of the steepest kind of batch. */
  batchRows: number;
  /** These are the rows that are left over for the last batch. */
  isLast?: boolean;
  /** The dataset's row with the largest inputs, which is the steepest by itself. */
  worstRow: number;
  /** Where it was worked out from some of the training rows: the steepest row is then one of these. */
  sample?: RateSample;
}

/** What a limit was worked out from. */
export interface RateSample {
  /** So many of the training rows. */
  rows: number;
  of: number;
  /** The limit of all rows is at most this times that of the sample. */
  most: number;
}

/** How far parameters go with an optimizer that makes all its steps about as long. */
export interface AdaptiveReach {
  /** The most that a parameter goes in all steps, unless its gradients grow. */
  travel: number;
  steps: number;
  /** How far the parameter with the longest way has to go, from the start to the nearest minimum. */
  distance: number;
  /** That parameter: an input's number, or the number of inputs for the bias. */
  parameter: number;
  /** At least this share of what the start has above the smallest loss is left at the end; below 0 where all may be gone. */
  left: number;
}

/** The smallest possible training loss and where it is. */
export interface OptimumReport {
  loss: number;
  /** False: parameters that grow for ever come as near to the loss as one likes, and none reaches it. */
  isAttained: boolean;
  /** With a penalty: how much of the loss it is, and the smallest loss without it, where that is known. */
  penalty?: { share: number; without?: number };
  /** `outputs × inputs`, as trained. Where columns are dependent, the smallest in norm, bias counted in. */
  weight?: number[][];
  bias?: number[];
  /**
   * Where weight decay that is in the gradient moves the minimum: the training loss there, its R² and, where they are known,
   * the parameters as above.
   */
  decayed?: Pick<OptimumReport, 'weight' | 'bias' | 'original' | 'r2'> & { loss: number };
  /** In the columns' own units, where something was scaled. */
  original?: { weight: number[][]; bias: number[] };
  /** With mse_loss: the share of the targets' variance that a linear model can explain, there. */
  r2?: number;
}

/** The share of the variance that a loss of mse_loss leaves explained: 1 at loss 0, 0 at that of the mean. */
export function r2Of(loss: number, variance: number): number {
  return 1 - loss / variance;
}
