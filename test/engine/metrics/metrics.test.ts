import { describe, expect, it } from 'vitest';
import { classMetrics } from '../../../src/engine/metrics/classMetrics';
import { columnMeans, numberMetrics } from '../../../src/engine/metrics/numberMetrics';
import fixture from '../../fixtures/metrics.json';

/** Metrics as scikit-learn gave them; null where it refuses or they are not finite. */
type Expected = Record<string, number | null>;
type Parts = Record<string, Record<'model' | 'baseline', Expected>>;

function expectMetrics(found: object, expected: Expected): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(found) as [string, number][]) {
    const wanted = expected[name];
    if (wanted === null) expect(value, name).toBeNaN();
    else expect(Math.abs(value - wanted), `${name}: ${value}, not ${wanted}`).toBeLessThanOrEqual(tolerance(wanted));
  }
}

function tolerance(expected: number): number {
  return 1e-12 * Math.max(1, Math.abs(expected));
}

function parts<T>(values: ArrayLike<T>, trained: number): { train: T[]; validation: T[] } {
  const all = Array.from(values);
  return { train: all.slice(0, trained), validation: all.slice(trained) };
}

it('covers at least twenty datasets', () => {
  expect(fixture.numbers.length + fixture.classes.length).toBeGreaterThanOrEqual(20);
});

describe('metrics of numbers are those of scikit-learn', () => {
  it.each(fixture.numbers)('$name', ({ width, train, actual, predicted, expected }) => {
    const [targets, predictions] = [parts(actual, train * width), parts(predicted, train * width)];
    const means = columnMeans(Float64Array.from(targets.train), width);
    for (const [part, { model, baseline }] of Object.entries(expected as Parts)) {
      const rows = Float64Array.from(targets[part as 'train']);
      expectMetrics(numberMetrics(rows, Float64Array.from(predictions[part as 'train']), width), model);
      expectMetrics(numberMetrics(rows, means, width), baseline);
    }
  });
});

describe('metrics of classes are those of scikit-learn', () => {
  it.each(fixture.classes)('$name', ({ classes, train, actual, probabilities, expected }) => {
    const own = parts(actual, train);
    const rowsOf = parts(
      actual.map((_, row) => probabilities.slice(row * classes, (row + 1) * classes)),
      train,
    );
    const shares = Array.from({ length: classes }, (_, i) => own.train.filter((value) => value === i).length / train);
    for (const [part, { model, baseline }] of Object.entries(expected as Parts)) {
      const rows = own[part as 'train'];
      expectMetrics(metricsOf(rows, rowsOf[part as 'train']), model);
      expectMetrics(
        metricsOf(
          rows,
          rows.map(() => shares),
        ),
        baseline,
      );
    }
  });
});

function metricsOf(actual: number[], probabilities: number[][]) {
  return classMetrics({
    actual: Float32Array.from(actual),
    predicted: Float32Array.from(probabilities, (row) => row.indexOf(Math.max(...row))),
    probability: Float64Array.from(probabilities, (row, i) => row[actual[i]]),
    ...(probabilities[0].length === 2 && { scores: Float64Array.from(probabilities, (row) => row[1]) }),
  });
}

it('a score that is no number leaves the ROC AUC unknown', () => {
  const rows = { actual: Float32Array.of(0, 1), predicted: Float32Array.of(0, 1), probability: Float64Array.of(1, 1) };
  expect(classMetrics({ ...rows, scores: Float64Array.of(0, NaN) }).rocAuc).toBeNaN();
});

it('weights of 1 change no bit of any metric of classes', () => {
  const actual = Float32Array.from({ length: 200 }, (_, i) => Number((i * 7) % 11 > 5));
  const scores = Float64Array.from(actual, (value, i) => (3 * value + ((i * 13) % 17)) / 10);
  const predicted = Float32Array.from(scores, (score) => Number(score > 1));
  const probability = scores.map((score, i) => (actual[i] === 1 ? score / 2 : 1 - score / 2));
  const rows = { actual, predicted, probability, scores };
  expect(classMetrics({ ...rows, weights: new Float32Array(200).fill(1) })).toEqual(classMetrics(rows));
});
