import type { EpochRecord, Trainer } from '../engine/train/trainer';
import { weightsEveryOf } from '../protocol/historyLimits';
import type { Progress, RunStatus } from '../protocol/protocol';
import { takeControls, type ControlTakers, type SetControls } from '../protocol/runControls';
import { PendingEpochs } from './pendingEpochs';
import { Waypoints } from './waypoints';

/** Time as a session sees it. */
export interface Clock {
  /** Milliseconds from some fixed moment. */
  now(): number;
  /** Runs a task after messages that wait have been delivered, and not before `milliseconds` have passed. */
  later(task: () => void, milliseconds: number): void;
}

/** Where a loop tells what happens. */
export interface TrainingListener {
  progress(progress: Progress): void;
  status(status: RunStatus): void;
}

/** Progress reports a second, at most, where nobody says how many: the default of the setting. */
export const usualUpdateRate = 30;

/** Milliseconds of training between two looks at the messages; less before the first report, which somebody waits for. */
const sliceTime = 8;
const firstSliceTime = 1;
/** Multiplications between two looks at the clock. */
const sliceWork = 1 << 18;
/** Epochs between them, however short they are: some take far longer than their multiplications. */
const mostEpochsPerLook = 16;

/**
 * Trains in slices so that messages get through. Reports progress a limited number of times a second, and only when the
 * last report was taken; while it was not, epochs wait here, and when too many wait, training does.
 */
export class TrainingLoop {
  private status: RunStatus = 'ready';
  private readonly pending: PendingEpochs;
  /** Progress reports that were not taken yet. */
  private untaken = 0;
  /** Where to rest; on the way there a set speed counts only where it is not `fast`. */
  private target: { epoch: number; batch: number; fast: boolean } | undefined;
  private batchesPerSecond: number | null = null;
  private readonly controls: ControlTakers = { batchesPerSecond: (speed) => this.setSpeed(speed) };
  private updateInterval = 1000 / usualUpdateRate;
  private lastUpdate = -Infinity;
  /** Milliseconds that the run was running before it last went on, and when that was. */
  private worked = 0;
  private runningSince: number | undefined;
  /** Batches that the speed has allowed since the run last went on, and when that was. */
  private pace = { since: 0, batches: 0 };
  private readonly rowBudget: number;
  private readonly epochsPerLook: number;
  private readonly waypoints: Waypoints;
  /** Counts the times the run went on; a slice that was planned before the last one is dropped. */
  private generation = 0;

  /** @param mostPending epochs that wait for the host at most. */
  constructor(
    private readonly trainer: Trainer,
    private readonly epochs: number,
    private readonly clock: Clock,
    private readonly listener: TrainingListener,
    mostPending?: number,
  ) {
    const { model, trainRows, validationRows } = trainer.parts;
    const { length } = model.parameters;
    this.rowBudget = Math.max(1, Math.floor(sliceWork / length));
    const fitting = Math.floor(this.rowBudget / (trainRows.length + validationRows.length));
    this.epochsPerLook = Math.min(mostEpochsPerLook, Math.max(1, fitting));
    this.pending = new PendingEpochs(weightsEveryOf(epochs, length), length, mostPending);
    this.waypoints = new Waypoints(trainer.position());
  }

  /** Continues training. A run that was restored at its end, of which nobody has been told, ends; else an end stays one. */
  resume(): void {
    const end = this.endStatus();
    if (this.status === 'running' || this.status === 'stopped' || this.hasEnded() || this.status === end) return;
    if (end) return this.rest(end);
    this.runningSince = this.clock.now();
    this.setStatus('running');
    this.startPace();
    this.planSlice(0);
  }

  /** Rests between two batches, for now or for good. */
  pause(status: 'paused' | 'stopped'): void {
    if (this.hasEnded() || this.status === 'stopped' || this.status === 'diverged' || this.status === status) return;
    this.rest(status);
  }

  /** Trains one batch or up to the end of the epoch, then pauses. */
  step(unit: 'batch' | 'epoch'): void {
    if (this.atEnd() || this.status === 'running') return;
    if (unit === 'epoch') {
      this.target = { epoch: this.trainer.epoch + 1, batch: 0, fast: false };
      return this.resume();
    }
    this.runningSince = this.clock.now();
    this.advance(Infinity, 1);
    this.rest(this.endStatus() ?? 'paused');
  }

  /**
   * Goes to where the run stood after `batch` batches of epoch `epoch`, at full speed from the nearest position that is
   * known, and rests there. A run at its end can continue from there.
   */
  seek({ epoch, batch }: { epoch: number; batch: number }): void {
    if (epoch > this.epochs || (epoch === this.epochs && batch > 0)) return;
    this.postProgress();
    const { trainer } = this;
    const nearest = this.waypoints.before(epoch, batch);
    if (trainer.divergence || nearest.epoch > trainer.epoch || !isBefore(trainer, epoch, batch))
      trainer.restore(nearest);
    this.target = { epoch, batch, fast: true };
    if (this.status !== 'running') {
      this.runningSince = this.clock.now();
      this.setStatus('running');
    }
    this.planSlice(0);
  }

  /** Does from now on what a person sets. */
  control(controls: SetControls): void {
    takeControls(controls, this.controls);
  }

  private setSpeed(batchesPerSecond: number | null): void {
    this.batchesPerSecond = batchesPerSecond;
    if (this.status !== 'running') return;
    this.startPace();
    this.planSlice(0);
  }

  setUpdateRate(updatesPerSecond: number): void {
    this.updateInterval = 1000 / updatesPerSecond;
  }

  /** The last progress was taken: the next one may be sent, and training continues where it had to wait. */
  taken(): void {
    const waited = this.mustWait();
    this.untaken = Math.max(0, this.untaken - 1);
    if (waited && this.status === 'running') this.planSlice(0);
  }

  private startPace(): void {
    this.pace = { since: this.clock.now(), batches: 0 };
  }

  private planSlice(milliseconds: number): void {
    const generation = ++this.generation;
    this.clock.later(() => {
      if (generation === this.generation && this.status === 'running') this.slice();
    }, milliseconds);
  }

  private slice(): void {
    const start = this.clock.now();
    const time = this.lastUpdate === -Infinity ? firstSliceTime : sliceTime;
    let now = start;
    while (now - start < time && this.untilNextBatch(now) <= 0 && !this.end() && !this.pending.isFull) {
      this.trainUntilLook();
      now = this.clock.now();
    }
    const end = this.end();
    if (end) return this.rest(end);
    const isDue = now - this.lastUpdate >= this.updateInterval || this.pending.isFull;
    if (isDue && this.untaken === 0) this.postProgress();
    if (!this.mustWait()) this.planSlice(Math.max(0, this.untilNextBatch(now)));
  }

  /** Whether there is no room for another epoch until the last progress is taken. */
  private mustWait(): boolean {
    return this.pending.isFull && this.untaken > 0;
  }

  /** The status to rest with, where there is nothing to train now. */
  private end(): RunStatus | undefined {
    return this.endStatus() ?? (this.reachedTarget() ? 'paused' : undefined);
  }

  /** Trains until it is time to look at the clock: after each of the tutorial's epochs that would take a twentieth of the time. */
  private trainUntilLook(): void {
    let epochs = this.batchesPerSecond === null ? this.epochsPerLook : 1;
    while (this.advance(this.rowBudget, this.batchesToGo()) && --epochs > 0 && !this.end() && !this.pending.isFull);
  }

  /** Returns whether an epoch is over. */
  private advance(rowBudget: number, mostBatches: number): boolean {
    const { batch } = this.trainer;
    const record = this.trainer.advance(rowBudget, mostBatches);
    if (record) this.recorded(record);
    // A large batch may take several calls.
    if (record || this.trainer.batch !== batch) this.pace.batches++;
    return record !== undefined;
  }

  private recorded(record: EpochRecord): void {
    const { trainer } = this;
    this.pending.add(record, trainer.parts.model.parameters);
    // Nothing may begin again from a position that has diverged.
    if (!trainer.divergence) this.waypoints.pass(trainer.epoch, () => trainer.position());
  }

  /** Batches to train before looking at the speed and the target again. */
  private batchesToGo(): number {
    const { target, trainer } = this;
    if (this.batchesPerSecond !== null && !target?.fast) return 1;
    return target?.epoch === trainer.epoch ? target.batch - trainer.batch : Infinity;
  }

  /** Milliseconds until the speed allows the next batch. */
  private untilNextBatch(now: number): number {
    if (this.batchesPerSecond === null || this.target?.fast) return 0;
    return this.pace.since + (this.pace.batches / this.batchesPerSecond) * 1000 - now;
  }

  private reachedTarget(): boolean {
    return this.target !== undefined && !isBefore(this.trainer, this.target.epoch, this.target.batch);
  }

  private endStatus(): RunStatus | undefined {
    if (this.trainer.divergence) return 'diverged';
    if (this.trainer.isStopped) return 'early_stopped';
    return this.trainer.epoch >= this.epochs ? 'finished' : undefined;
  }

  private atEnd(): boolean {
    return this.status === 'stopped' || this.hasEnded() || this.endStatus() !== undefined;
  }

  /** Whether the run ended by itself; its model may then be that of an earlier epoch. */
  private hasEnded(): boolean {
    return this.status === 'finished' || this.status === 'early_stopped';
  }

  private rest(status: RunStatus): void {
    this.target = undefined;
    this.worked = this.elapsed();
    this.runningSince = undefined;
    if (status === 'finished' || status === 'early_stopped') this.trainer.restoreBest();
    this.postProgress();
    this.setStatus(status);
  }

  /** Counts on from the seconds that the run was running in an earlier worker. */
  goOnAfter(seconds: number): void {
    this.worked = 1000 * seconds;
  }

  private elapsed(): number {
    return this.worked + (this.runningSince === undefined ? 0 : this.clock.now() - this.runningSince);
  }

  private setStatus(status: RunStatus): void {
    this.status = status;
    this.listener.status(status);
  }

  private postProgress(): void {
    const { trainer } = this;
    const { parameters, gradients } = trainer.parts.model;
    const records = this.pending.take(trainer.epoch);
    this.lastUpdate = this.clock.now();
    this.untaken++;
    this.listener.progress({
      records,
      checkpoint: trainer.position(),
      gradients: gradients.slice(),
      lastChange: parameters.map((value, i) => value - trainer.previous[i]),
      seconds: this.elapsed() / 1000,
    });
  }
}

function isBefore(position: { epoch: number; batch: number }, epoch: number, batch: number): boolean {
  return position.epoch < epoch || (position.epoch === epoch && position.batch < batch);
}
