import type { Curve } from '../../src/protocol/history';

/** Epochs from which on the shape of a curve says something. */
const leastEpochs = 200;
/** A curve falls early that has come down by this share of its height within this share of its epochs. */
const fallen = 0.9;
const early = 0.01;

/** Watches which scales show more of a growing curve. */
export class ShapeWatch {
  private seen = 0;
  private stride = 1;
  private min = Infinity;
  private max = 0;
  private judgedAt = 0;
  private fellEarly = false;

  /** Takes in what is new among all losses so far. True where they are all positive and span more than two decades. */
  isWide({ lowest, highest, stride }: Curve): boolean {
    if (stride !== this.stride) this.seen = 0;
    this.stride = stride;
    // The last bucket may have grown.
    for (let at = Math.max(0, this.seen - 1); at < lowest.length; at++) {
      if (lowest[at] < this.min) this.min = lowest[at];
      if (highest[at] > this.max && highest[at] < Infinity) this.max = highest[at];
    }
    this.seen = lowest.length;
    return this.min > 0 && this.max > 100 * this.min;
  }

  /** Whether nearly all of the fall is in so few first epochs that a logarithmic axis of epochs shows more of it. */
  fallsEarly(curve: Curve, logY: boolean): boolean {
    // Looked at anew each time that the curve is twice as long.
    if (curve.end >= leastEpochs && curve.end >= 2 * this.judgedAt) {
      this.judgedAt = curve.end;
      this.fellEarly = fallsEarly(curve, logY);
    }
    return this.fellEarly;
  }
}

function fallsEarly({ highest, lowest, stride, end }: Curve, logY: boolean): boolean {
  const height = (loss: number): number => (logY ? Math.log(loss) : loss);
  let min = Infinity;
  for (const loss of lowest) if (loss < min) min = loss;
  const [top, bottom] = [height(highest[0]), height(min)];
  if (!(Number.isFinite(top) && Number.isFinite(bottom) && top > bottom)) return false;
  const goal = top - fallen * (top - bottom);
  const at = lowest.findIndex((loss) => height(loss) <= goal);
  return (at + 1) * stride <= early * end;
}
