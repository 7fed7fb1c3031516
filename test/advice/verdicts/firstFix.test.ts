import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { offeredFixes } from '../../../src/advice/verdicts/offeredFixes';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { openRun } from '../../../src/training/openRun';
import type { RunState } from '../../../src/protocol/state';
import { judgedRun, withFix } from '../../helpers/judgedRun';
import { reachedShare, trainRun } from '../../helpers/trainRun';

/** Of the achievable R², what a run that was mended must reach. */
const arrived = 0.9;
const folder = path.join(__dirname, '../../../media/samples');

async function train(configText: string): Promise<RunState> {
  const content = readFileSync(path.join(folder, 'cars.csv'), 'utf8');
  const opened = await openRun({ configText, configFile: 'a.gd.json', seed: 0, file: { name: 'cars.csv', content } });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return trainRun(opened);
}

/** The config with the first fix that its run is offered. */
function mended(configText: string, run: RunState): string {
  const [first] = offeredFixes(run);
  return first.edits.reduce((text, { path: keys, value }) => setConfigValue(text, keys.join('.'), value), configText);
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Columns of sizes from a hundredth to ten thousand, away from 0, that all matter for the target. */
function badlyScaled(seed: number) {
  const random = randomNumbers(seed * 7919);
  const rows = 40 + Math.floor(random() * 120);
  const columns = 2 + Math.floor(random() * 4);
  const sizes = Array.from({ length: columns }, (_, column) => 10 ** (column === 0 ? 3 + random() : -2 + 6 * random()));
  const centres = sizes.map((size) => size * 3 * random());
  const weights = sizes.map((size) => (1 + 2 * random()) / size);
  const inputs = Array.from({ length: rows }, () => sizes.map((size, i) => centres[i] + size * (2 * random() - 1)));
  const targets = inputs.map((row) => [row.reduce((sum, x, i) => sum + weights[i] * x, random() - 0.5)]);
  const batch_size = [1, 8, 32, rows][seed % 4];
  return { dataset: { values: { inputs, targets } }, loader: { batch_size }, epochs: 200 };
}

describe('the first fix', () => {
  it('brings the sample that diverges near the best that a linear model can do', async () => {
    const configText = readFileSync(path.join(folder, 'cars-diverges.gd.json'), 'utf8');
    const run = await train(configText);
    expect(run.status).toBe('diverged');
    expect(reachedShare(await train(mended(configText, run)))).toBeGreaterThan(arrived);
  });

  // Twelve have each size of batches with and without momentum.
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))('mends a run on badly scaled columns: %i', async (seed) => {
    for (const lr of [0.02, 1e-12]) {
      const configText = JSON.stringify({
        seed,
        ...badlyScaled(seed),
        optimizer: { type: 'SGD', lr, momentum: seed % 3 === 0 ? 0.9 : 0 },
      });
      const run = await train(configText);
      expect(run.status === 'diverged' || reachedShare(run) < arrived).toBe(true);
      expect(reachedShare(await train(mended(configText, run)))).toBeGreaterThan(arrived);
    }
  });
});

it('fixes of a run that ends too early name one number of epochs, in which it arrives', async () => {
  const inputs = Array.from({ length: 60 }, (_, i) => [Math.sin(3 * i), Math.cos(5 * i) / 12]);
  const targets = inputs.map(([a, b]) => [2 * a + 25 * b]);
  const dataset = { values: { inputs, targets } };
  const run = { config: { seed: 1, dataset, loader: { batch_size: 60 }, optimizer: { type: 'SGD', lr: 0.4 } } };
  const { verdict } = await judgedRun(run);
  expect(verdict.code).toBe('too_few_epochs');
  const longer = verdict.fixes.filter(({ kind }) => kind === 'more-epochs');
  expect(longer).toHaveLength(1);
  expect((await judgedRun(withFix(run, longer[0]))).verdict.code).toBe('converged');
});
