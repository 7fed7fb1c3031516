import type { Scaling } from '../data/scaling';
import type { Numbers } from '../numbers';

/** A matrix that is read in blocks of rows, as float64 or, where it holds no more, as float32; it need not be in memory as a whole. */
export interface RowSource {
  readonly rows: number;
  readonly columns: number;
  /** Writes the rows `[start, end)` to `block`: a row every `rowStep` numbers, a column every `columnStep`. */
  read(start: number, end: number, block: Numbers, rowStep: number, columnStep: number): void;
}

/** Rows of fewer numbers are copied sooner one by one than as a whole. */
const leastCopied = 64;

/** Which numbers of a table make a matrix. */
export interface TableOptions {
  /** `… × width`, row-major. */
  values: Numbers;
  width: number;
  /** The table's rows, in this order. */
  rows: Uint32Array;
  /** One more column that holds a 1 in every row: what a bias is multiplied by. */
  ones?: boolean;
  /** Applied as `applyScaling` does, rounded to float32. */
  scaling?: Scaling;
  /** What each row of the table is multiplied by in the end, its 1 too. */
  factors?: Float64Array;
}

/** Some rows of a table, with a column of ones where there is a bias. */
export class TableRows implements RowSource {
  readonly rows: number;
  readonly columns: number;

  constructor(readonly options: TableOptions) {
    this.rows = options.rows.length;
    this.columns = options.width + (options.ones ? 1 : 0);
  }

  read(start: number, end: number, block: Numbers, rowStep: number, columnStep: number): void {
    const { values, width, rows, ones, scaling, factors } = this.options;
    const isWhole = columnStep === 1 && width >= leastCopied;
    let at = 0;
    for (let row = start; row < end; row++, at += rowStep) {
      let [from, to] = [rows[row] * width, at];
      if (isWhole) block.set(values.subarray(from, from + width), at);
      else for (let column = 0; column < width; column++, to += columnStep) block[to] = values[from++];
      if (ones) block[at + width * columnStep] = 1;
    }
    if (scaling) scaleBlock(scaling, block, end - start, rowStep, columnStep);
    if (!factors) return;
    for (let row = start; row < end; row++) {
      const first = (row - start) * rowStep;
      for (let column = 0; column < this.columns; column++) block[first + column * columnStep] *= factors[rows[row]];
    }
  }

  /** Some of these rows, by their place among them. */
  subset(places: Uint32Array): TableRows {
    return new TableRows({ ...this.options, rows: places.map((place) => this.options.rows[place]) });
  }

  /** The rows `[start, end)` of these. */
  slice(start: number, end: number): TableRows {
    return new TableRows({ ...this.options, rows: this.options.rows.subarray(start, end) });
  }
}

/** Weights of a table's rows, divided by their mean over some of the rows. */
export function relativeWeights(weights: Float32Array, rows: Uint32Array): Float64Array {
  const mean = rows.reduce((sum, row) => sum + weights[row], 0) / rows.length;
  return Float64Array.from(weights, (weight) => weight / mean);
}

/** What the training rows count, where they count differently. */
export class RowWeights {
  /** By their place among the training rows. */
  readonly own: Float64Array;
  /** By their number in the dataset, divided by the mean of the training rows. */
  readonly relative: Float64Array;

  constructor(values: Float32Array, rows: Uint32Array) {
    this.own = Float64Array.from(rows, (row) => values[row]);
    this.relative = relativeWeights(values, rows);
  }
}

/** Rows, each times its share or a function of that; the mean share is 1. The rows as they are without weights. */
export function weighted(
  rows: TableRows,
  weights: RowWeights | undefined,
  of: (share: number) => number = (share) => share,
): TableRows {
  return weights ? new TableRows({ ...rows.options, factors: weights.relative.map(of) }) : rows;
}

function scaleBlock(
  { offset, scale }: Scaling,
  block: Numbers,
  rows: number,
  rowStep: number,
  columnStep: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0, at = row * rowStep; column < offset.length; column++, at += columnStep) {
      block[at] = Math.fround((block[at] - offset[column]) / scale[column]);
    }
  }
}

/**
 * Another matrix with a row for each column below it, which holds a number in that column alone. So a penalty on squares is a
 * part of least squares.
 */
export class ExtendedRows implements RowSource {
  readonly rows: number;
  readonly columns: number;

  /** @param diagonal a number for each row that is added; 0 of one that holds nothing. */
  constructor(
    private readonly source: RowSource,
    private readonly diagonal: Float64Array,
  ) {
    this.rows = source.rows + diagonal.length;
    this.columns = source.columns;
  }

  read(start: number, end: number, block: Numbers, rowStep: number, columnStep: number): void {
    const { source, diagonal, columns } = this;
    if (start < source.rows) source.read(start, Math.min(end, source.rows), block, rowStep, columnStep);
    for (let row = Math.max(start, source.rows); row < end; row++) {
      const at = (row - start) * rowStep;
      const own = row - source.rows;
      for (let column = 0; column < columns; column++) {
        block[at + column * columnStep] = column === own ? diagonal[own] : 0;
      }
    }
  }
}

/** A matrix whose rows are another's columns. Reads the other one as a whole for every block. */
export class Transposed implements RowSource {
  readonly rows: number;
  readonly columns: number;

  constructor(private readonly source: RowSource) {
    this.rows = source.columns;
    this.columns = source.rows;
  }

  read(start: number, end: number, block: Numbers, rowStep: number, columnStep: number): void {
    const row = new Float64Array(this.rows);
    for (let column = 0; column < this.columns; column++) {
      this.source.read(column, column + 1, row, this.rows, 1);
      for (let i = start; i < end; i++) block[(i - start) * rowStep + column * columnStep] = row[i];
    }
  }
}

/** Calls `visit` with blocks of rows, row-major with `columns` numbers a row, until one of these calls returns false. */
export function forBlocks(
  source: RowSource,
  visit: (block: Float64Array, rows: number, start: number) => unknown,
  blockRows = Math.max(1, Math.min(256, Math.floor(65_536 / source.columns))),
): void {
  const block = new Float64Array(blockRows * source.columns);
  for (let start = 0; start < source.rows; start += blockRows) {
    const end = Math.min(source.rows, start + blockRows);
    source.read(start, end, block, source.columns, 1);
    if (visit(block, end - start, start) === false) return;
  }
}

/** `A v` for the source's matrix `A`. */
export function multiply(source: RowSource, vector: Float64Array): Float64Array {
  const { columns } = source;
  const product = new Float64Array(source.rows);
  forBlocks(source, (block, rows, start) => {
    for (let row = 0, at = 0; row < rows; row++) {
      let sum = 0;
      for (let column = 0; column < columns; column++) sum += block[at++] * vector[column];
      product[start + row] = sum;
    }
  });
  return product;
}

/** `Aᵀ v` for the source's matrix `A`. */
export function multiplyTransposed(source: RowSource, vector: Float64Array): Float64Array {
  const { columns } = source;
  const product = new Float64Array(columns);
  forBlocks(source, (block, rows, start) => {
    for (let row = 0, at = 0; row < rows; row++) {
      const factor = vector[start + row];
      for (let column = 0; column < columns; column++) product[column] += factor * block[at++];
    }
  });
  return product;
}

/** The square of each row's length. */
export function rowNorms(source: RowSource): Float64Array {
  const norms = new Float64Array(source.rows);
  forBlocks(source, (block, rows, start) => {
    for (let row = 0, at = 0; row < rows; row++) {
      let sum = 0;
      for (let column = 0; column < source.columns; column++) sum += block[at++] ** 2;
      norms[start + row] = sum;
    }
  });
  return norms;
}

/** The square of each column's length. */
export function columnNorms(source: RowSource): Float64Array {
  const norms = new Float64Array(source.columns);
  forBlocks(source, (block, rows) => {
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < norms.length; column++) norms[column] += block[at++] ** 2;
    }
  });
  return norms;
}

/** The largest number of each column, signs aside. */
export function columnMaxima(source: RowSource): Float64Array {
  const maxima = new Float64Array(source.columns);
  forBlocks(source, (block, rows) => {
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < maxima.length; column++) {
        const size = Math.abs(block[at++]);
        if (size > maxima[column]) maxima[column] = size;
      }
    }
  });
  return maxima;
}
