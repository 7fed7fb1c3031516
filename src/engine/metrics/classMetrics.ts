import type { Numbers } from '../numbers';
import { sumOf } from './numberMetrics';
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
  /** Of the rows, where they count differently (scikit-learn's `sample_weight`). */
  weights?: Numbers;
}

/** Metrics of predicted classes. A class that no row has and none is predicted as does not count. */
export function classMetrics({ actual, predicted, probability, scores, weights }: PredictedClasses): ClassMetrics {
  const total = weights ? sumOf(weights) : actual.length;
  return {
    ...perClass(actual, predicted, weights, total),
    logLoss: probability.reduce((sum, share, row) => sum - (weights?.[row] ?? 1) * Math.log(clipped(share)), 0) / total,
    ...(scores && { rocAuc: weights ? weightedRocAuc(actual, scores, weights) : rocAuc(actual, scores) }),
  };
}

function perClass(
  actual: Numbers,
  predicted: Numbers,
  weights: Numbers | undefined,
  total: number,
): Omit<ClassMetrics, 'logLoss' | 'rocAuc'> {
  const classes = Math.max(largest(actual), largest(predicted)) + 1;
  const [own, taken, right] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  actual.forEach((value, row) => {
    const weight = weights?.[row] ?? 1;
    own[value] += weight;
    taken[predicted[row]] += weight;
    if (value === predicted[row]) right[value] += weight;
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
    accuracy: rightRows / total,
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

/**
 * The same where rows count differently: each pair of rows counts as the product of their weights. Where all weights are 1 it
 * gives the same bits, but takes twice the time, which early stopping would spend in every epoch.
 */
function weightedRocAuc(actual: Numbers, scores: Float64Array, weights: Numbers): number {
  if (scores.some(Number.isNaN)) return NaN;
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  let [first, second, wins] = [0, 0, 0];
  for (let from = 0, to = 0; from < order.length; from = to) {
    let [level, own] = [0, 0];
    for (; to < order.length && scores[order[to]] === scores[order[from]]; to++) {
      if (actual[order[to]] === 1) own += weights[order[to]];
      else level += weights[order[to]];
    }
    wins += own * (first + level / 2);
    first += level;
    second += own;
  }
  return first > 0 && second > 0 ? wins / (first * second) : NaN;
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
