import { numbersAt, type Numbers } from '../../engine/numbers';
import { formatCount, formatPercent } from '../../base/format';
import type { Problem } from '../../base/problem';
import type { Table } from '../table/table';

/** A rounding by this share of a column's standard deviation can be seen in what is trained on it. */
const visibleShare = 1e-3;
/** Share of the different values that must remain different. */
const mostMerged = 0.9;

/** What scales inputs or targets before they are rounded. */
type ScaleKey = 'dataset.scale' | 'dataset.scale_targets';

/** Notes on columns (by place) that float32 rounds visibly, in all rows or those in `kept`. `key` would scale them first. */
export function roundingNotes(
  table: Table,
  columns: number[],
  kept: Uint32Array | undefined,
  key: ScaleKey,
): Problem[] {
  return columns.flatMap((i): Problem[] => {
    const { name, data } = table.columns[i];
    const message = roundingMessage(name, kept ? numbersAt(data, kept) : data, key);
    if (message === undefined) return [];
    return [{ file: table.fileName, ...table.cell(-1, i).range, severity: 'information', message, code: 'rounded' }];
  });
}

/** What a column loses as float32, and what to do about it; undefined where that cannot be seen. NaN in it is no number. */
export function roundingMessage(name: string, numbers: Numbers, key: ScaleKey): string | undefined {
  const lost = numbers instanceof Float64Array ? roundingLoss(numbers) : undefined;
  if (lost === undefined) return undefined;
  return `column ${JSON.stringify(name)} is trained on in float32, ${lost}; set ${key} to "standard", and it is scaled before it is rounded`;
}

function roundingLoss(numbers: Float64Array): string | undefined {
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort();
  let [different, left, rounding, sum] = [0, 0, 0, 0];
  sorted.forEach((value, i) => {
    if (i === 0 || value !== sorted[i - 1]) different++;
    if (i === 0 || Math.fround(value) !== Math.fround(sorted[i - 1])) left++;
    rounding = Math.max(rounding, Math.abs(value - Math.fround(value)));
    sum += value - sorted[0];
  });
  const mean = sorted[0] + sum / sorted.length;
  const deviation = Math.sqrt(sorted.reduce((squares, value) => squares + (value - mean) ** 2, 0) / sorted.length);
  if (left < mostMerged * different) {
    return `where its ${formatCount(different)} different values become ${formatCount(left)}`;
  }
  if (!(rounding > visibleShare * deviation) || deviation === 0) return undefined;
  return `which rounds it by up to ${formatPercent(rounding / deviation)} of its standard deviation`;
}
