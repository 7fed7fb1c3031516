import type { OpenedRun } from '../../src/training/openRun';
import { Generator } from '../../src/engine/random/random';
import { openConfig } from './openRun';

/** Rows and a way to train on them with momentum, in batches of at most half of them. */
export interface MomentumProblem {
  kind: string;
  inputs: number[][];
  batch: number;
  shuffle: boolean;
  sgd: { momentum: number; nesterov: boolean; dampening: number };
}

/** A problem that is the same for the same seed: 5 to 300 rows, 1 to 10 inputs of different sizes, some with outliers. */
export function momentumProblem(seed: number): MomentumProblem {
  const generator = new Generator(seed);
  const uniform = () => generator.uint32() / 2 ** 32;
  const pick = <T>(choices: T[]) => choices[Math.floor(uniform() * choices.length)];
  const rows = 5 + Math.floor(uniform() * 296);
  const width = 1 + Math.floor(uniform() * 10);
  const kind = pick(['plain', 'outlier', 'heavy', 'ramp', 'clusters']);
  const columns = Array.from({ length: width }, () => ({
    size: 10 ** (2 * uniform() - 1),
    offset: pick([0, 0, 1, 5]),
  }));
  const draws = generator.normal(rows * width);
  const lengths = generator.normal(rows);
  const [spread, far, outlier] = [pick([0.5, 1.5]), pick([5, 20, 100]), Math.floor(uniform() * rows)];
  const factorOf = (row: number) => {
    if (kind === 'outlier') return row === outlier ? far : 1;
    if (kind === 'heavy') return Math.exp(spread * lengths[row]);
    return kind === 'clusters' && 2 * row < rows ? 0.05 : 1;
  };
  const inputs = Array.from({ length: rows }, (_, row) =>
    columns.map(({ size, offset }, i) =>
      kind === 'ramp' ? 58 + 5.5 * (row * width + i) : factorOf(row) * size * (draws[row * width + i] + offset),
    ),
  );
  const sizes = [1, 1, 1, 2, Math.floor(rows / 10), Math.floor(rows / 4), Math.floor(rows / 2)];
  const batch = Math.max(1, Math.min(Math.floor(rows / 2), pick(sizes)));
  const momentum = pick([0.3, 0.5, 0.8, 0.9, 0.95, 0.99]);
  const nesterov = uniform() < 0.3;
  const dampening = nesterov ? 0 : pick([0, 0, 0.3, 0.7, 0.95]);
  return { kind, inputs, batch, shuffle: uniform() < 0.85, sgd: { momentum, nesterov, dampening } };
}

/** Opens a run of it whose targets are 0, so that float32 rounding is relative to the distance from the minimum. */
export function openProblem(problem: MomentumProblem, lr: number, seed: number): Promise<OpenedRun> {
  const { inputs, batch, shuffle, sgd } = problem;
  return openConfig({
    seed,
    dataset: { values: { inputs, targets: inputs.map(() => [0]) } },
    loader: { batch_size: batch, shuffle },
    optimizer: { type: 'SGD', lr, ...sgd },
    epochs: 1e6,
  });
}

/** Whether so long a run ends far above where it began, or is on its way there. */
export function diverges({ trainer }: OpenedRun, epochs: number): boolean {
  const first = trainer.fullTrainLoss();
  let middle = first;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const record = trainer.advance(Infinity);
    if (!record || !(record.loss < 1e9 * first)) return true;
    if (epoch === epochs >> 1) middle = trainer.fullTrainLoss();
  }
  const end = trainer.fullTrainLoss();
  return !(end <= 10 * first) || (end > 100 * middle && end > 1e-2 * first);
}
