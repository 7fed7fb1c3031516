/** What a view asks about the run on screen, and the answers. */
import type { LandscapeQuery, LossPlane } from '../engine/report/lossPlane';
import type { RunMetrics } from '../engine/report/metrics';
import type { Mistake } from '../engine/train/mistakes';
import type { Numbers } from '../engine/numbers';
import type { PenaltyOptions } from '../engine/nn/penalty';
import type { Clipping } from '../engine/optim/clipped';
import type { OptimizerChoice } from '../engine/optim/optimizers';
import type { EpochColumns } from './history';
import type { FileKind, FileQuestionKinds } from './fileQuestions';
import type { Divergence } from './protocol';

export type { FileQuestion } from './fileQuestions';

/** What to list of the predictions. */
export interface RowsQuery {
  offset: number;
  count: number;
  /** `row`: the dataset's order. `error`: by the largest absolute error of the row's targets. */
  sort: 'row' | 'error';
  descending: boolean;
  /** Also list the rows' batches, which takes a pass over the epoch's order. */
  batches?: boolean;
}

/**
 * Some rows of the dataset beside the model's predictions, all in the columns' own units; arrays are row-major over the
 * rows of this page. Where the target is a class, targets and predictions are numbers of classes; with
 * `binary_cross_entropy_with_logits` predictions are probabilities.
 */
export interface RowsPage {
  total: number;
  offset: number;
  /** Row numbers in the dataset, from 0. */
  rows: Uint32Array;
  inputs: Numbers;
  targets: Numbers;
  /** Predicted with the parameters before training. */
  before: Numbers;
  /** Predicted with the parameters that were asked about. */
  now: Numbers;
  /** 1 where the row is held out for validation. */
  validation: Uint8Array;
  /**
   * The batch that each row falls in during the epoch under way, or the last one between two epochs, from 0; -1 where it
   * falls in none: it is held out, or left out of the last batch, or no order is drawn yet. Empty where not asked for.
   */
  batch: Int32Array;
}

/** How much to list of an epoch's order. */
export interface OrderQuery {
  /** Most batches, those around the one under way. */
  batches: number;
  /** Most rows of each, its first. */
  rows: number;
}

/** An epoch's batches in the order that they are trained in. */
export interface BatchOrder {
  batchSize: number;
  shuffle: boolean;
  dropLast: boolean;
  /** The epoch under way, or the last one between two epochs; -1 before the first order is drawn. */
  epoch: number;
  /** Batches done of this epoch. */
  done: number;
  /** Batches in an epoch. */
  total: number;
  /** Training rows that fall in no batch. */
  leftOut: number;
  /** Number of the first batch listed. */
  first: number;
  /** Rows in each batch listed. */
  sizes: Uint32Array;
  /** Row numbers in the dataset, from 0: the first `rowsEach` ones of each batch listed, one batch after the other. */
  rows: Uint32Array;
  rowsEach: number;
}

/** One column of the dataset. */
export interface ColumnReference {
  of: 'inputs' | 'targets';
  /** Among the inputs or the targets, from 0. */
  index: number;
}

/** The numbers of a column on some rows. */
export interface ColumnNumbers {
  /** How many fall in each bar. */
  counts: Float64Array;
  rows: number;
  /** These are NaN where there are no rows. */
  min: number;
  max: number;
  mean: number;
  /** Population standard deviation. */
  deviation: number;
  /** Quartiles interpolate between the two nearest values. */
  lowerQuartile: number;
  median: number;
  upperQuartile: number;
}

/** How the values of a column are spread, in the column's own units. */
export interface ColumnDistribution {
  /** Present where the bars are values: few different ones, or the numbers of the classes. */
  values?: Float64Array;
  /** Present where the bars are bins: one edge more than bars; a bin holds its lower edge, the last one both. */
  edges?: Float64Array;
  train: ColumnNumbers;
  validation: ColumnNumbers;
}

/** Which points to list of a scatter plot. */
export interface ScatterQuery {
  target: number;
  /** Most points. */
  points: number;
}

/** Rows taken evenly from the dataset, beside the model's predictions of one target, in the columns' own units. */
export interface ScatterPoints {
  /** Rows in the dataset. */
  total: number;
  /** Row numbers in the dataset, from 0, ascending. */
  rows: Uint32Array;
  actual: Numbers;
  predicted: Numbers;
  /** Present where there is one input. */
  input?: Numbers;
  /** 1 where the row is held out for validation. */
  validation: Uint8Array;
}

/** How often each class was taken for each. */
export interface Confusion {
  /** Numbers of the classes listed, ascending: all, or those that most often were taken for another or another for them. */
  classes: Uint32Array;
  /** Rows for validation and training together, `classes × classes`: a row an actual class, a column a predicted one. */
  counts: Float64Array;
  /** Rows in the dataset, and those predicted right, of all classes. */
  total: number;
  right: number;
  /** The same of the rows held out for validation. */
  validationTotal: number;
  validationRight: number;
}

export type { Mistake };

/** How many of the last batch's rows to go into, at most. */
export interface BatchQuery {
  rows: number;
}

/**
 * What the last batch did, in the numbers that it was trained on: inputs and targets are scaled. Arrays of rows have only
 * the batch's first rows, row-major.
 */
export interface BatchAccount {
  epoch: number;
  batch: number;
  /** Rows in the batch. */
  batchRows: number;
  /** Row numbers in the dataset, from 0, of the first rows. */
  rows: Uint32Array;
  inputs: Float32Array;
  /** As in the dataset: the number of the row's class where the target is a class. */
  targets: Float32Array;
  /** The model's outputs with the parameters before the step: logits where the loss takes logits. */
  outputs: Float32Array;
  /** An output each: output minus target; where outputs are logits, their probability minus that of the target. */
  errors: Float64Array;
  /** The derivative of each output's own loss by that output. */
  slopes: Float64Array;
  /** What each of the rows' losses is multiplied by; absent where all rows count the same. */
  weights?: Float32Array;
  /** Each output's own loss; with `cross_entropy` each row's. Weights are in them. */
  ownLosses: Float64Array;
  /** The loss of the whole batch, as it was trained, its penalty included. */
  loss: number;
  /** What the sum of all its own losses is divided by. */
  divisor: number;
  /** Parameters before the step and after it, and the gradients that it was made with. */
  before: Float32Array;
  after: Float32Array;
  gradients: Float32Array;
  /** What the loss was penalized with, how much it was, and the gradients before its own were added; absent without one. */
  penalty?: PenaltyOptions & { value: number; without: Float32Array };
  /** How gradients were clipped, and what they were before; absent where they are not. */
  clipping?: Clipping & { unclipped: Float32Array };
  /** What made the step, with the rate that it was made with. */
  optimizer: OptimizerChoice;
  /** Steps that the optimizer had taken after this one. */
  steps: number;
  /** What the optimizer kept after the step, by the names in PyTorch's `optimizer.state`. */
  buffers: Record<string, Float32Array>;
  /** What was not finite; then no step was made. Where it was the loss there are no gradients. */
  notFinite?: 'loss' | 'parameter';
}

/** Which mistake, and from which epoch on, counted from 0, to tell of it. */
export interface MistakeQuery {
  mistake: Mistake;
  first: number;
}

/** Losses of a run with a mistake in it, from one epoch on. */
export interface MistakeCurve {
  /** Number of the first epoch, counted from 0. */
  first: number;
  /** Mean over each epoch's batches as the run's own loss: measured without the mistake. */
  losses: Float64Array;
  /** No more will come: that were all epochs, or a number was not finite, or it took too long. */
  done: boolean;
  /** Where it came to a number that is not finite. */
  divergence?: Divergence;
  /** Training rows: those of the run, or some of them where there are too many. */
  rows: number;
  /** Whether the run's own config says the same. */
  already: boolean;
}

/** The largest eigenvalue of the Hessian of a net's training loss. */
export interface MeasuredSharpness {
  /**
   * Where the optimizer divides its steps, of the Hessian that is divided in the same way. NaN where the parameters are too
   * large for it.
   */
  value: number;
  /** Epochs that the model of the run's worker has been trained for, with the share of the one under way. */
  epochs: number;
  /** Training rows that it is measured over: all, or some of them where there are many. */
  rows: number;
  /** Milliseconds that this measurement took, and all of this run so far. */
  took: number;
  spent: number;
}

/** Epochs from `first` on, `count` of them or as many as there are. */
export interface EpochsQuery {
  first: number;
  /** At most `mostExactEpochs` where they are wanted exactly. */
  count: number;
  /** Each epoch or none; otherwise in as small buckets as can be had. */
  exact: boolean;
}

/** Each kind of question: what is asked, and what is answered. */
interface QuestionKinds {
  /** `at`: with the parameters after that many epochs instead of the present ones. */
  rows: { asked: { query: RowsQuery; at?: number }; answer: RowsPage };
  order: { asked: { query: OrderQuery }; answer: BatchOrder };
  column: { asked: { query: ColumnReference }; answer: ColumnDistribution };
  /** `at` as above. */
  scatter: { asked: { query: ScatterQuery; at?: number }; answer: ScatterPoints };
  /** Of at most `classes` classes; `at` as above. */
  confusion: { asked: { query: { classes: number }; at?: number }; answer: Confusion };
  /** How well the model predicts all rows; `at` as above. */
  metrics: { asked: { at?: number }; answer: RunMetrics };
  /** The loss in a plane through the space of the parameters. */
  landscape: { asked: { query: LandscapeQuery }; answer: LossPlane };
  /**
   * Of a net; `at` as above. Where the optimizer divides its steps, only as the run stands: what they were divided by earlier is
   * not kept.
   */
  sharpness: { asked: { at?: number }; answer: MeasuredSharpness };
  /** What the last batch did; null where none was trained since the run was opened here. */
  batch: { asked: { query: BatchQuery }; answer: BatchAccount | null };
  /** A curve comes in parts: ask again from where the last part ended until it is done. */
  mistake: { asked: { query: MistakeQuery }; answer: MistakeCurve };
  /** The numbers of epochs. The host answers. */
  epochs: { asked: { query: EpochsQuery }; answer: EpochColumns };
}

/** Epochs that are answered exactly at a time, at most. */
export const mostExactEpochs = 2 ** 16;

/** The kinds of questions that a view may ask. */
export type QuestionKind = keyof QuestionKinds;

type AnyQuestion = { [Kind in QuestionKind]: { kind: Kind } & QuestionKinds[Kind]['asked'] }[QuestionKind];

/** A question about the run on screen. */
export type Question<K extends QuestionKind = QuestionKind> = { kind: K } & Extract<AnyQuestion, { kind: K }>;

/** A question of a view that a run's worker answers. */
export type WorkerQuestion = Exclude<Question, { kind: 'epochs' }>;

/** What a question is answered with; where no kind is named, one of a view. */
export type Answer<K extends QuestionKind | FileKind = QuestionKind> = (QuestionKinds & FileQuestionKinds)[K]['answer'];

/** What any question is answered with. */
export type AnyAnswer = Answer<QuestionKind | FileKind>;
