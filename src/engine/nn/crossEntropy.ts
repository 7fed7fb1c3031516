import { logSumExp, softmax } from './links';
import type { Loss, LossOptions } from './losses';

/**
 * `-log softmax(o)[t]`, where a row's target is the number of its class; derivative `softmax(o) - onehot(t)`. With weights a
 * row counts as its class does, also in the mean; with smoothing a share of each target is spread over all classes, where
 * each has its weight.
 */
export function crossEntropy({
  reduction,
  weight,
  label_smoothing: smoothing = 0,
}: LossOptions): Omit<Loss, 'name' | 'description'> {
  const sums = reduction === 'sum';
  const single = weight && Float32Array.from(weight);
  const weightOf = (target: number) => single?.[target] ?? 1;
  const share = (width: number) => smoothing / width;
  /** The weights of all classes together. */
  const total = (width: number) => single?.reduce((sum, value) => sum + value, 0) ?? width;
  /** What multiplies the logarithm of a row's probabilities, all classes together. */
  const massOf = (target: number, width: number) =>
    (1 - smoothing) * weightOf(target) + (smoothing > 0 ? share(width) * total(width) : 0);
  const countOf = (targets: ArrayLike<number>, rows: number) => {
    if (sums || !single) return sums ? 1 : rows;
    let count = 0;
    for (let row = 0; row < rows; row++) count += weightOf(targets[row]);
    return count;
  };
  /** The loss of one row, whose exponentials have this logarithm of their sum. */
  const valueOf = (outputs: ArrayLike<number>, start: number, width: number, target: number, logSum: number) => {
    let sum = (1 - smoothing) * weightOf(target) * (logSum - outputs[start + target]);
    if (smoothing === 0) return sum;
    for (let i = 0; i < width; i++) sum += share(width) * weightOf(i) * (logSum - outputs[start + i]);
    return sum;
  };
  /** What a probability is compared with: the part of the row's mass that belongs to a class. */
  const aimOf = (i: number, target: number, width: number) =>
    (i === target ? (1 - smoothing) * weightOf(target) : 0) + (smoothing > 0 ? share(width) * weightOf(i) : 0);
  return {
    ...(sums && { sums }),
    ...(smoothing > 0 && { hasFloor: true }),
    ...(single && !sums && { weightOf }),
    ...(!single && smoothing === 0 && { fused: { name: 'cross_entropy', option: 1, ...(sums && { sums }) } as const }),
    link: 'softmax',
    targets: 'classes',
    // diag(p) - p pᵀ has no eigenvalue above 1/2.
    bend: { largest: 0.5 * largestMass(single, smoothing), isExact: false },
    words: words(sums, single !== undefined, smoothing),
    count: (rows) => (sums ? 1 : rows),
    sum(outputs, targets, rows, outFeatures, weights) {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const start = row * outFeatures;
        const own = valueOf(outputs, start, outFeatures, targets[row], logSumExp(outputs, start, outFeatures));
        sum += weights ? weights[row] * own : own;
      }
      return sum;
    },
    gradients(outputs, targets, rows, outFeatures, gradients) {
      const probabilities = new Float64Array(outFeatures);
      // Rows of classes that count nothing have no gradient, and not one of 0 / 0.
      const divisor = countOf(targets, rows) || 1;
      for (let row = 0; row < rows; row++) {
        const start = row * outFeatures;
        const target = targets[row];
        softmax(outputs, start, outFeatures, probabilities);
        const mass = massOf(target, outFeatures);
        for (let i = 0; i < outFeatures; i++) {
          gradients[start + i] = (mass * probabilities[i] - aimOf(i, target, outFeatures)) / divisor;
        }
      }
    },
    row(outputs, targets, at, slopes) {
      const width = outputs.length;
      const target = targets[at];
      let largest = -Infinity;
      for (let i = 0; i < width; i++) if (outputs[i] > largest) largest = outputs[i];
      let sum = 0;
      // One exponential for each output, because a search for a minimum asks for all rows many times.
      for (let i = 0; i < width; i++) sum += slopes[i] = Math.exp(outputs[i] - largest);
      if (!single && smoothing === 0) {
        for (let i = 0; i < width; i++) slopes[i] /= sum;
        slopes[target] -= 1;
        return largest + Math.log(sum) - outputs[target];
      }
      const mass = massOf(target, width);
      for (let i = 0; i < width; i++) slopes[i] = (mass * slopes[i]) / sum - aimOf(i, target, width);
      return valueOf(outputs, 0, width, target, largest + Math.log(sum));
    },
  };
}

/** The most that multiplies the logarithms of a row, all classes together. */
function largestMass(weight: Float32Array | undefined, smoothing: number): number {
  if (!weight) return 1;
  const mean = weight.reduce((sum, value) => sum + value, 0) / weight.length;
  return (1 - smoothing) * Math.max(...weight) + smoothing * mean;
}

function words(sums: boolean, isWeighted: boolean, smoothing: number): Loss['words'] {
  const over = sums ? 'sum' : 'mean';
  if (!isWeighted && smoothing === 0) return { formula: `${over}(−log p[class of the row])`, factor: 1 };
  const weight = isWeighted ? 'w · ' : '';
  const aim = smoothing > 0 ? `(${1 - smoothing} · y + ${smoothing} / classes)` : 'y';
  const divided = isWeighted && !sums ? ' / Σ w[class of the row]' : '';
  return {
    formula: `${isWeighted ? 'sum' : over}(−Σ ${weight}${aim} · log p)${divided}`,
    factor: 1,
    slope: {
      formula: smoothing > 0 ? `p · Σ ${weight}${aim} − ${weight}${aim}` : 'w · (p − y)',
      spoken: `The slope of the loss, which is the error${isWeighted ? ' times the weight of the class' : ''}${smoothing > 0 ? ' to the smoothed target' : ''}`,
    },
  };
}
