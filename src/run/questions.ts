/** What a view asks about the run on screen, and what it is told. */
import type { LandscapeQuery, LossPlane } from './landscape/lossPlane';

/** What to list of the predictions. */
export interface RowsQuery {
  offset: number;
  count: number;
  /** `row`: the dataset's order. `error`: by the largest absolute error of the row's targets. */
  sort: 'row' | 'error';
  descending: boolean;
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
  inputs: Float32Array;
  targets: Float32Array;
  /** Predicted with the parameters before training. */
  before: Float32Array;
  /** Predicted with the parameters that were asked about. */
  now: Float32Array;
  /** 1 where the row is held out for validation. */
  validation: Uint8Array;
}

/** Each kind of question: what is asked, and what is answered. */
interface QuestionKinds {
  /** `at`: with the parameters after so many epochs instead of those as they are now. */
  rows: { asked: { query: RowsQuery; at?: number }; answer: RowsPage };
  /** The loss in a plane through the space of the parameters. */
  landscape: { asked: { query: LandscapeQuery }; answer: LossPlane };
}

/** The kinds of questions. */
export type QuestionKind = keyof QuestionKinds;

type AnyQuestion = { [Kind in QuestionKind]: { kind: Kind } & QuestionKinds[Kind]['asked'] }[QuestionKind];

/** A question about the run on screen. */
export type Question<K extends QuestionKind = QuestionKind> = { kind: K } & Extract<AnyQuestion, { kind: K }>;

/** What a question is answered with. */
export type Answer<K extends QuestionKind = QuestionKind> = QuestionKinds[K]['answer'];
