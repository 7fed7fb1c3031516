import { expect } from 'vitest';

/** Fails unless two numbers differ by at most `tolerance`, relative to the expected one or, for small ones, to `floor`. */
export function expectClose(actual: number, expected: number, tolerance: number, floor = 1e-12): void {
  const difference = Math.abs(actual - expected) / Math.max(Math.abs(expected), floor);
  // Called for millions of numbers, most of which need no words.
  if (difference <= tolerance) return;
  expect(difference, `${actual} should be ${expected}`).toBeLessThanOrEqual(tolerance);
}
