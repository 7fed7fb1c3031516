import type { Numbers } from '../numbers';
import type { ClassMetrics } from '../report/metrics';

/** Some rows' classes beside what a model makes of them; a number a row. */
export interface PredictedClasses {
  /** Number of each row's class. */
  actual: Numbers;
  /** Number of the class that is predicted. */
  predicted: Numbers;
  /** Probability that the model gives to the row's own class. */
  probability: Float64Array;
  /** Of two classes: the larger, the likelier is the second one. */
  scores?: Float64Array;
}

/** Metrics of predicted classes. A class that no row has and none is predicted as does not count. */
export function classMetrics({ actual, predicted, probability, scores }: PredictedClasses): ClassMetrics {
  const rows = actual.length;
  return {
    ...perClass(actual, predicted),
    logLoss: probability.reduce((sum, share) => sum - Math.log(clipped(share)), 0) / rows,
    ...(scores && { rocAuc: rocAuc(actual, scores) }),
  };
}

function perClass(actual: Numbers, predicted: Numbers): Omit<ClassMetrics, 'logLoss' | 'rocAuc'> {
  const classes = Math.max(largest(actual), largest(predicted)) + 1;
  const [own, taken, right] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  actual.forEach((value, row) => {
    own[value]++;
    taken[predicted[row]]++;
    if (value === predicted[row]) right[value]++;
  });
  const sums = { precision: 0, recall: 0, f1: 0 };
  let [present, rightRows] = [0, 0];
  for (let i = 0; i < classes; i++) {
    if (own[i] + taken[i] === 0) continue;
    present++;
    rightRows += right[i];
    sums.precision += taken[i] === 0 ? 0 : right[i] / taken[i];
    sums.recall += own[i] === 0 ? 0 : right[i] / own[i];
    sums.f1 += (2 * right[i]) / (own[i] + taken[i]);
  }
  return {
    accuracy: rightRows / actual.length,
    precision: sums.precision / present,
    recall: sums.recall / present,
    f1: sums.f1 / present,
  };
}

function largest(values: Numbers): number {
  let most = -1;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** As `log_loss` does, so that a row that was thought impossible costs much but not everything. */
function clipped(probability: number): number {
  return Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability));
}

/** How often a row of the second class has a larger score than one of the first; equal scores count as half. */
function rocAuc(actual: Numbers, scores: Float64Array): number {
  const second = scores.filter((_, row) => actual[row] === 1).sort();
  const first = scores.filter((_, row) => actual[row] !== 1).sort();
  if (first.length === 0 || second.length === 0 || scores.some(Number.isNaN)) return NaN;
  let [below, upTo, wins] = [0, 0, 0];
  for (const score of second) {
    while (below < first.length && first[below] < score) below++;
    while (upTo < first.length && first[upTo] <= score) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (first.length * second.length);
}
