import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, createLoss, losses, type Loss } from '../../../src/engine/nn/losses';

/** Numbers that are far enough from the kinks of `l1_loss` and `huber_loss` for a difference to be a derivative. */
const outputs = fc.array(
  fc.integer({ min: -12, max: 12 }).map((n) => n * 0.3 + 0.05),
  { minLength: 6, maxLength: 6 },
);

function meanOf(loss: Loss, values: Float32Array, targets: Float32Array, rows: number, width: number): number {
  return loss.sum(values, targets, rows, width) / countOf(loss, targets, rows, width);
}

/** Losses with keyword arguments. */
const variants = [
  createLoss('mse_loss', { reduction: 'sum' }),
  createLoss('smooth_l1_loss', { beta: 0.4 }),
  createLoss('smooth_l1_loss', { beta: 0 }),
  createLoss('huber_loss', { delta: 2.2, reduction: 'sum' }),
  createLoss('binary_cross_entropy_with_logits', { pos_weight: 3 }),
  createLoss('cross_entropy', { weight: [2, 0.5, 1] }),
  createLoss('cross_entropy', { label_smoothing: 0.3 }),
  createLoss('cross_entropy', { weight: [2, 0.5, 1], label_smoothing: 0.3, reduction: 'sum' }),
];

describe.each([...Object.entries(losses), ...variants.map((loss) => [loss.name, loss] as const)] as const)(
  '%s',
  (name, loss) => {
    it('has its name', () => expect(loss.name).toBe(name));

    it('has gradients that agree with central differences', () => {
      fc.assert(
        fc.property(outputs, fc.integer({ min: 0, max: 1e6 }), (numbers, seed) => {
          const [rows, width] = name === 'cross_entropy' ? [2, 3] : [3, 2];
          const targetCount = name === 'cross_entropy' ? rows : rows * width;
          const targets = Float32Array.from({ length: targetCount }, (_, i) => (seed >> i) % 2);
          const values = Float32Array.from(numbers);
          const gradients = new Float32Array(6);
          loss.gradients(values, targets, rows, width, gradients);
          const h = 2 ** -8;
          values.forEach((value, i) => {
            const at = (shifted: number) => meanOf(loss, values.with(i, shifted), targets, rows, width);
            expect((at(value + h) - at(value - h)) / (2 * h)).toBeCloseTo(gradients[i], 3);
          });
        }),
      );
    });

    it('does not overflow on large outputs', () => {
      const values = Float32Array.of(1e4, -1e4);
      const targets = name === 'cross_entropy' ? Float32Array.of(1) : Float32Array.of(0, 1);
      const rows = name === 'cross_entropy' ? 1 : 2;
      const gradients = new Float32Array(2);
      loss.gradients(values, targets, rows, 2 / rows, gradients);
      expect(meanOf(loss, values, targets, rows, 2 / rows)).toBeGreaterThan(1000);
      expect(gradients.every(Number.isFinite)).toBe(true);
    });
  },
);
