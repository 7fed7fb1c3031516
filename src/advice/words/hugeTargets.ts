import type { CurvatureReport } from '../../engine/report/report';
import { formatRounded } from '../../base/format';

/** The largest float32. */
const largestNumber = (2 - 2 ** -23) * 2 ** 127;

/** Whether the square of a target is no number any more, so that the loss is infinite before the first step. */
export function isTooLarge({ largestTarget = 0 }: Pick<CurvatureReport, 'largestTarget'>): boolean {
  return largestTarget ** 2 > largestNumber;
}

/** `targets of up to 1e25 make the loss infinite before the first step`. */
export function hugeTargets({ largestTarget = 0 }: Pick<CurvatureReport, 'largestTarget'>): string {
  return `targets of up to ${formatRounded(largestTarget)} make the loss infinite before the first step`;
}
