import { EigenvalueDecomposition, Matrix, SVD } from 'ml-matrix';
import { gramMatrix } from './gramMatrix';
import {
  addMultiple,
  dot,
  lanczos,
  lanczosTogether,
  sameColumns,
  type ColumnMap,
  type Extremes,
  type LanczosOptions,
} from './lanczos';
import type { RowPasses } from './rowPasses';
import { multiply, multiplyTransposed, TableRows, Transposed, type RowSource } from './rowSource';

/** Up to this many columns, or rows, all eigenvalues are computed; beyond, the extreme ones. */
export const mostDense = 500;
/** Beyond this ratio of eigenvalues the smallest ones have lost digits that `R` still has. */
const wellConditioned = 1e8;
/** What may be left of the steepest direction's equation: the largest eigenvalue's error is of the order of the square. */
const iterated: LanczosOptions = { bothEnds: true, tolerance: 2e-5 };
/** Columns further from 0, in deviations, lose digits where they are scaled after they were multiplied. */
const mostOff = 100;
/** Relative to the largest, eigenvalues below this are rounding. */
const rounding = 1e-13;

/** The eigenvalues of `AᵀA / rows` of some rows. */
export interface Spectrum extends Extremes {
  /** Those that are not zero, the largest first; absent where there are too many. */
  eigenvalues?: Float64Array;
  /** A vector's component along each of their directions. */
  coordinates?(vector: Float64Array): Float64Array;
}

/** The same spectrum with eigenvalues that are `factor` times as large. */
export function timesSpectrum(spectrum: Spectrum, factor: number): Spectrum {
  const { largest, smallest, eigenvalues } = spectrum;
  return {
    ...spectrum,
    largest: largest * factor,
    smallest: smallest * factor,
    ...(eigenvalues && { eigenvalues: eigenvalues.map((value) => value * factor) }),
  };
}

/** `R` of a matrix, and how many of its columns are independent. */
export interface RankedFactor {
  /** `columns × columns`, row-major. */
  r: Float64Array;
  rank: number;
}

/**
 * The spectrum of `AᵀA / rows`: from the Gram matrix of the columns or, where they are fewer, of the rows; by Lanczos
 * iteration where both are many.
 * @param factor makes `R` where the Gram matrix has lost the small eigenvalues.
 * @param passes over the rows, where some are at hand.
 */
export function spectrumOf(source: RowSource, factor: () => RankedFactor, passes?: () => RowPasses): Spectrum {
  if (source.columns <= mostDense) return columnSpectrum(source, factor);
  return source.rows <= mostDense ? rowSpectrum(source) : lanczos(source, iterated, passes?.());
}

/**
 * The spectra of rows as they are and of the same rows `scaled`, with one pass for each step of both searches. Undefined
 * where they are not found by Lanczos iteration, or where rounding is in the way.
 */
export function spectraOf(source: RowSource, scaled: RowSource, passes: () => RowPasses): Spectrum[] | undefined {
  if (Math.min(source.columns, source.rows) <= mostDense) return undefined;
  const map = scalingMap(source, scaled);
  return map && lanczosTogether(source, [sameColumns, map], iterated, passes());
}

/** By which matrix rows with a 1 at their end are multiplied where they are scaled. */
function scalingMap(source: RowSource, scaled: RowSource): ColumnMap | undefined {
  if (!(source instanceof TableRows && scaled instanceof TableRows)) return undefined;
  const { ones, scaling: earlier, factors } = source.options;
  const { scaling } = scaled.options;
  if (!ones || earlier || factors || !scaling) return undefined;
  const { offset, scale } = scaling;
  if (offset.some((value, i) => Math.abs(value) > mostOff * scale[i])) return undefined;
  const width = offset.length;
  return {
    multiply(vector) {
      const product = vector.slice();
      for (let i = 0; i < width; i++) {
        product[i] /= scale[i];
        product[width] -= offset[i] * product[i];
      }
      return product;
    },
    multiplyTransposed: (vector) =>
      vector.map((value, i) => (i < width ? (value - offset[i] * vector[width]) / scale[i] : value)),
  };
}

function columnSpectrum(source: RowSource, factor: () => RankedFactor): Spectrum {
  const { columns, rows } = source;
  const decomposed = symmetricEigenvalues(gramMatrix(source), columns);
  const { values } = decomposed;
  if (values[columns - 1] * wellConditioned > values[0]) return denseSpectrum(decomposed, columns, rows);
  const { r, rank } = factor();
  const { diagonal, rightSingularVectors } = new SVD(Matrix.from1DArray(columns, columns, r), {
    computeLeftSingularVectors: false,
  });
  const squared = { values: diagonal.map((value) => value * value), vectors: rightSingularVectors };
  return denseSpectrum(squared, rank, rows);
}

interface Eigenvalues {
  /** The largest first. */
  values: number[];
  /** A column each. */
  vectors: Matrix;
}

function symmetricEigenvalues(matrix: Float64Array, size: number): Eigenvalues {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), {
    assumeSymmetric: true,
  });
  const order = Array.from({ length: size }, (_, i) => size - 1 - i);
  const vectors = eigenvectorMatrix.subMatrixColumn(order);
  return { values: realEigenvalues.reverse().map((value) => Math.max(0, value)), vectors };
}

/** @param coordinate for a vector, its length along each direction. */
function spectrumAlong(
  values: number[],
  rank: number,
  rows: number,
  direction: (i: number) => Float64Array,
  coordinate: (vector: Float64Array) => (i: number) => number,
): Spectrum {
  const eigenvalues = Float64Array.from(values.slice(0, rank), (value) => value / rows);
  const last = Math.max(0, rank - 1);
  return {
    largest: eigenvalues[0] ?? 0,
    smallest: eigenvalues[last] ?? 0,
    steepest: direction(0),
    flattest: direction(last),
    rank,
    eigenvalues,
    coordinates(vector) {
      const along = coordinate(vector);
      return eigenvalues.map((_, i) => along(i));
    },
  };
}

function denseSpectrum({ values, vectors }: Eigenvalues, rank: number, rows: number): Spectrum {
  const columns = vectors.rows;
  const direction = (i: number) => Float64Array.from({ length: columns }, (_, column) => vectors.get(column, i));
  return spectrumAlong(values, rank, rows, direction, (vector) => (i) => dot(direction(i), vector));
}

/** By the rows' products `AAᵀ`, which has the same eigenvalues except for zeros. */
function rowSpectrum(source: RowSource): Spectrum {
  const { rows } = source;
  const { values, vectors } = symmetricEigenvalues(gramMatrix(new Transposed(source)), rows);
  const rank = values.filter((value) => value > rounding * values[0]).length;
  const rowDirection = (i: number) => Float64Array.from({ length: rows }, (_, row) => vectors.get(row, i));
  const direction = (i: number) => {
    const vector = new Float64Array(source.columns);
    if (rank > 0) addMultiple(vector, 1 / Math.sqrt(values[i]), multiplyTransposed(source, rowDirection(i)));
    return vector;
  };
  return spectrumAlong(values, rank, rows, direction, (vector) => {
    const outputs = multiply(source, vector);
    return (i) => dot(rowDirection(i), outputs) / Math.sqrt(values[i]);
  });
}
