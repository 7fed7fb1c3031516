/**
 * Every message between the extension host, the training worker and the views.
 * Numbers that come in bulk are typed arrays; every message about a run carries the run's id, and one with a stale id is dropped.
 */
import type { RunSurroundings } from './runSurroundings';
import type { CurvatureReport } from '../engine/report/report';
import type { DataReport, RunSigns } from '../engine/report/dataReport';
import type { RunMetrics } from '../engine/report/metrics';
import type { ModelShape } from '../engine/nn/layers';
import type { LossName, LossOptions } from '../engine/nn/losses';
import type { OptimizerChoice, OptimizerName } from '../engine/optim/optimizers';
import type { Scaling } from '../engine/data/scaling';
import type { EarlyStoppingOptions } from '../engine/train/earlyStopping';
import type { TrainerPosition } from '../engine/train/trainer';
import type { Problem } from '../base/problem';
import type { Curve, EpochColumns } from './history';
import type { FileQuestion } from './fileQuestions';
import type { FixTrials } from './fixTrials';
import type { RunIdentity, RunLabel } from './runIdentity';
import type { RunStatus } from './runStatus';
import type { RunControls, SetControls } from './runControls';
import type { Answer, AnyAnswer, WorkerQuestion } from './questions';
import type { CheckRequest, CheckedRun } from './checkedRun';
import type { OfferedFile } from './viewRequests';

export type { CurvatureReport, RunStatus };
export type { EarlierRun, RunIdentity, RunLabel } from './runIdentity';
export type { OfferedFile, ViewAction, ViewMessage, ViewRequest } from './viewRequests';

/** How an optimizer is made: its `torch.optim` name and keyword arguments. */
export type OptimizerSettings = OptimizerChoice;

/** What is known of a run once its data is read. */
export interface RunShape {
  seed: number;
  epochs: number;
  logEvery: number;
  batchSize: number;
  batchesPerEpoch: number;
  trainRows: number;
  validationRows: number;
  inputNames: string[];
  /** Where the last inputs are products of others: the places of the factors of each. */
  products?: number[][];
  targetNames: string[];
  /** Where the target is a class: the classes' names; the model has an output for each. */
  classNames?: string[];
  /** Its layers, and the names and shapes of its parameters. */
  model: ModelShape;
  /** How inputs and targets were scaled; absent where they were not. */
  scaling?: { inputs: Scaling; targets: Scaling };
  /** `torch.nn.functional` name. */
  loss: LossName;
  /** Its keyword arguments that are not PyTorch's defaults; absent without any. */
  lossOptions?: LossOptions;
  /** The column that each row's loss is multiplied by; absent where all rows count the same. */
  sampleWeight?: string;
  /** `torch.optim` name. */
  optimizer: OptimizerName;
  /** Absent in runs that an earlier version stored. */
  optimizerSettings?: OptimizerSettings;
  /** The rate at the start. */
  lr: number;
  /** `torch.optim.lr_scheduler` name; absent where the rate stays as it is. */
  scheduler?: string;
  /** The rule that ends training; absent without one. `monitor` is as in the config. */
  earlyStopping?: EarlyStoppingOptions & { monitor: string };
  /** Hash of the numbers that the run trains on. */
  fingerprint: number;
}

/** Where training stands between two batches: enough to continue from here, bit for bit. */
export type Checkpoint = TrainerPosition;

/** Where a run came to a number that is not finite. */
export interface Divergence {
  epoch: number;
  batch: number;
  /** What was not finite first. */
  what: 'loss' | 'parameter';
}

/** The numbers that change while a run trains. */
export interface Progress {
  records: EpochColumns;
  checkpoint: Checkpoint;
  /** Of the last batch, laid out as the parameters. */
  gradients: Float32Array;
  /** What the last batch's update added to each parameter. */
  lastChange: Float32Array;
  /** Time spent training. */
  seconds: number;
}

/** Something that happened to a run. The worker tells the host, and the host the views, in these same words. */
export type RunEvent =
  /** So much of the data file is read; only where that takes long. */
  | ({ type: 'reading'; runId: string } & ReadingProgress)
  /**
   * Config and data are read, the parameters drawn. `trainLoss` is over all training rows before training; `notes` are
   * on how the data were read.
   */
  | {
      type: 'opened';
      runId: string;
      shape: RunShape;
      initial: Float32Array;
      trainLoss: number;
      validationLoss: number;
      notes?: Problem[];
    }
  /** A person has written on the run; what was there before is replaced. */
  | { type: 'labelled'; runId: string; label: RunLabel }
  /** What the data say about the run. */
  | { type: 'analyzed'; runId: string; report?: CurvatureReport; data?: DataReport }
  /** Fixes of the run, which has ended, are being tried out. */
  | { type: 'trying'; runId: string }
  /** They were tried out, as far as they could be. */
  | { type: 'tried'; runId: string; trials: FixTrials }
  /** All epochs since the last progress. The worker sends the next one when the host has taken the last one. */
  | { type: 'progress'; runId: string; progress: Progress }
  /**
   * The run continues, pauses or ends. Losses and metrics are over all rows with the parameters as they are; losses are NaN
   * while running or without a split, metrics absent while running. A pause over many rows comes twice: first without
   * these, soon after with them.
   */
  | {
      type: 'status';
      runId: string;
      status: RunStatus;
      trainLoss: number;
      validationLoss: number;
      metrics?: RunMetrics;
      signs?: RunSigns;
      divergence?: Divergence;
      notice?: string;
    }
  /** The run could not open. */
  | { type: 'failed'; runId: string; problems: Problem[] }
  /** The run does from now on what a person has set. */
  | { type: 'controlled'; runId: string; controls: SetControls }
  /** A person wants the run to pause or to end. The status that follows says that it did. */
  | { type: 'asked'; runId: string; action: 'pause' | 'stop' }
  /** Files that the run was made from have changed, or are as they were again. */
  | { type: 'surroundings'; runId: string; surroundings: RunSurroundings };

/** A file that can be read. `name` is what problems call it. */
export type ReadableFile =
  /** Bytes as on disk, or the text of an open document. */
  | { name: string; content: Uint8Array | string }
  /** A local file that the worker opens itself. */
  | { name: string; path: string }
  /** A file that is not read, and why. */
  | { name: string; unreadable: string };

/** A file that a config names; `foreign` where a config may not reach it, and so it was not looked for. */
export type NamedFile = ReadableFile | { name: string; foreign: true };

/** The file that a config names, and the one with its validation set, if it names one and it is there. */
export type FileContent = NamedFile & { validation?: NamedFile };

/** How much of a data file is read; `size` where it is known. */
export interface ReadingProgress {
  bytes: number;
  size?: number;
}

/** Host to worker. */
export type WorkerRequest =
  /**
   * Reads config and data and draws the parameters. With `goOn` it continues from there, unless the data are not those with
   * the fingerprint any more. Answered by `opened` or `failed`.
   */
  | {
      type: 'open';
      runId: string;
      configText: string;
      configFile: string;
      seed: number;
      file?: FileContent;
      /** See `OpenRunRequest`. */
      rows?: string;
      goOn?: { checkpoint: Checkpoint; fingerprint: number; seconds: number };
    }
  /** Gives up reading the data file: the run fails. One that has opened meanwhile is stopped. */
  | { type: 'cancelReading'; runId: string }
  | { type: 'resume'; runId: string }
  /** The host has taken the last progress. */
  | { type: 'taken'; runId: string }
  | { type: 'pause'; runId: string }
  | { type: 'stop'; runId: string }
  /** Trains one batch or one epoch, then pauses. */
  | { type: 'step'; runId: string; unit: 'batch' | 'epoch' }
  /** Answered by `controlled`. */
  | { type: 'control'; runId: string; controls: SetControls }
  /** The highest number of progress messages a second. */
  | { type: 'setUpdateRate'; updatesPerSecond: number }
  /** Goes to where the run stood after `batch` batches of epoch `epoch`, and rests there. What was recorded beyond it stays known. */
  | { type: 'seek'; runId: string; epoch: number; batch: number }
  /**
   * Answered by `answer` or `askFailed`. `parameters`: those to answer with, instead of those as they are now. `path`: where
   * the run has been, the start first.
   */
  | {
      type: 'ask';
      runId: string;
      requestId: number;
      question: WorkerQuestion | FileQuestion;
      parameters?: Float32Array;
      path?: Float32Array[];
    }
  /** Says what a config, its data and their curvature show, without training. Answered by `checked`. */
  | { type: 'check'; requestId: number; request: CheckRequest }
  /** Several checks, each answered by a `checked`. One begins after the other, and has of the rows what that one has read. */
  | { type: 'checkEach'; checks: { requestId: number; request: CheckRequest }[] }
  /**
   * Lists the columns of a table. Answered by `described`. `head`: of delimited text, this many bytes from its beginning are
   * enough.
   */
  | {
      type: 'describe';
      requestId: number;
      file: ReadableFile;
      options?: import('../data/table/table').ReadOptions;
      head?: number;
    }
  /** Gives up a `check` or a `describe`, whose answer says then that it failed. */
  | { type: 'cancel'; requestId: number };

/** Worker to host. */
export type WorkerReply =
  | RunEvent
  | { type: 'answer'; runId: string; requestId: number; answer: AnyAnswer }
  | { type: 'askFailed'; runId: string; requestId: number; message: string }
  | ({ type: 'checked'; requestId: number } & ({ checked: CheckedRun } | FailedReply))
  | ({ type: 'described'; requestId: number } & (
      | { summary: import('../data/describeTable').DatasetSummary }
      | FailedReply
    ));

/** What stands in place of an answer that there is not: `failed` says why. */
export interface FailedReply {
  failed: string;
}

/** A whole run, as a view that has just come up needs it. */
export interface RunSnapshot extends RunControls {
  identity: RunIdentity;
  label?: RunLabel;
  status: RunStatus;
  shape?: RunShape;
  initial: Float32Array;
  progress: Progress;
  trainLoss: number;
  validationLoss: number;
  metrics?: RunMetrics;
  signs?: RunSigns;
  divergence?: Divergence;
  notice?: string;
  asked?: 'pause' | 'stop';
  surroundings?: RunSurroundings;
  reading?: ReadingProgress;
  problems: Problem[];
  curvature?: CurvatureReport;
  data?: DataReport;
  trying?: true;
  trials?: FixTrials;
}

/** What changed in a run since the last update of a view: `progress` has only the epochs that are new. */
export interface RunChanges {
  set: Partial<RunSnapshot>;
  /** Names of what is no longer there. */
  removed: (keyof RunSnapshot)[];
}

/** The curve of another run than the one that is shown, in few enough buckets to be drawn. */
export interface ComparedCurve {
  name: string;
  training: Curve;
  /** Absent without a validation set. */
  validation?: Curve;
}

/**
 * Host to view. At most one snapshot or one message of changes is on its way to a view: the next one comes after
 * `drawn` with its number in `update`.
 */
export type ViewUpdate =
  /** The run to show, or null if there is none. */
  | { type: 'snapshot'; update: number; run: RunSnapshot | null }
  | { type: 'changes'; update: number; changes: RunChanges }
  /** A run whose curve is drawn beside that of the shown one; null for none. */
  | { type: 'compared'; run: ComparedCurve | null }
  /** Files that may be run; sent where there is no run. */
  | { type: 'offers'; files: OfferedFile[] }
  | { type: 'answer'; requestId: number; answer: Answer }
  /** There is no answer; `message` says why. */
  | { type: 'askFailed'; requestId: number; message: string };
