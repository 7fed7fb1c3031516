import { describe, expect, it } from 'vitest';
import { patternDataset, type PatternName } from '../../../src/engine/data/patterns';

const names: PatternName[] = ['xor', 'circles', 'spirals', 'moons', 'curve'];

describe.each(names)('%s', (name) => {
  it('is the same for the same seed, and another one for another', () => {
    const one = patternDataset(name, { samples: 50, noise: 0.1, seed: 3 });
    expect(patternDataset(name, { samples: 50, noise: 0.1, seed: 3 })).toEqual(one);
    expect(patternDataset(name, { samples: 50, noise: 0.1, seed: 4 }).inputs).not.toEqual(one.inputs);
  });

  it('has finite rows of its shape, also a single one', () => {
    for (const samples of [1, 2, 7, 200]) {
      const { rows, inputs, targets, inputNames } = patternDataset(name, { samples, noise: 0, seed: 0 });
      expect([rows, targets.length, inputs.length]).toEqual([samples, samples, samples * inputNames.length]);
      expect([...inputs, ...targets].every(Number.isFinite)).toBe(true);
    }
  });
});

it.each(names.filter((name) => name !== 'curve' && name !== 'xor'))('%s has two classes of the same size', (name) => {
  const { targets } = patternDataset(name, { samples: 100, noise: 0, seed: 1 });
  expect([...targets.slice().sort()]).toEqual([...Array<number>(50).fill(0), ...Array<number>(50).fill(1)]);
});

it('xor: the class is 1 where exactly one input is above 0', () => {
  const { inputs, targets } = patternDataset('xor', { samples: 300, noise: 0, seed: 1 });
  targets.forEach((target, row) => expect(target).toBe(Number(inputs[2 * row] > 0 !== inputs[2 * row + 1] > 0)));
});

it('circles and moons lie on their curves', () => {
  const circles = patternDataset('circles', { samples: 40, noise: 0, seed: 1 });
  circles.targets.forEach((target, row) => {
    expect(Math.hypot(circles.inputs[2 * row], circles.inputs[2 * row + 1])).toBeCloseTo(target === 0 ? 1 : 0.5, 5);
  });
  const moons = patternDataset('moons', { samples: 40, noise: 0, seed: 1 });
  moons.targets.forEach((target, row) => {
    const [x, y] = [moons.inputs[2 * row], moons.inputs[2 * row + 1]];
    expect(target === 0 ? Math.hypot(x, y) : Math.hypot(x - 1, y - 0.5)).toBeCloseTo(1, 5);
  });
});
