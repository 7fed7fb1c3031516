import { columnNames, emptyColumns, endOf, type EpochColumns, type Thinning } from '../../protocol/history';
import type { Progress } from '../../protocol/protocol';

/** Where a run stands, beside its epochs. */
export type Position = Omit<Progress, 'records'>;

/** A column of numbers: the one that all of them are, or all of them in the smallest type that holds them exactly. */
export type PackedColumn = number | Float32Array | Float64Array;

/** Progress as it is kept in a record. */
export interface PackedProgress {
  /** Number of the first epoch, counted from 0. */
  first: number;
  /** Number of epochs; where they are thinned the columns have a number for each bucket. */
  count: number;
  thinned?: Thinning;
  columns: Record<(typeof columnNames)[number], PackedColumn>;
  weightsEvery: number;
  weights: Float32Array;
  position: Position;
}

/** Number of epochs in progress that follows on each other. */
export function epochsOf(joined: readonly Progress[]): number {
  return joined.reduce((sum, { records }) => sum + endOf(records) - records.first, 0);
}

/** Joins progress that follows on each other and leaves out the first `known` epochs of the run. */
export function packProgress(joined: readonly Progress[], known: number): PackedProgress {
  const { records: _, ...position } = joined[joined.length - 1];
  const records = beyond(joinRecords(joined.map((progress) => progress.records)), known);
  const { first, weightsEvery, weights, thinned, ...columns } = records;
  const packed = Object.fromEntries(columnNames.map((name) => [name, pack(columns[name])]));
  return {
    ...{ first, count: endOf(records) - first, weightsEvery, weights, position },
    ...(thinned && { thinned }),
    columns: packed as PackedProgress['columns'],
  };
}

/** The progress as it was. */
export function unpackProgress(packed: PackedProgress): Progress {
  return { ...packed.position, records: unpackRecords(packed) };
}

/** The epochs alone. Throws a RangeError where a column has another length than the others. */
export function unpackRecords({ first, count, columns, weightsEvery, weights, thinned }: PackedProgress): EpochColumns {
  const length = thinned ? Math.ceil(count / thinned.stride) : count;
  const records = { ...emptyColumns(length, first), weightsEvery, weights, ...(thinned && { thinned }) };
  for (const name of columnNames) {
    const column = columns[name];
    if (typeof column === 'number') records[name].fill(column);
    else if (column.length === length) records[name].set(column);
    else throw new RangeError(`${name} has ${column.length} numbers where ${length} are needed`);
  }
  return records;
}

/** The epochs from `known` on; thinned ones stay whole. */
export function beyond(records: EpochColumns, known: number): EpochColumns {
  if (records.thinned) return records;
  const { first, loss, weightsEvery, weights } = records;
  const skipped = Math.min(Math.max(0, known - first), loss.length);
  if (skipped === 0) return records;
  const later = { ...records, first: first + skipped };
  for (const name of columnNames) later[name] = records[name].subarray(skipped);
  const before = (epochs: number) => Math.floor(epochs / weightsEvery);
  const kept = before(first + loss.length) - before(first);
  if (kept > 0) {
    const width = weights.length / kept;
    later.weights = weights.subarray((before(later.first) - before(first)) * width);
  }
  return later;
}

function joinRecords(all: readonly EpochColumns[]): EpochColumns {
  if (all.length === 1) return all[0];
  const count = all.reduce((sum, { loss }) => sum + loss.length, 0);
  const joined = emptyColumns(count, all[0].first);
  for (const name of columnNames) {
    let at = 0;
    for (const records of all) {
      joined[name].set(records[name], at);
      at += records[name].length;
    }
  }
  const weights = new Float32Array(all.reduce((sum, records) => sum + records.weights.length, 0));
  let at = 0;
  for (const records of all) {
    weights.set(records.weights, at);
    at += records.weights.length;
  }
  return { ...joined, weightsEvery: all[0].weightsEvery, weights };
}

/** JSON has no -0, so a column of it is written out. */
function pack(column: Float64Array): PackedColumn {
  const first = column.length > 0 ? column[0] : 0;
  if (!Object.is(first, -0) && column.every((value) => Object.is(value, first))) return first;
  return column.every((value) => Object.is(Math.fround(value), value)) ? Float32Array.from(column) : column;
}
