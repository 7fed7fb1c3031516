import { describe, expect, it } from 'vitest';
import { pathDirections } from '../../../src/engine/landscape/pathDirections';
import { dot } from '../../../src/engine/linear/lanczos';

describe('directions of a path', () => {
  it('are its principal components as seen from its end, the longest first', () => {
    const path = [
      [10, 7, 4],
      [10, 5, 5],
      [10, 7, 6],
      [10, 6, 7],
    ].map((point) => Float32Array.from(point));
    const found = pathDirections(path);
    expect(found).toHaveLength(2);
    expect(dot(found[0].direction, found[0].direction)).toBeCloseTo(1, 12);
    expect(dot(found[0].direction, found[1].direction)).toBeCloseTo(0, 12);
    // The squared distances are [[3, -2], [-2, 14]], whose eigenvalues a quadratic equation gives.
    const root = Math.sqrt((14 - 3) ** 2 + 4 * 4);
    expect(found[0].share).toBeCloseTo((17 + root) / 2 / 17, 12);
    expect(found[0].direction[0]).toBeCloseTo(0, 12);
    const slope = found[0].direction[1] / found[0].direction[2];
    expect(slope).toBeCloseTo(-2 / ((17 + root) / 2 - 3), 12);
  });

  it('lead from the start to the end', () => {
    const [only, none] = pathDirections([Float32Array.of(5, 1), Float32Array.of(3, 1), Float32Array.of(1, 1)]);
    expect(only.direction[0]).toBe(-1);
    expect(only.direction[1]).toBeCloseTo(0, 12);
    expect(only.share).toBe(1);
    expect(none).toBeUndefined();
  });

  it('are none of a single point, and points that are not finite do not count', () => {
    expect(pathDirections([Float32Array.of(1, 2)])).toEqual([]);
    expect(pathDirections([Float32Array.of(1, 2), Float32Array.of(NaN, 2)])).toEqual([]);
    expect(pathDirections([Float32Array.of(1, 2), Float32Array.of(1, 2)])).toEqual([]);
  });
});
