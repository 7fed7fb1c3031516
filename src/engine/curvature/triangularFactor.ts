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

/** Numbers of a block: about the size of the processor's second cache. */
const blockNumbers = 32_768;

/**
 * `R` by Householder reflections, block after block of rows: each block is reduced together with the `R` so far, so memory
 * stays at one block however many rows there are. Columns should be of similar size: see `scale`.
 * @param scale each column of `A` is divided by its entry.
 */
export function triangularFactor(source: RowSource, targets: RowSource, scale: Float64Array): TriangularFactor {
  const { columns, rows } = source;
  const width = columns + targets.columns;
  const blockRows = Math.max(16, Math.min(512, Math.floor(blockNumbers / width)));
  const block = new Float64Array(width * blockRows);
  const top = new Float64Array(columns * width);
  const unreached = new Float64Array(targets.columns);
  for (let start = 0; start < rows; start += blockRows) {
    const end = Math.min(rows, start + blockRows);
    source.read(start, end, block, 1, blockRows);
    targets.read(start, end, block.subarray(columns * blockRows), 1, blockRows);
    divideColumns(block, blockRows, end - start, scale);
    reduceBlock(top, width, columns, block, blockRows, end - start);
    for (let target = 0; target < targets.columns; target++) {
      const from = (columns + target) * blockRows;
      for (let i = from; i < from + end - start; i++) unreached[target] += block[i] ** 2;
    }
  }
  return { columns, ...splitTop(top, columns, targets.columns), unreached };
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
function reduceBlock(
  top: Float64Array,
  width: number,
  columns: number,
  block: Float64Array,
  stride: number,
  rows: number,
): void {
  for (let j = 0; j < columns; j++) {
    const from = j * stride;
    let below = 0;
    for (let i = from; i < from + rows; i++) below += block[i] ** 2;
    if (below === 0) continue;
    const pivot = top[j * width + j];
    const length = Math.sqrt(pivot ** 2 + below);
    const diagonal = pivot > 0 ? -length : length;
    const head = pivot - diagonal;
    const factor = -head / diagonal;
    for (let i = from; i < from + rows; i++) block[i] /= head;
    top[j * width + j] = diagonal;
    for (let other = j + 1; other < width; other++) {
      const at = other * stride;
      let product = top[j * width + other];
      for (let i = 0; i < rows; i++) product += block[from + i] * block[at + i];
      product *= factor;
      top[j * width + other] -= product;
      for (let i = 0; i < rows; i++) block[at + i] -= product * block[from + i];
    }
  }
}

function splitTop(top: Float64Array, columns: number, targets: number): { r: Float64Array; rotated: Float64Array } {
  const width = columns + targets;
  const r = new Float64Array(columns * columns);
  const rotated = new Float64Array(columns * targets);
  for (let row = 0; row < columns; row++) {
    r.set(top.subarray(row * width, row * width + columns), row * columns);
    rotated.set(top.subarray(row * width + columns, (row + 1) * width), row * targets);
  }
  return { r, rotated };
}
