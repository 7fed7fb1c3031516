import type { Dataset } from '../dataset';
import { Generator } from '../random/random';
import { numberedNames } from './generate';

/** Made-up data that no linear model fits. */
export type PatternName = 'xor' | 'circles' | 'spirals' | 'moons' | 'curve';

/** How many rows of a pattern to draw, and how. */
export interface PatternOptions {
  samples: number;
  /** Standard deviation of what is added to the inputs of the classes, and to the targets of the curve. */
  noise: number;
  seed: number;
}

/** Where a row lies and what it is; `share` runs from 0 to 1 over the rows of its class, `draw` gives numbers in -1 … 1. */
type Point = (row: { label: number; share: number; draw: () => number }) => { inputs: number[]; target: number };

const points: Record<PatternName, Point> = {
  xor({ draw }) {
    const inputs = [draw(), draw()];
    return { inputs, target: Number(inputs[0] > 0 !== inputs[1] > 0) };
  },
  circles({ label, share }) {
    const [radius, angle] = [label === 0 ? 1 : 0.5, 2 * Math.PI * share];
    return { inputs: [radius * Math.cos(angle), radius * Math.sin(angle)], target: label };
  },
  spirals({ label, share }) {
    const [radius, angle] = [0.1 + 0.9 * share, 3 * Math.PI * share + label * Math.PI];
    return { inputs: [radius * Math.cos(angle), radius * Math.sin(angle)], target: label };
  },
  moons({ label, share }) {
    const [x, y] = [Math.cos(Math.PI * share), Math.sin(Math.PI * share)];
    return { inputs: label === 0 ? [x, y] : [1 - x, 0.5 - y], target: label };
  },
  curve({ draw }) {
    const x = 3 * draw();
    return { inputs: [x], target: Math.sin(2 * x) + 0.3 * x };
  },
};

/**
 * The rows of a pattern, in an order of its own, so that the first ones are only the last ones. Two inputs and a
 * class of 0 or 1, half of the rows each; of the curve one input and a number.
 */
export function patternDataset(name: PatternName, { samples, noise, seed }: PatternOptions): Dataset {
  const generator = new Generator(seed);
  const draw = () => generator.uniform(-1, 1);
  const rows = Array.from({ length: samples }, (_, i) => {
    const label = i % 2;
    return points[name]({ label, share: Math.floor(i / 2) / Math.max(1, Math.ceil(samples / 2) - 1), draw });
  });
  const order = generator.permutation(samples);
  const width = rows[0].inputs.length;
  const inputs = Float32Array.from(Array.from(order).flatMap((row) => rows[row].inputs));
  const targets = Float32Array.from(order, (row) => rows[row].target);
  const noisy = name === 'curve' ? targets : inputs;
  if (noise > 0) generator.normal(noisy.length).forEach((value, i) => (noisy[i] += noise * value));
  return { rows: samples, inputNames: numberedNames('x', width), targetNames: numberedNames('y', 1), inputs, targets };
}

/** How many inputs a pattern has. */
export function patternInputs(name: PatternName): number {
  return name === 'curve' ? 1 : 2;
}
