/** The widths of a table's columns in pixels, where it is wider than its place. */
export interface FittedColumns {
  widths: number[];
  /** Columns from the first one on that stay in sight while the others are scrolled. */
  pinned: number;
  /** Columns that come to stand beside the pinned ones when the table is scrolled. */
  starts: number[];
}

/** Shares of the place that the pinned columns, and the first of them, take at most. */
const mostPinned = 0.7;
const mostFirst = 0.4;

/**
 * Lays columns out so that no column is cut wherever scrolling comes to rest: beside the pinned ones stand as many as have
 * room, and they fill it. Where the pinned ones leave too little room, only the
 * first one is.
 * @param wanted pixels that each column needs.
 * @param pinned how many of the first columns are to stay in sight, at least one.
 * @param available pixels of the place.
 */
export function fitColumns(wanted: readonly number[], pinned: number, available: number): FittedColumns {
  const first = Math.min(wanted[0], mostFirst * available);
  const needed = [first, ...wanted.slice(1)];
  const taken = sum(needed.slice(0, pinned));
  const isRoomy = taken <= mostPinned * available && Math.max(0, ...needed.slice(pinned)) <= available - taken;
  const count = isRoomy ? pinned : 1;
  const room = available - sum(needed.slice(0, count));
  const widths = needed.slice(0, count);
  const starts: number[] = [];
  for (let start = count; start < needed.length;) {
    let [end, used] = [start + 1, needed[start]];
    while (end < needed.length && used + needed[end] <= room) used += needed[end++];
    for (let i = start; i < end; i++) widths.push((needed[i] / used) * room);
    starts.push(start);
    start = end;
  }
  return { widths, pinned: count, starts };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
