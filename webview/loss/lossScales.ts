import type { ChartOptions, Scale } from 'chart.js';
import { formatCount, formatTick } from '../../src/base/format';
import type { Theme } from '../page/theme';
import type { CurveInput } from './lossChart';
import { logTicks } from './lossSeries';

/** The axes of a loss curve: epochs done, and losses from `min` to `max`. */
export function lossScales(
  { range: { first, end }, log, logX, lossName }: CurveInput,
  { min, max }: { min: number; max: number },
  theme: Theme,
): NonNullable<ChartOptions<'line'>['scales']> {
  const font = { family: theme.fontFamily, size: theme.fontSize };
  const title = (text: string) => ({ display: true, text, color: theme.muted, font, padding: 2 });
  const ticks = { color: theme.muted, font, maxRotation: 0, includeBounds: false };
  const roundOnes = (isLog: boolean) => ({
    afterBuildTicks: (scale: Scale) => {
      if (isLog) scale.ticks = logTicks(scale.min, scale.max).map((value) => ({ value }));
    },
  });
  return {
    x: {
      type: logX ? 'logarithmic' : 'linear',
      min: first + 1,
      max: Math.max(first + 2, end),
      title: title(logX ? 'epochs (log)' : 'epochs'),
      grid: { display: false },
      border: { color: theme.gridLine },
      ticks: {
        ...ticks,
        autoSkipPadding: 16,
        callback: (value) => (Number.isInteger(Number(value)) ? formatCount(Number(value)) : null),
        ...(logX ? {} : { precision: 0 }),
      },
      ...roundOnes(logX),
    },
    y: {
      type: log ? 'logarithmic' : 'linear',
      min,
      max,
      title: title(log ? `${lossName} (log)` : lossName),
      grid: { color: theme.gridLine, tickLength: 4, lineWidth: theme.highContrast ? 0.5 : 1 },
      border: { display: false },
      ticks: {
        ...ticks,
        maxTicksLimit: 7,
        autoSkip: !log,
        callback: (value) => formatTick(Number(value), min, max),
      },
      ...roundOnes(log),
    },
  };
}
