/** A loss that is the mean over all elements of a batch: its value at one element and, beside it, the derivative by the output. */
export interface Loss {
  /** `torch.nn.functional` name. */
  name: string;
  value(output: number, target: number): number;
  derivative(output: number, target: number): number;
}

/** Every loss by its `torch.nn.functional` name. */
export const losses = {
  mse_loss: {
    name: 'mse_loss',
    value: (output, target) => (output - target) ** 2,
    derivative: (output, target) => 2 * (output - target),
  },
} satisfies Record<string, Loss>;

/** Sum of a loss over the first `count` elements. */
export function sumLoss(loss: Loss, outputs: Float32Array, targets: Float32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += loss.value(outputs[i], targets[i]);
  return sum;
}

/** Writes the derivative of the mean of a loss by each of the first `count` outputs. */
export function meanLossGradients(
  loss: Loss,
  outputs: Float32Array,
  targets: Float32Array,
  count: number,
  gradients: Float32Array,
): void {
  for (let i = 0; i < count; i++) gradients[i] = loss.derivative(outputs[i], targets[i]) / count;
}
