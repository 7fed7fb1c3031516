/** How far predictions of numbers are from their targets, with scikit-learn's definitions; the mean over several targets. */
export interface NumberMetrics {
  /** Share of the targets' variance that is explained: `r2_score`. NaN for fewer than two rows. */
  r2: number;
  /** Root of the mean squared error. */
  rmse: number;
  /** Mean absolute error. */
  mae: number;
}

/** How well classes are told apart, with scikit-learn's definitions; precision, recall and F1 with `average="macro"`. */
export interface ClassMetrics {
  /** Share of the rows whose class is predicted. */
  accuracy: number;
  precision: number;
  recall: number;
  f1: number;
  logLoss: number;
  /** Of two classes only. NaN where all rows are of one class. */
  rocAuc?: number;
}

/** The metrics of some rows: of numbers or of classes. */
export type Metrics = NumberMetrics | ClassMetrics;

/** Some rows as the model predicts them, and as a model would that knows no inputs. */
export interface MeasuredRows<M extends Metrics = Metrics> {
  model: M;
  /** Of always predicting the training rows' mean, or their most frequent class with the classes' shares as probabilities. */
  baseline: M;
}

/** Metrics over all training rows and, where there are some, over all rows held out. */
export type RunMetrics =
  | { of: 'numbers'; train: MeasuredRows<NumberMetrics>; validation?: MeasuredRows<NumberMetrics> }
  | {
      of: 'classes';
      train: MeasuredRows<ClassMetrics>;
      validation?: MeasuredRows<ClassMetrics>;
      /** Number of the training rows' most frequent class. */
      majority: number;
    };
