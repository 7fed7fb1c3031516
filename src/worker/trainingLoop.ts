import type { EpochRecord, Trainer } from '../engine/trainer';
import { emptyColumns } from '../run/history';
import type { Progress, RunStatus } from '../run/protocol';

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

/** Milliseconds of training between two looks at the messages. */
const sliceTime = 8;
/** Multiplications between two looks at the clock. */
const sliceWork = 1 << 18;

/** Trains in slices so that messages get through, and tells of progress at most so many times a second. */
export class TrainingLoop {
  private status: RunStatus = 'ready';
  private pending: EpochRecord[] = [];
  private pauseAt: number | undefined;
  private batchesPerSecond: number | null = null;
  private updateInterval = 1000 / 30;
  private lastUpdate = -Infinity;
  /** Milliseconds that the run was running before it last went on, and when that was. */
  private worked = 0;
  private runningSince: number | undefined;
  /** Batches that the speed has allowed since the run last went on, and when that was. */
  private pace = { since: 0, batches: 0 };
  private readonly rowBudget: number;
  /** Counts the times the run went on; a slice that was planned before the last one is dropped. */
  private generation = 0;

  constructor(
    private readonly trainer: Trainer,
    private readonly epochs: number,
    private readonly clock: Clock,
    private readonly listener: TrainingListener,
  ) {
    this.rowBudget = Math.max(1, Math.floor(sliceWork / trainer.parts.model.parameters.length));
  }

  /** Goes on training; does nothing at an end. */
  resume(): void {
    if (this.atEnd() || this.status === 'running') return;
    this.runningSince = this.clock.now();
    this.setStatus('running');
    this.startPace();
    this.planSlice(0);
  }

  /** Rests between two batches, for now or for good. */
  pause(status: 'paused' | 'stopped'): void {
    if (this.status === 'finished' || this.status === 'diverged' || this.status === status) return;
    this.rest(status);
  }

  /** Trains one batch or up to the end of the epoch, then pauses. */
  step(unit: 'batch' | 'epoch'): void {
    if (this.atEnd() || this.status === 'running') return;
    if (unit === 'epoch') {
      this.pauseAt = this.trainer.epoch + 1;
      return this.resume();
    }
    this.runningSince = this.clock.now();
    this.advance(Infinity, 1);
    this.rest(this.endStatus() ?? 'paused');
  }

  /** Batches a second, or null for as fast as it goes. */
  setSpeed(batchesPerSecond: number | null): void {
    this.batchesPerSecond = batchesPerSecond;
    if (this.status !== 'running') return;
    this.startPace();
    this.planSlice(0);
  }

  setUpdateRate(updatesPerSecond: number): void {
    this.updateInterval = 1000 / updatesPerSecond;
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
    let now = start;
    while (now - start < sliceTime && this.untilNextBatch(now) <= 0 && !this.endStatus() && !this.reachedPause()) {
      this.advance(this.rowBudget, this.batchesPerSecond === null ? Infinity : 1);
      now = this.clock.now();
    }
    const wait = Math.max(0, this.untilNextBatch(now));
    const end = this.endStatus() ?? (this.reachedPause() ? 'paused' : undefined);
    if (end) return this.rest(end);
    if (now - this.lastUpdate >= this.updateInterval) this.postProgress();
    this.planSlice(wait);
  }

  private advance(rowBudget: number, mostBatches: number): void {
    const { batch } = this.trainer;
    const record = this.trainer.advance(rowBudget, mostBatches);
    if (record) this.pending.push(record);
    // A large batch may take several calls.
    if (record || this.trainer.batch !== batch) this.pace.batches++;
  }

  /** Milliseconds until the speed allows the next batch. */
  private untilNextBatch(now: number): number {
    if (this.batchesPerSecond === null) return 0;
    return this.pace.since + (this.pace.batches / this.batchesPerSecond) * 1000 - now;
  }

  private reachedPause(): boolean {
    return this.pauseAt !== undefined && this.trainer.epoch >= this.pauseAt;
  }

  private endStatus(): RunStatus | undefined {
    if (this.trainer.divergence) return 'diverged';
    return this.trainer.epoch >= this.epochs ? 'finished' : undefined;
  }

  private atEnd(): boolean {
    return this.status === 'stopped' || this.endStatus() !== undefined;
  }

  private rest(status: RunStatus): void {
    this.pauseAt = undefined;
    this.worked = this.elapsed();
    this.runningSince = undefined;
    this.postProgress();
    this.setStatus(status);
  }

  private elapsed(): number {
    return this.worked + (this.runningSince === undefined ? 0 : this.clock.now() - this.runningSince);
  }

  private setStatus(status: RunStatus): void {
    this.status = status;
    this.listener.status(status);
  }

  private postProgress(): void {
    const { trainer, pending } = this;
    const { parameters, gradients } = trainer.parts.model;
    const records = emptyColumns(pending.length, pending.length > 0 ? pending[0].epoch : trainer.epoch);
    pending.forEach((record, i) => {
      records.loss[i] = record.loss;
      records.batchLoss[i] = record.batchLoss;
      records.valLoss[i] = record.valLoss;
      records.lr[i] = record.lr;
    });
    this.pending = [];
    this.lastUpdate = this.clock.now();
    this.listener.progress({
      records,
      checkpoint: trainer.position(),
      gradients: gradients.slice(),
      lastChange: parameters.map((value, i) => value - trainer.previous[i]),
      seconds: this.elapsed() / 1000,
    });
  }
}
