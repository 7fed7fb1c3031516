/**
 * Every message between the extension host, the training worker and the views.
 * Numbers that come in bulk are typed arrays; every message about a run carries the run's id, and one with a stale id is dropped.
 */
import type { Scaling } from '../engine/scaling';
import type { TrainerPosition } from '../engine/trainer';
import type { Problem } from '../problem';
import type { EpochColumns } from './history';

/**
 * `opening`: the worker reads config and data. `ready`: nothing trained yet. `paused`: can go on.
 * `finished`, `stopped` and `diverged` are ends. `failed`: never opened; the problems say why.
 */
export type RunStatus = 'opening' | 'ready' | 'running' | 'paused' | 'finished' | 'stopped' | 'diverged' | 'failed';

/** What is known of a run before its data is read. */
export interface RunIdentity {
  id: string;
  /** What people call it: the config's file name without its ending. */
  name: string;
  /** Where the config is, if it has a place. */
  configUri?: string;
  /** Milliseconds since 1970. */
  startedAt: number;
}

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
  targetNames: string[];
  /** Where the target is a class: the classes' names; the model has an output for each. */
  classNames?: string[];
  bias: boolean;
  /** How inputs and targets were scaled; absent where they were not. */
  scaling?: { inputs: Scaling; targets: Scaling };
  /** `torch.nn.functional` name. */
  loss: string;
  /** `torch.optim` name. */
  optimizer: string;
  /** The rate at the start. */
  lr: number;
  /** `torch.optim.lr_scheduler` name; absent where the rate stays as it is. */
  scheduler?: string;
  /** Hash of the numbers that the run trains on. */
  fingerprint: number;
}

/** Where training stands between two batches: enough to go on from here, bit for bit. */
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
  /** Config and data are read, the parameters drawn. `trainLoss` is over all training rows before training. */
  | { type: 'opened'; runId: string; shape: RunShape; initial: Float32Array; trainLoss: number; validationLoss: number }
  /** All epochs since the last progress. */
  | { type: 'progress'; runId: string; progress: Progress }
  /**
   * The run goes on, pauses or ends. Losses are over all rows with the parameters as they are; NaN while running or without
   * a split. A pause over many rows comes twice: first with NaN, soon after with the losses.
   */
  | {
      type: 'status';
      runId: string;
      status: RunStatus;
      trainLoss: number;
      validationLoss: number;
      divergence?: Divergence;
      notice?: string;
    }
  /** The run could not open. */
  | { type: 'failed'; runId: string; problems: Problem[] }
  /** The speed was changed: batches a second, or null for as fast as it goes. */
  | { type: 'speed'; runId: string; batchesPerSecond: number | null };

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
  /** Predicted with the parameters as they are now. */
  now: Float32Array;
  /** 1 where the row is held out for validation. */
  validation: Uint8Array;
}

/** The text or the bytes of a file that a config names. */
export interface FileContent {
  name: string;
  /** Bytes as on disk, or the text of an open document. */
  content: Uint8Array | string;
}

/** Host to worker. */
export type WorkerRequest =
  /** Reads config and data and draws the parameters; goes on from `checkpoint` where there is one. Answered by `opened` or `failed`. */
  | {
      type: 'open';
      runId: string;
      configText: string;
      configFile: string;
      seed: number;
      file?: FileContent;
      checkpoint?: Checkpoint;
    }
  | { type: 'resume'; runId: string }
  | { type: 'pause'; runId: string }
  | { type: 'stop'; runId: string }
  /** Trains one batch or one epoch, then pauses. */
  | { type: 'step'; runId: string; unit: 'batch' | 'epoch' }
  | { type: 'setSpeed'; runId: string; batchesPerSecond: number | null }
  /** At most so many progress messages a second. */
  | { type: 'setUpdateRate'; updatesPerSecond: number }
  | { type: 'rows'; runId: string; requestId: number; query: RowsQuery }
  /** Lists the columns of a table. Answered by `described`. */
  | { type: 'describe'; requestId: number; file: FileContent };

/** Worker to host. */
export type WorkerReply =
  | RunEvent
  | { type: 'rows'; runId: string; requestId: number; page: RowsPage }
  | { type: 'described'; requestId: number; summary: import('../data/describeTable').DatasetSummary };

/** A whole run, as a view that has just come up needs it. */
export interface RunSnapshot {
  identity: RunIdentity;
  status: RunStatus;
  shape?: RunShape;
  initial: Float32Array;
  progress: Progress;
  trainLoss: number;
  validationLoss: number;
  batchesPerSecond: number | null;
  divergence?: Divergence;
  notice?: string;
  problems: Problem[];
}

/** Host to view. */
export type ViewUpdate =
  /** The run to show, or null where there is none. */
  | { type: 'snapshot'; run: RunSnapshot | null }
  | { type: 'event'; event: RunEvent }
  | { type: 'rows'; requestId: number; page: RowsPage }
  /** The rows could not be had; `message` says why. */
  | { type: 'rowsFailed'; requestId: number; message: string };

/** What the buttons of the training view do. `runAgain` takes the config of the shown run as it stands now, `restart` as it stood then. */
export type ViewAction =
  | 'run'
  | 'runAgain'
  | 'runTutorial'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'restart'
  | 'step'
  | 'stepEpoch'
  | 'openConfig'
  | 'openPanel';

/** View to host. */
export type ViewRequest =
  /** The page is up and wants a snapshot. */
  | { type: 'ready' }
  | { type: 'action'; action: ViewAction }
  | { type: 'setSpeed'; batchesPerSecond: number | null }
  | { type: 'rows'; requestId: number; query: RowsQuery }
  /** Show the place of a problem of the run on screen. */
  | { type: 'showProblem'; index: number };
