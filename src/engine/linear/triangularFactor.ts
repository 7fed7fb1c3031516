import type { RowSource } from './rowSource';

/** What a QR decomposition leaves of a matrix `A` and of targets `Y` beside it, when `Q` itself is not kept. */
export interface TriangularFactor {
  columns: number;
  /** `R`, `columns × columns`, row-major, zero below the diagonal; `RᵀR = AᵀA`. */
  r: Float64Array;
  /** The first `columns` rows of `QᵀY`, `columns × targets`, row-major. */
  rotated: Float64Array;
  /** For each target, the square of what `A` cannot reach of it: the smallest `‖A x - y‖²`. */
  unreached: Float64Array;
}

/** Numbers of a block: it stays in the processor's second cache. */
const blockNumbers = 12_000;
/** Columns that are reflected at once. */
const together = 4;

/** A block of columns, `stride` numbers apart, of which `rows` are in use. */
interface Span {
  stride: number;
  rows: number;
}

/**
 * `R` by Householder reflections, block after block of rows: each block is reduced together with the `R` so far, so memory
 * stays at one block however many rows there are. Columns should be of similar size: see `scale`.
 * @param scale each column of `A` is divided by its entry.
 */
export function triangularFactor(source: RowSource, targets: RowSource, scale: Float64Array): TriangularFactor {
  const { columns, rows } = source;
  const width = columns + targets.columns;
  // Odd, for columns a power of two apart would get in each other's way in the cache.
  const blockRows = Math.max(16, Math.min(512, Math.floor(blockNumbers / width))) | 1;
  // Columns of zeros make up for the last of those reflected together.
  const padded = width + together - 1;
  const block = new Float64Array(padded * blockRows);
  const top = new Float64Array(columns * padded);
  const unreached = new Float64Array(targets.columns);
  for (let start = 0; start < rows; start += blockRows) {
    const end = Math.min(rows, start + blockRows);
    source.read(start, end, block, 1, blockRows);
    targets.read(start, end, block.subarray(columns * blockRows), 1, blockRows);
    divideColumns(block, blockRows, end - start, scale);
    reduceBlock(top, padded, columns, block, { stride: blockRows, rows: end - start });
    for (let target = 0; target < targets.columns; target++) {
      const from = (columns + target) * blockRows;
      for (let i = from; i < from + end - start; i++) unreached[target] += block[i] ** 2;
    }
  }
  return { columns, ...splitTop(top, padded, columns, targets.columns), unreached };
}

function divideColumns(block: Float64Array, stride: number, rows: number, scale: Float64Array): void {
  for (let column = 0; column < scale.length; column++) {
    for (let i = column * stride; i < column * stride + rows; i++) block[i] /= scale[column];
  }
}

/**
 * Reflects the block's columns into the triangle above them. A reflection touches one row of the triangle, for the others
 * are zero in its column.
 */
function reduceBlock(top: Float64Array, padded: number, columns: number, block: Float64Array, span: Span): void {
  for (let j = 0; j < columns; j++) {
    const from = j * span.stride;
    let below = 0;
    for (let i = from; i < from + span.rows; i++) below += block[i] * block[i];
    if (below === 0) continue;
    const pivot = top[j * padded + j];
    const length = Math.sqrt(pivot * pivot + below);
    const diagonal = pivot > 0 ? -length : length;
    const head = pivot - diagonal;
    for (let i = from; i < from + span.rows; i++) block[i] /= head;
    top[j * padded + j] = diagonal;
    for (let other = j + 1; other + together <= padded; other += together) {
      reflectColumns(top, j * padded + other, block, from, other * span.stride, span, -head / diagonal);
    }
  }
}

/** Reflects four columns at once: a mirror's number that is read serves all of them. */
function reflectColumns(
  top: Float64Array,
  topAt: number,
  block: Float64Array,
  mirror: number,
  at: number,
  { rows, stride }: Span,
  factor: number,
): void {
  const [b, c, d] = [at + stride, at + 2 * stride, at + 3 * stride];
  let [p0, p1, p2, p3] = [top[topAt], top[topAt + 1], top[topAt + 2], top[topAt + 3]];
  for (let i = 0; i < rows; i++) {
    const m = block[mirror + i];
    p0 += m * block[at + i];
    p1 += m * block[b + i];
    p2 += m * block[c + i];
    p3 += m * block[d + i];
  }
  [p0, p1, p2, p3] = [p0 * factor, p1 * factor, p2 * factor, p3 * factor];
  top[topAt] -= p0;
  top[topAt + 1] -= p1;
  top[topAt + 2] -= p2;
  top[topAt + 3] -= p3;
  for (let i = 0; i < rows; i++) {
    const m = block[mirror + i];
    block[at + i] -= p0 * m;
    block[b + i] -= p1 * m;
    block[c + i] -= p2 * m;
    block[d + i] -= p3 * m;
  }
}

function splitTop(
  top: Float64Array,
  padded: number,
  columns: number,
  targets: number,
): { r: Float64Array; rotated: Float64Array } {
  const r = new Float64Array(columns * columns);
  const rotated = new Float64Array(columns * targets);
  for (let row = 0; row < columns; row++) {
    const at = row * padded;
    r.set(top.subarray(at, at + columns), row * columns);
    rotated.set(top.subarray(at + columns, at + columns + targets), row * targets);
  }
  return { r, rotated };
}
