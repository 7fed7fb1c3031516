import { describe, expect, it } from 'vitest';
import { maxClasses, classTargets } from '../../../src/engine/data/classes';

describe('classes of a column of numbers', () => {
  it('are its different values by size, called as they are written', () => {
    expect(classTargets(Float32Array.of(10, 9, -2, 10, 0.1, 1e-7))).toEqual({
      targets: Float32Array.of(4, 3, 0, 4, 2, 1),
      classNames: ['-2', '1e-7', '0.1', '9', '10'],
    });
  });

  it('tell neighbouring float32 numbers apart', () => {
    const { classNames } = classTargets(Float32Array.of(16777215, 0.1, 0.10000000894069672))!;
    expect(classNames).toEqual(['0.1', '0.10000001', '16777215']);
  });

  it('may be one, or none at all, and take both zeros for one', () => {
    expect(classTargets(Float32Array.of(0, -0))).toEqual({ targets: Float32Array.of(0, 0), classNames: ['0'] });
    expect(classTargets(new Float32Array())).toEqual({ targets: new Float32Array(), classNames: [] });
  });

  it('are not made of too many values', () => {
    const upTo = (count: number) => Float32Array.from({ length: count * 2 }, (_, i) => i % count);
    expect(classTargets(upTo(maxClasses))?.classNames).toHaveLength(maxClasses);
    expect(classTargets(upTo(maxClasses + 1))).toBeUndefined();
  });
});
