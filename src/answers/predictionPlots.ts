import type { Dataset } from '../engine/dataset';
import type { Numbers } from '../engine/numbers';
import { BadQuestion } from '../engine/report/badQuestion';
import { columnAt } from '../training/exactRows';
import type { Confusion, ScatterPoints, ScatterQuery } from '../protocol/questions';

/** The rows of a dataset, and what a model makes of them. */
export interface PredictedRows {
  /** Rows in the dataset. */
  rows: number;
  /** `rows × inputs`, row-major. */
  inputs: Float32Array;
  /** `rows × targetColumns`, row-major. */
  targets: Float32Array;
  targetColumns: number;
  exact?: NonNullable<Dataset['exact']>;
  products?: NonNullable<Dataset['products']>;
  /** 1 where a row is held out for validation. */
  validation: Uint8Array;
  /** Predictions in the targets' own units, `rows × targetColumns`. */
  predict(rows: Uint32Array): Numbers;
}

/** Rows that are predicted at a time. */
const chunk = 4096;

/** Points of a scatter plot, of rows taken evenly. Throws a BadQuestion where there is no such target. */
export function scatterPoints(data: PredictedRows, { target, points }: ScatterQuery): ScatterPoints {
  const { rows: total, inputs, targetColumns, validation, products = [] } = data;
  const width = inputs.length / total;
  if (target >= targetColumns) throw new BadQuestion(`there is no target ${target} among ${targetColumns}`);
  const count = Math.min(points, total);
  const rows = evenly(total, count);
  const predicted = data.predict(rows);
  return {
    total,
    rows,
    actual: columnAt(data, { of: 'targets', index: target }, targetColumns, rows),
    predicted: predicted.filter((_, i) => i % targetColumns === target),
    ...(width - products.length === 1 && { input: columnAt(data, { of: 'inputs', index: 0 }, width, rows) }),
    validation: Uint8Array.from(rows, (row) => validation[row]),
  };
}

/**
 * One row out of each of `count` spans as long as one another. Where in its span changes from one to the next, or else
 * a dataset that repeats itself would show one of its phases only.
 */
function evenly(total: number, count: number): Uint32Array {
  const golden = (Math.sqrt(5) - 1) / 2;
  return Uint32Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * total) / count);
    const length = Math.floor(((i + 1) * total) / count) - start;
    return start + Math.floor(((i * golden) % 1) * length);
  });
}

/** How often each of `classCount` classes was taken for each, listing at most `most` of them. */
export function confusion(data: PredictedRows, classCount: number, most: number): Confusion {
  const { targets, validation } = data;
  const pairs = new Float64Array(classCount * classCount);
  const sums = { total: data.rows, right: 0, validationTotal: 0, validationRight: 0 };
  for (let start = 0; start < data.rows; start += chunk) {
    const rows = Uint32Array.from({ length: Math.min(chunk, data.rows - start) }, (_, i) => start + i);
    data.predict(rows).forEach((predicted, i) => {
      const row = start + i;
      const right = Number(predicted === targets[row]);
      pairs[targets[row] * classCount + predicted]++;
      sums.right += right;
      sums.validationTotal += validation[row];
      sums.validationRight += right * validation[row];
    });
  }
  const classes = mostConfusedClasses(pairs, classCount, most);
  const counts = Float64Array.from({ length: classes.length ** 2 }, (_, i) => {
    const [actual, predicted] = [classes[Math.floor(i / classes.length)], classes[i % classes.length]];
    return pairs[actual * classCount + predicted];
  });
  return { classes, counts, ...sums };
}

function mostConfusedClasses(pairs: Float64Array, classCount: number, most: number): Uint32Array {
  const wrong = new Float64Array(classCount);
  pairs.forEach((count, i) => {
    const [actual, predicted] = [Math.floor(i / classCount), i % classCount];
    if (actual === predicted) return;
    wrong[actual] += count;
    wrong[predicted] += count;
  });
  const classes = Array.from(wrong, (_, i) => i).sort((one, other) => wrong[other] - wrong[one] || one - other);
  return Uint32Array.from(classes.slice(0, most)).sort();
}
