import type { Curve } from '../../src/protocol/history';
import { valueIn } from './comparePlot';

/** Several curves as one: `mean`, and the band of one standard deviation around it, as lowest and highest. */
export interface MeanCurve {
  mean: Curve;
  band: Curve;
}

/**
 * The mean over the curves that have begun, at each epoch that all of these have; NaN where one has no finite number. Without
 * that one the mean would jump as if the others had learned or lost something.
 */
export function meanCurve(all: readonly Curve[]): MeanCurve {
  const begun = all.filter((curve) => curve.end > curve.first);
  const curves = begun.length > 0 ? begun : all;
  const [first, stride, end] = [
    Math.min(...curves.map((curve) => curve.first)),
    Math.max(...curves.map((curve) => curve.stride)),
    Math.min(...curves.map((curve) => curve.end)),
  ];
  const length = Math.max(0, Math.ceil((end - first) / stride));
  const [mean, low, high] = [0, 0, 0].map(() => new Float64Array(length));
  for (let i = 0; i < length; i++) {
    // A bucket is known by its last epoch.
    const epoch = Math.min(first + (i + 1) * stride, end) - 1;
    const values = curves.map((curve) => valueIn(curve, epoch) ?? NaN);
    const sum = values.reduce((total, value) => total + value, 0);
    const middle = Number.isFinite(sum) ? sum / values.length : NaN;
    const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    const sd = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
    [mean[i], low[i], high[i]] = [middle, middle - sd, middle + sd];
  }
  const at = { first, stride, end, last: mean };
  return { mean: { ...at, lowest: mean, highest: mean }, band: { ...at, lowest: low, highest: high } };
}

/** The means of groups of curves, each worked out again only where one of its curves has changed. */
export class MeanCurves {
  private readonly known = new Map<string, { curves: readonly Curve[]; mean: MeanCurve }>();

  of(name: string, curves: readonly Curve[]): MeanCurve {
    const known = this.known.get(name);
    const isSame = known?.curves.length === curves.length && curves.every((curve, i) => curve === known.curves[i]);
    if (known && isSame) return known.mean;
    const mean = meanCurve(curves);
    this.known.set(name, { curves, mean });
    return mean;
  }
}
