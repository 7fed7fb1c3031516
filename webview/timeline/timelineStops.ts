import type { RunState } from '../../src/protocol/state';

/** The epochs that a timeline can stop at: those after which the model was recorded, and where the run stands. */
export class TimelineStops {
  /** Epochs from one recorded model to the next. */
  readonly every: number;
  /** Epochs after which the last model was recorded; 0 where none was. */
  readonly last: number;
  /** Where the run stands, in epochs; a part of one is the share of its batches. */
  readonly live: number;

  constructor({ history, checkpoint, divergence, shape }: RunState) {
    this.every = history.weightsEvery;
    let whole = Math.min(history.length, divergence?.epoch ?? Infinity);
    // An epoch that came to a number that is not finite was not trained to its end.
    while (whole > 0 && !Number.isFinite(history.at('loss', whole - 1) ?? 0)) whole--;
    this.last = history.weightsAfter(whole)?.epochs ?? 0;
    this.live = checkpoint.epoch + checkpoint.batch / (shape?.batchesPerEpoch ?? 1);
  }

  /** Where the timeline ends. */
  get end(): number {
    return Math.max(this.last, this.live);
  }

  /** False where the run was taken back, and its own future is known. */
  get liveIsEnd(): boolean {
    return this.live >= this.last;
  }

  /** The stop nearest to a place on the timeline; undefined where that is the run itself. */
  nearest(epoch: number): number | undefined {
    const stop = this.settle(Math.round(epoch / this.every) * this.every);
    if (stop === undefined || !this.liveIsEnd) return stop;
    return Math.abs(this.live - epoch) < Math.abs(stop - epoch) ? undefined : stop;
  }

  /** The last recorded stop at or before a place on the timeline. */
  before(epoch: number): number {
    return Math.max(0, Math.min(this.last, Math.floor(epoch / this.every) * this.every));
  }

  /** The stop this many stops on from another, back where negative; undefined is the run itself. */
  move(from: number | undefined, stops: number): number | undefined {
    const index = (from ?? this.live) / this.every;
    return this.settle(((stops < 0 ? Math.ceil(index) : Math.floor(index)) + stops) * this.every);
  }

  /** How many stops make about this many epochs; at least one. */
  stopsIn(epochs: number): number {
    return Math.max(1, Math.round(epochs / this.every));
  }

  /** The last stop: the run itself, unless it was taken back. */
  final(): number | undefined {
    return this.liveIsEnd ? undefined : this.last;
  }

  private settle(stop: number): number | undefined {
    if (this.liveIsEnd && (stop > this.last || stop >= this.live)) return undefined;
    return Math.max(0, Math.min(this.last, stop));
  }
}
