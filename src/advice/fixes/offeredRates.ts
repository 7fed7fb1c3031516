import { formatRounded } from '../../base/format';
import type { CurvatureReport } from '../../engine/report/report';
import { rateThatArrives } from './adaptiveRates';
import { offeredRate } from './configFix';

/** A rate that the data allow. */
export interface OfferedRate {
  lr: number;
  /** What it is, in a few words. */
  reason: string;
}

/** Rates to choose from for a config of which all else is known, the best one first; none where nothing speaks for any. */
export function offeredRates(report: CurvatureReport): OfferedRate[] {
  const { rate } = report.limit;
  if (rate !== undefined && Number.isFinite(rate)) {
    const limit = formatRounded(rate);
    return [
      { lr: offeredRate(rate / 2), reason: `half the limit ${limit} of this data` },
      { lr: offeredRate(rate / 10), reason: `a tenth of the limit ${limit} of this data` },
    ];
  }
  const lr = rateThatArrives(report);
  return lr === undefined ? [] : [{ lr, reason: 'far enough for the way to the minimum in these epochs' }];
}
