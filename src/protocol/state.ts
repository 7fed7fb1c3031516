import type { DataReport, RunSigns } from '../engine/report/dataReport';
import type { RunSurroundings } from './runSurroundings';
import type { RunMetrics } from '../engine/report/metrics';
import type { CurvatureReport } from '../engine/report/report';
import type { Problem } from '../base/problem';
import type { FixTrials } from './fixTrials';
import { initialControls, soundControls, type RunControls } from './runControls';
import { History, emptyColumns } from './history';
import { hostLimits, restingLimits, type HistoryLimits } from './historyLimits';
import type {
  Checkpoint,
  Divergence,
  ReadingProgress,
  RunEvent,
  RunIdentity,
  RunLabel,
  RunShape,
  RunSnapshot,
  RunStatus,
} from './protocol';

/** Everything that is known of one run; the host's truth, and a view's picture of it. */
export interface RunState extends RunControls {
  identity: RunIdentity;
  /** Absent where a person has written nothing on it. */
  label?: RunLabel;
  status: RunStatus;
  /** Absent until the run has opened. */
  shape?: RunShape;
  history: History;
  checkpoint: Checkpoint;
  /** The parameters before training. */
  initial: Float32Array;
  gradients: Float32Array;
  lastChange: Float32Array;
  /** Time spent training. */
  seconds: number;
  /** Over all training rows with the parameters as they are; NaN while the run trains. */
  trainLoss: number;
  validationLoss: number;
  /** Over all rows with the parameters as they are; absent while the run trains, and in runs of earlier versions. */
  metrics?: RunMetrics;
  /** What errors, units and gradients show; absent as the metrics are. */
  signs?: RunSigns;
  divergence?: Divergence;
  /** One sentence about what happened, where the status alone does not say it. */
  notice?: string;
  /** What a person has asked for and the run has not yet done. */
  asked?: 'pause' | 'stop';
  /** What has become of the files that it was made from, where anything has. */
  surroundings?: RunSurroundings;
  /** How much of the data file is read, while that takes long. */
  reading?: ReadingProgress;
  /** What keeps the run from opening, or notes on how its data were read. */
  problems: Problem[];
  /** What the data say about the run; absent until it is worked out. */
  curvature?: CurvatureReport;
  /** The same of its rows, whatever the rate is. */
  data?: DataReport;
  /** Fixes are being tried out, and none is offered before that is done. */
  trying?: true;
  /** What became of the fixes that were tried out when the run last ended. */
  trials?: FixTrials;
}

const none = new Float32Array(0);
/** Where a run stands before its first batch. */
export function startCheckpoint(parameters: Float32Array): Checkpoint {
  return { epoch: 0, batch: 0, lossSum: 0, parameters, lr: NaN, optimizer: { steps: 0, buffers: [] }, scheduler: [] };
}

/** A run that is about to open. */
export function openingRun(identity: RunIdentity): RunState {
  return {
    identity,
    status: 'opening',
    history: new History(),
    checkpoint: startCheckpoint(none),
    initial: none,
    gradients: none,
    lastChange: none,
    seconds: 0,
    trainLoss: NaN,
    validationLoss: NaN,
    ...initialControls,
    problems: [],
  };
}

/**
 * The state after an event. An event of another run leaves it as it is.
 * The history is appended to in place: a copy for each update would make long runs quadratic.
 */
export function applyRunEvent(state: RunState, event: RunEvent): RunState {
  if (event.runId !== state.identity.id) return state;
  switch (event.type) {
    case 'reading': {
      const { bytes, size } = event;
      return { ...state, reading: { bytes, ...(size !== undefined && { size }) } };
    }
    case 'opened':
      return applyOpened(settled(state), event);
    case 'progress': {
      const { records, checkpoint, gradients, lastChange, seconds } = event.progress;
      state.history.append(records);
      const { metrics: _, signs: __, ...rest } = state;
      return { ...rest, checkpoint, gradients, lastChange, seconds, trainLoss: NaN, validationLoss: NaN };
    }
    case 'status': {
      const { notice: _, divergence: __, metrics: ___, signs: ____, ...rest } = settled(state);
      return {
        ...rest,
        status: event.status,
        trainLoss: event.trainLoss,
        validationLoss: event.validationLoss,
        ...(event.metrics && { metrics: event.metrics }),
        ...(event.signs && { signs: event.signs }),
        ...(event.divergence && { divergence: event.divergence }),
        ...(event.notice && { notice: event.notice }),
        // It was already on its way when a person asked for something else.
        ...(event.status === 'running' && state.asked && { asked: state.asked }),
      };
    }
    case 'labelled':
      return { ...state, label: event.label };
    case 'analyzed':
      return { ...state, ...(event.report && { curvature: event.report }), ...(event.data && { data: event.data }) };
    case 'trying':
      return { ...state, trying: true };
    case 'tried': {
      const { trying: _, ...rest } = state;
      return { ...rest, trials: event.trials };
    }
    case 'failed':
      return { ...settled(state), status: 'failed', problems: event.problems };
    case 'controlled':
      return { ...state, ...soundControls(event.controls) };
    case 'asked':
      return { ...state, asked: event.action };
    case 'surroundings':
      return { ...state, surroundings: event.surroundings };
  }
}

/** Without what was under way. */
function settled({ reading: _, asked: __, ...rest }: RunState): RunState {
  return rest;
}

/** A run that is opened again from a checkpoint keeps what it had reached. */
function applyOpened(state: RunState, event: Extract<RunEvent, { type: 'opened' }>): RunState {
  const { shape, initial, trainLoss, validationLoss, notes: problems = [] } = event;
  state.history.expect(shape.epochs);
  if (state.checkpoint.parameters.length > 0) return { ...state, shape, initial, problems };
  const zeros = new Float32Array(initial.length);
  const checkpoint = { ...state.checkpoint, parameters: initial };
  return {
    ...state,
    shape,
    initial,
    checkpoint,
    gradients: zeros,
    lastChange: zeros,
    status: 'ready',
    trainLoss,
    validationLoss,
    problems,
  };
}

/** A copy of a run that can be sent or stored; with `limits`, of as many of its epochs as they allow. */
export function takeSnapshot(state: RunState, limits?: HistoryLimits): RunSnapshot {
  const { history, checkpoint, gradients, lastChange, seconds, ...rest } = state;
  return { ...rest, progress: { records: history.slice(0, limits), checkpoint, gradients, lastChange, seconds } };
}

/**
 * The run that a snapshot was taken of, as much of it as `limits` allow. Those of earlier versions hold the fixes too, which
 * follow from the rest.
 */
export function restoreSnapshot(snapshot: RunSnapshot & { fixes?: unknown }, limits = hostLimits): RunState {
  const { progress, fixes: _, ...rest } = snapshot;
  const { records, ...numbers } = progress;
  const history = new History(limits);
  history.append(records ?? emptyColumns());
  return { ...initialControls, ...rest, ...numbers, history };
}

/** A run with a rough history, which takes little memory. */
export function atRest(state: RunState): RunState {
  if (state.history.isRough) return state;
  const history = new History(restingLimits);
  history.append(state.history.slice(0, restingLimits));
  return { ...state, history };
}

/** What people call a run: the name that a person gave it, otherwise that of its config. */
export function runName({ identity, label }: Pick<RunState, 'identity' | 'label'>): string {
  return label?.name ?? identity.name;
}

/** True before the first batch. */
export function isUntrained({ checkpoint: { epoch, batch } }: Pick<RunState, 'checkpoint'>): boolean {
  return epoch === 0 && batch === 0;
}

/** True where training can continue from where it stands. */
export function canResume(status: RunStatus): boolean {
  return status === 'ready' || status === 'paused';
}

/** True while a worker is busy with the run or can continue it. */
export function isLive(status: RunStatus): boolean {
  return status === 'opening' || status === 'running' || canResume(status);
}

/** True where a run came to its end by itself, with all its epochs or by its stop rule. */
export function hasFinished(status: RunStatus): boolean {
  return status === 'finished' || status === 'early_stopped';
}

/** Epochs that a run has trained: where it stands, unless it has ended with the model of an earlier epoch. */
export function trainedEpochs({
  status,
  history,
  checkpoint,
}: Pick<RunState, 'status' | 'history' | 'checkpoint'>): number {
  return hasFinished(status) ? Math.max(history.length, checkpoint.epoch) : checkpoint.epoch;
}

/** The best epoch up to where a run stands; undefined before there is one, and in runs of earlier versions. */
export function bestEpoch({ checkpoint: { monitored } }: Pick<RunState, 'checkpoint'>): number | undefined {
  return monitored && monitored.bestEpoch >= 0 ? monitored.bestEpoch : undefined;
}

/** Seconds that the rest of the run will take at the pace so far; undefined before anything is known. */
export function secondsLeft(state: RunState): number | undefined {
  const { shape, checkpoint, history, seconds } = state;
  if (!shape || seconds <= 0) return undefined;
  const done = checkpoint.epoch * shape.batchesPerEpoch + checkpoint.batch;
  // A run that was taken back has trained more than where it stands says.
  const trained = Math.max(done, history.length * shape.batchesPerEpoch);
  if (trained === 0) return undefined;
  return (seconds / trained) * (shape.epochs * shape.batchesPerEpoch - done);
}

/** A column's number for the last epoch before where the run stands, which need not be the last one known; NaN before the first. */
export function lastEpochs(state: RunState, column: 'loss' | 'valLoss' | 'lr'): number {
  const { history, checkpoint } = state;
  return history.at(column, Math.min(checkpoint.epoch, history.length) - 1) ?? NaN;
}

/** Where the run stood one batch ago; undefined at the start, and while a run cannot be taken back. */
export function batchBefore({ status, shape, checkpoint }: RunState): { epoch: number; batch: number } | undefined {
  if (!shape || status === 'running' || status === 'opening') return undefined;
  const { epoch, batch } = checkpoint;
  if (batch > 0) return { epoch, batch: batch - 1 };
  return epoch > 0 ? { epoch: epoch - 1, batch: shape.batchesPerEpoch - 1 } : undefined;
}

/** The loss to show beside the status: over all rows if it is known, otherwise the last epoch's. */
export function shownLoss(state: RunState): number {
  return showsEpoch(state) ? lastEpochs(state, 'loss') : state.trainLoss;
}

/** Whether it is the last epoch's. The sum over all rows is not to be compared with those over batches. */
export function showsEpoch({ shape, trainLoss }: RunState): boolean {
  const sumsBatches = shape?.lossOptions?.reduction === 'sum' && shape.batchSize < shape.trainRows;
  return Number.isNaN(trainLoss) || sumsBatches;
}

/** The rate of the epoch in which a run diverged, or in which it stands; NaN before it is known. */
export function divergedRate({ shape, checkpoint }: RunState): number {
  return Number.isNaN(checkpoint.lr) ? (shape?.lr ?? NaN) : checkpoint.lr;
}

/** Whether a run has diverged before its parameters changed, so that no rate is to blame. */
export function isInfiniteAtStart({ divergence }: RunState): boolean {
  return divergence?.epoch === 0 && divergence.batch === 0 && divergence.what === 'loss';
}

/** What a run's losses are measured by: the loss of always predicting the mean if it is known, otherwise the first epoch's; NaN before. */
export function lossScale({ curvature, history }: RunState): number {
  return curvature?.variance ?? history.at('loss', 0) ?? NaN;
}
