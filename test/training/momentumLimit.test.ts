import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import { setConfigValue } from '../../src/config/edits/setValue';
import { analyzeRun } from '../../src/training/analyzeRun';
import { curvatureFixes } from '../../src/advice/fixes/curvatureFixes';
import { expectClose } from '../helpers/expectClose';
import { diverges, momentumProblem, openProblem, type MomentumProblem } from '../helpers/momentumProblems';
import { openConfig } from '../helpers/openRun';

const limitOf = async (problem: MomentumProblem) => analyzeRun(await openProblem(problem, 1e-9, 0), {}).limit;

async function divergesAt(problem: MomentumProblem, lr: number, seeds: number[]): Promise<boolean> {
  const epochs = Math.min(1000, Math.max(100, Math.ceil(40_000 / problem.inputs.length)));
  for (const seed of seeds) if (diverges(await openProblem(problem, lr, seed), epochs)) return true;
  return false;
}

describe('the limit of momentum on small batches', () => {
  const problems = Array.from({ length: 14 }, (_, seed) => momentumProblem(1000 + seed));
  let limits: Awaited<ReturnType<typeof limitOf>>[];
  beforeAll(async () => {
    limits = await Promise.all(problems.map(limitOf));
  }, 240_000);

  it('is one below which no run diverges, in other orders than those that it was found with', async () => {
    for (const [i, problem] of problems.entries()) {
      const { rate, accuracy, isTried, fullBatch } = limits[i];
      expect({ accuracy, isTried }).toEqual({ accuracy: 'estimate', isTried: true });
      expect(rate!).toBeLessThanOrEqual(fullBatch!);
      for (const share of [0.5, 0.99]) {
        expect(await divergesAt(problem, share * rate!, [11, 12]), `${problem.kind} at ${share}`).toBe(false);
      }
    }
  }, 240_000);

  it('is mostly more than a third of the rate at which runs do', async () => {
    let near = 0;
    for (const [i, problem] of problems.entries()) {
      if (await divergesAt(problem, 3 * limits[i].rate!, [11, 12])) near++;
    }
    expect(near).toBeGreaterThan(0.6 * problems.length);
  }, 240_000);

  it('of rows in sequence is that of one epoch as a matrix', async () => {
    // One number a row and no bias: an epoch turns distance and buffer as a matrix of two by two does.
    const inputs = [[1], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1]];
    const momentum = 0.9;
    const opened = await openConfig({
      dataset: { values: { inputs, targets: inputs.map(() => [0]) } },
      loader: { batch_size: 1, shuffle: false },
      model: { bias: false },
      optimizer: { type: 'SGD', lr: 1e-9, momentum },
    });
    const radius = (lr: number) => {
      let [a, b, c, d] = [1, 0, 0, 1];
      for (const [x] of inputs) {
        const pull = 2 * lr * x * x;
        [c, d] = [momentum * c + pull * a, momentum * d + pull * b];
        [a, b] = [a - c, b - d];
      }
      const [half, determinant] = [(a + d) / 2, a * d - b * c];
      const root = half ** 2 - determinant;
      return root < 0 ? Math.sqrt(determinant) : Math.abs(half) + Math.sqrt(root);
    };
    let exact = 1e-6;
    while (radius(exact) < 1) exact *= 1.001;
    const { limit } = analyzeRun(opened, {});
    expect(limit.rate! / exact).toBeGreaterThan(0.5);
    expect(limit.rate! / exact).toBeLessThan(0.8);
  });

  it('of all rows at once stays exact', async () => {
    const problem = { ...momentumProblem(3), sgd: { momentum: 0.9, nesterov: false, dampening: 0 } };
    const { limit, hessian } = analyzeRun(await openProblem({ ...problem, batch: problem.inputs.length }, 1e-9, 0), {});
    expect(limit.accuracy).toBe('exact');
    expectClose(limit.rate!, (2 * 1.9) / hessian!.lambdaMax, 1e-12);
  });
});

describe('every fix that is offered to a run with momentum', () => {
  it('leads to one that does not diverge', async () => {
    let offered = 0;
    for (let seed = 2000; seed < 2010; seed++) {
      const { inputs, batch, shuffle, sgd } = momentumProblem(seed);
      const targets = inputs.map((values, row) => [values.reduce((sum, x) => sum + x, 1) + (row % 3)]);
      const text = JSON.stringify({
        ...{ seed, dataset: { values: { inputs, targets } }, loader: { batch_size: batch, shuffle } },
        ...{ optimizer: { type: 'SGD', lr: 1e3, ...sgd }, epochs: 1e6 },
      });
      const opened = await openConfig(JSON.parse(text) as object);
      for (const { edits, title } of curvatureFixes(analyzeRun(opened), parseConfig(text).config!)) {
        const mended = edits.reduce((made, { path, value }) => setConfigValue(made, path.join('.'), value), text);
        const run = await openConfig(JSON.parse(mended) as object);
        expect(diverges(run, 200), `${seed}: ${title}`).toBe(false);
        offered++;
      }
    }
    expect(offered).toBeGreaterThan(14);
  }, 240_000);
});
