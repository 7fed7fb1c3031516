import type { TrainerPosition } from '../engine/train/trainer';

/** Positions kept at most; beyond, every second one goes. */
const mostPositions = 64;
/** Bytes of all of them at most, because LBFGS remembers many times the parameters. */
const mostBytes = 64 * 2 ** 20;

/** Positions that a run has passed, evenly spread over its epochs, from which what came later can be trained again. */
export class Waypoints {
  private positions: TrainerPosition[] = [];
  private every = 1;

  /** @param start where the run began. */
  constructor(private readonly start: TrainerPosition) {}

  /** Takes note of the end of an epoch; `position` is called only where it is kept. */
  pass(epoch: number, position: () => TrainerPosition): void {
    const last = this.positions.at(-1) ?? this.start;
    if (epoch < last.epoch + this.every) return;
    this.positions.push(position());
    const bytes = this.positions.reduce((sum, kept) => sum + bytesOf(kept), 0);
    if (this.positions.length < mostPositions && bytes <= mostBytes) return;
    this.every *= 2;
    this.positions = this.positions.filter((_, index) => index % 2 === 1);
  }

  /** The last position before `batch` batches of epoch `epoch`, or the start. */
  before(epoch: number, batch: number): TrainerPosition {
    const isBefore = (position: TrainerPosition) =>
      position.epoch < epoch || (position.epoch === epoch && position.batch < batch);
    return this.positions.filter(isBefore).at(-1) ?? this.start;
  }
}

function bytesOf({ parameters, optimizer }: TrainerPosition): number {
  return optimizer.buffers.reduce((sum, buffer) => sum + buffer.byteLength, parameters.byteLength);
}
