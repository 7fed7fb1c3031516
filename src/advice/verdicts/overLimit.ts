import { formatShortest } from '../../base/format';
import type { CurvatureReport, RunShape } from '../../protocol/protocol';
import { lastEpochs, type RunState } from '../../protocol/state';
import { columnName, rateSentence } from '../words/curvatureWords';

/** The rate of the last epoch. */
export function lastRate(run: RunState, shape: RunShape): number {
  const lr = lastEpochs(run, 'lr');
  return Number.isFinite(lr) ? lr : shape.lr;
}

/** A rate without the digits that a scheduler's products end in. */
export function shownRate(lr: number): string {
  return formatShortest(Number(lr.toPrecision(6)));
}

/** Why the rate is too high, with the row or column that makes it so; undefined where it is not. */
export function overLimit(
  report: Pick<CurvatureReport, 'limit' | 'hessian' | 'lr'>,
  shape: RunShape,
): string | undefined {
  const { limit, hessian, lr } = report;
  if (limit.rate === undefined || lr <= limit.rate) return undefined;
  const column =
    hessian && limit.batchRows > 1 ? `; ${columnName(shape, hessian.steepestColumn)} is the steepest column` : '';
  return `${rateSentence({ limit, lr: Number(lr.toPrecision(6)) }, shape.trainRows)}${column}`;
}
