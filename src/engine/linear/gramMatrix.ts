import type { RowSource } from './rowSource';

/** Rows read at a time: with 32 columns they stay in the processor's first cache. */
const blockRows = 128;
/** Columns of a tile: its nine sums stay in registers. */
const tile = 3;

/**
 * `AᵀA` in float64 for the source's matrix `A`, `columns × columns`, in one pass over the rows.
 */
export function gramMatrix(source: RowSource): Float64Array {
  const { columns, rows } = source;
  // Columns of zeros fill the last tile.
  const width = Math.ceil(columns / tile) * tile;
  const block = new Float64Array(blockRows * width);
  const padded = new Float64Array(width * width);
  for (let start = 0; start < rows; start += blockRows) {
    const end = Math.min(rows, start + blockRows);
    source.read(start, end, block, width, 1);
    for (let i = 0; i < width; i += tile) {
      for (let j = i; j < width; j += tile) addTile(block, (end - start) * width, width, i, j, padded);
    }
  }
  const gram = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) gram[i * columns + j] = gram[j * columns + i] = padded[i * width + j];
  }
  return gram;
}

/** Adds the products of the three columns from `i` with the three from `j`. */
function addTile(block: Float64Array, length: number, width: number, i: number, j: number, gram: Float64Array): void {
  let [s00, s01, s02, s10, s11, s12, s20, s21, s22] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let a = i, b = j; a < length; a += width, b += width) {
    const a0 = block[a];
    const a1 = block[a + 1];
    const a2 = block[a + 2];
    const b0 = block[b];
    const b1 = block[b + 1];
    const b2 = block[b + 2];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
  }
  const at = i * width + j;
  gram[at] += s00;
  gram[at + 1] += s01;
  gram[at + 2] += s02;
  gram[at + width] += s10;
  gram[at + width + 1] += s11;
  gram[at + width + 2] += s12;
  gram[at + 2 * width] += s20;
  gram[at + 2 * width + 1] += s21;
  gram[at + 2 * width + 2] += s22;
}
