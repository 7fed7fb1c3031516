import { formatCount, formatNumber } from '../../src/base/format';
import type { ComparedCurves } from '../../src/compare/messages';
import { valueIn } from './comparePlot';

/** Runs whose losses are named at the cursor, at most. */
const mostRead = 6;

/** The losses of runs at an epoch, counted from 0: those of the run that is pointed at first, then from the lowest on. */
export function lossesAt(
  epoch: number,
  runs: readonly (ComparedCurves & { sign: string })[],
  highlighted: string | undefined,
): string {
  const known = runs.flatMap(({ run, training, validation, sign }) => {
    const loss = valueIn(training, epoch);
    const held = validation && valueIn(validation, epoch);
    return loss === undefined ? [] : [{ run, loss, held, sign }];
  });
  const first = known.filter(({ run }) => run.id === highlighted);
  const others = known.filter(({ run }) => run.id !== highlighted).sort((a, b) => rank(a.loss) - rank(b.loss) || 0);
  const told = [...first, ...others].slice(0, mostRead).map(({ run, loss, held, sign }) => {
    return `${sign} ${run.name} ${formatNumber(loss)}${held === undefined ? '' : ` (validation ${formatNumber(held)})`}`;
  });
  const more = known.length > mostRead ? ` · … and ${known.length - mostRead} more` : '';
  return `Epoch ${formatCount(epoch)}: ${told.join(' · ')}${more}`;
}

/** What losses are put in order by: those that are not finite come last. */
function rank(loss: number): number {
  return Number.isFinite(loss) ? loss : Infinity;
}
