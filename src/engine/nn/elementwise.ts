import type { Loss, LossName, LossOptions } from './losses';

/** What `elementwise` makes a loss of: the formula for one output and one target, and beside it its derivative by the output. */
interface ElementwiseLoss extends Omit<Loss, 'name' | 'row' | 'count' | 'sum' | 'sums' | 'gradients'> {
  /** The keyword argument that shapes the loss, 1 for a loss without one; absent if the kernels of nets do not know the loss. */
  option?: number;
  value(output: number, target: number): number;
  derivative(output: number, target: number): number;
}

/** A loss that looks at one output at a time. */
export function elementwise(
  name: LossName,
  { value, derivative, option, ...record }: ElementwiseLoss,
  options: LossOptions,
): Loss {
  const sums = options.reduction === 'sum';
  return {
    ...record,
    ...(sums && { sums }),
    name,
    ...(option !== undefined && { fused: { name, option, ...(sums && { sums }) } }),
    count: (rows, outFeatures) => (sums ? 1 : rows * outFeatures),
    sum(outputs, targets, rows, outFeatures, weights) {
      const count = rows * outFeatures;
      let sum = 0;
      if (weights) {
        for (let i = 0; i < count; i++) sum += weights[Math.floor(i / outFeatures)] * value(outputs[i], targets[i]);
        return sum;
      }
      for (let i = 0; i < count; i++) sum += value(outputs[i], targets[i]);
      return sum;
    },
    gradients(outputs, targets, rows, outFeatures, gradients) {
      const count = rows * outFeatures;
      const divisor = sums ? 1 : count;
      for (let i = 0; i < count; i++) gradients[i] = derivative(outputs[i], targets[i]) / divisor;
    },
    row(outputs, targets, at, slopes) {
      let sum = 0;
      for (let i = 0; i < outputs.length; i++) {
        sum += value(outputs[i], targets[at + i]);
        slopes[i] = derivative(outputs[i], targets[at + i]);
      }
      return sum;
    },
  };
}
