import type { CurveInput } from './lossChart';
import { highest } from './lossOverlays';
import type { Series } from './lossSeries';

/** Takes the floor into sight where the curve has come near it. */
export function withFloor(
  range: { min: number; max: number },
  { floor, log }: Pick<CurveInput, 'floor' | 'log'>,
): { min: number; max: number } {
  if (floor === undefined || floor >= range.min) return range;
  if (log) {
    const near = floor > 0 && range.min / floor < (range.max / range.min) ** 0.5;
    return near ? { ...range, min: floor / (range.max / floor) ** 0.04 } : range;
  }
  const height = range.max - range.min;
  return range.min - floor < height ? { ...range, min: floor - (range.max - floor) * 0.04 } : range;
}

/** The losses from the lower to the upper edge of a chart: as low as any curve goes, and as high as its overlays may. */
export function valueRange(shown: Series[], overlays: Series[], log: boolean): { min: number; max: number } {
  const own = {
    min: Math.min(...shown.map((series) => series.min)),
    max: Math.max(...shown.map((series) => series.max)),
  };
  const min = Math.min(own.min, ...overlays.map((series) => series.min));
  const max = highest(own, overlays, log);
  if (!Number.isFinite(min)) return { min: log ? 0.1 : 0, max: 1 };
  if (log) {
    const margin = min === max ? 2 : (max / min) ** 0.04;
    return { min: min / margin, max: max * margin };
  }
  const margin = min === max ? Math.abs(min) || 1 : (max - min) * 0.04;
  // A curve that comes down to a small part of its height is seen against zero.
  return { min: min >= 0 && min < max / 4 ? 0 : min - margin, max: max + margin };
}
