import { relativeWeights, TableRows } from '../linear/rowSource';
import { SolvedRows } from '../linear/solvedRows';
import { linearOutput } from '../../engine/kernels/plainKernels';
import { numbersAt, type Numbers } from '../../engine/numbers';
import type { Trainer } from '../train/trainer';

/** The rows that a model is trained on, in the scale that it is trained in. */
export interface TableOfRows {
  /** `… × inputs`, row-major. */
  inputs: Float32Array;
  /** `… × targetFeatures`, row-major. */
  targets: Float32Array;
  outFeatures: number;
  targetFeatures: number;
  /** What each row of the table counts; absent where all count the same. */
  weights?: Float32Array;
  /** Which of the rows. */
  rows: Uint32Array;
}

/** The rows that a linear model is trained on. */
export interface TrainingRows extends TableOfRows {
  inFeatures: number;
  hasBias: boolean;
}

/** The rows that a trainer trains on. */
export function tableOfRows({ parts: { dataset, kernels, model, trainRows } }: Trainer): TableOfRows {
  const { inputs, targets } = kernels;
  const targetFeatures = dataset.targetNames.length;
  const weights = dataset.sampleWeight?.values;
  return {
    ...{ inputs, targets, outFeatures: model.outFeatures, targetFeatures, rows: trainRows },
    ...(weights && { weights }),
  };
}

/** The same with at most `most` rows, evenly spread. */
export function sampleRows<T extends TableOfRows>(data: T, most: number): T {
  const { rows } = data;
  if (rows.length <= most) return data;
  const sampled = Uint32Array.from({ length: most }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / most)]);
  return { ...data, rows: sampled };
}

/** Inputs, and a constant where there is a bias: what each output has a parameter for. */
export function columnCount({ inFeatures, hasBias }: TrainingRows): number {
  return inFeatures + (hasBias ? 1 : 0);
}

/** Where an output's parameter for a column stands among all parameters. */
export function parameterIndex({ inFeatures, outFeatures }: TrainingRows, output: number, column: number): number {
  return column < inFeatures ? output * inFeatures + column : outFeatures * inFeatures + output;
}

/** The model's outputs for the rows, `rows × outFeatures`, in float64. */
export function outputsOf(data: TrainingRows, parameters: Numbers): Float64Array {
  const { inputs, outFeatures, rows } = data;
  const outputs = new Float64Array(rows.length * outFeatures);
  for (let at = 0; at < outputs.length; at++) {
    outputs[at] = linearOutput(inputs, data, parameters, rows[Math.floor(at / outFeatures)], at % outFeatures);
  }
  return outputs;
}

/** The rows with their targets, for what `src/engine/linear` says of them. */
export function solvedRowsOf(data: TrainingRows): SolvedRows {
  const { inputs, targets, inFeatures, targetFeatures, hasBias, rows, weights } = data;
  const factors = weights && { factors: Float64Array.from(relativeWeights(weights, rows), Math.sqrt) };
  return new SolvedRows(
    new TableRows({ values: inputs, width: inFeatures, rows, ones: hasBias, ...factors }),
    new TableRows({ values: targets, width: targetFeatures, rows, ...factors }),
    hasBias,
  );
}

/** `Aᵀ values / rows` for values of `rows × outFeatures`, laid out as the parameters. */
export function averageProducts(data: TrainingRows, values: ArrayLike<number>): Float64Array {
  const { inputs, inFeatures, outFeatures, hasBias, rows } = data;
  const biases = outFeatures * inFeatures;
  const sums = new Float64Array(biases + (hasBias ? outFeatures : 0));
  for (let i = 0, at = 0; i < rows.length; i++) {
    const start = rows[i] * inFeatures;
    for (let output = 0; output < outFeatures; output++, at++) {
      const value = values[at];
      const weights = output * inFeatures;
      for (let column = 0; column < inFeatures; column++) sums[weights + column] += inputs[start + column] * value;
      if (hasBias) sums[biases + output] += value;
    }
  }
  return sums.map((sum) => sum / rows.length);
}

/** The weights of the rows, one after the other; undefined where all count the same. */
export function weightsOf({ weights, rows }: TableOfRows): Numbers | undefined {
  return weights && numbersAt(weights, rows);
}

/** The targets of the rows, one after the other. */
export function gatherTargets({ targets, targetFeatures, rows }: TableOfRows): Float32Array {
  const gathered = new Float32Array(rows.length * targetFeatures);
  rows.forEach((row, i) => {
    gathered.set(targets.subarray(row * targetFeatures, (row + 1) * targetFeatures), i * targetFeatures);
  });
  return gathered;
}
