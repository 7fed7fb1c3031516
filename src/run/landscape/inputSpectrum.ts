import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import {
  averageProducts,
  columnCount,
  gatherTargets,
  outputsOf,
  parameterIndex,
  type TrainingRows,
} from './trainingRows';

/** Eigenvalues of `AᵀA / rows`, where `A` has the inputs, and a column of ones for the bias. The Hessian of mse_loss is 2 / outputs times it. */
export interface InputSpectrum {
  /** The largest first. */
  eigenvalues: Float64Array;
  /** Of length 1, a number for each column; in the order of the eigenvalues. */
  vectors: Float64Array[];
  /** How many eigenvalues differ from zero by more than rounding. */
  rank: number;
}

/** Relative to the largest, eigenvalues below this times the number of columns are rounding. */
const rounding = 1e-15;
/** Newton steps to the minimum; those after the first take off rounding. */
const newtonSteps = 3;

/** The spectrum of the rows' inputs. */
export function inputSpectrum(data: TrainingRows): InputSpectrum {
  const columns = columnCount(data);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.from1DArray(columns, columns, gramMatrix(data)),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j] - realEigenvalues[i]);
  const eigenvalues = Float64Array.from(order, (i) => Math.max(0, realEigenvalues[i]));
  const vectors = order.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i)));
  const least = eigenvalues[0] * columns * rounding;
  return { eigenvalues, vectors, rank: eigenvalues.filter((value) => value > least).length };
}

/** The parameters nearest to `start` at which mse_loss is smallest: where gradient descent from there ends. */
export function nearestMinimum(data: TrainingRows, spectrum: InputSpectrum, start: ArrayLike<number>): Float64Array {
  const { outFeatures } = data;
  const targets = gatherTargets(data);
  const parameters = Float64Array.from(start);
  for (let step = 0; step < newtonSteps; step++) {
    const residuals = outputsOf(data, parameters).map((output, i) => output - targets[i]);
    const slopes = averageProducts(data, residuals);
    for (let output = 0; output < outFeatures; output++) {
      for (let i = 0; i < spectrum.rank; i++) {
        const vector = spectrum.vectors[i];
        let slope = 0;
        vector.forEach((value, column) => (slope += value * slopes[parameterIndex(data, output, column)]));
        const length = slope / spectrum.eigenvalues[i];
        vector.forEach((value, column) => (parameters[parameterIndex(data, output, column)] -= length * value));
      }
    }
  }
  return parameters;
}

function gramMatrix(data: TrainingRows): Float64Array {
  const { inputs, inFeatures, hasBias, rows } = data;
  const columns = columnCount(data);
  const gram = new Float64Array(columns * columns);
  const row = new Float64Array(columns).fill(1);
  for (const number of rows) {
    for (let i = 0; i < inFeatures; i++) row[i] = inputs[number * inFeatures + i];
    if (hasBias) row[inFeatures] = 1;
    for (let i = 0; i < columns; i++) {
      const value = row[i];
      for (let j = i; j < columns; j++) gram[i * columns + j] += value * row[j];
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      gram[j * columns + i] = gram[i * columns + j] /= rows.length;
    }
  }
  return gram;
}
