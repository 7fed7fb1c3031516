import { describe, expect, it } from 'vitest';
import { unitState } from '../../../src/engine/nn/unitState';

/** Two units over 20 rows: the first one gives `usual`, and in the last `others` rows `other`; the second one 0.5. */
function outputs(usual: number, other: number, others: number): Float32Array {
  return Float32Array.from({ length: 40 }, (_, i) => (i % 2 === 1 ? 0.5 : i / 2 >= 20 - others ? other : usual));
}

describe('a unit', () => {
  it.each([
    ['ReLU', 0, 1, 0, 'dead'],
    ['ReLU', 0, 1, 1, undefined],
    ['Tanh', -0.99, 0, 1, 'saturated'],
    ['Tanh', 0.99, 0, 2, undefined],
    ['Tanh', 0.97, 0, 0, undefined],
    ['Sigmoid', 0.01, 0.5, 1, 'saturated'],
    ['Sigmoid', 0.99, 0.5, 2, undefined],
    ['GELU', 0, 0, 0, undefined],
  ] as const)('%s that gives %d, and %d for %d of 20 rows: %s', (type, usual, other, others, state) => {
    expect(unitState(type, outputs(usual, other, others), 0, 2)).toBe(state);
    expect(unitState(type, outputs(usual, other, others), 1, 2)).toBeUndefined();
  });
});
