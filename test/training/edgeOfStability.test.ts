import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { losses } from '../../src/engine/nn/losses';
import { Sharpness } from '../../src/engine/sharpness/sharpness';
import { openRun } from '../../src/training/openRun';

const sample = readFileSync(path.join(__dirname, '../../media/samples/edge-of-stability.gd.json'), 'utf8');

/** The sharpness of the sample's run at a rate as a share of `2 / lr`, every 50 epochs from its start. */
async function sharesOfLimit(lr: number): Promise<number[]> {
  const configText = sample.replace('"lr": 0.12', `"lr": ${lr}`);
  const opened = await openRun({ configText, configFile: 'edge-of-stability.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  const { trainer, shape } = opened;
  expect(shape.lr).toBe(lr);
  const { dataset, model, trainRows } = trainer.parts;
  expect(shape.batchesPerEpoch).toBe(1);
  const parts = { dataset, trainRows, layers: model.layers, loss: losses[shape.loss] };
  const sharpness = new Sharpness(parts, model.parameters.length);
  const shares: number[] = [];
  for (;;) {
    if (trainer.epoch % 50 === 0) shares.push(((await sharpness.measure(model)) * lr) / 2);
    if (trainer.epoch === shape.epochs) return shares;
    trainer.advance(Infinity);
    expect(trainer.divergence).toBeUndefined();
  }
}

// Cohen et al., "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability" (2021).
it.each([0.1, 0.12, 0.14])('sharpness rises to 2 / lr and stays there, lr %d', async (lr) => {
  const shares = await sharesOfLimit(lr);
  expect(shares[0]).toBeLessThan(0.55);
  const lastHalf = shares.slice(Math.floor(shares.length / 2));
  for (const share of lastHalf) expect(Math.abs(share - 1)).toBeLessThan(0.1);
});
