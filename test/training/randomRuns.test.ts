import { describe, expect, it } from 'vitest';
import { shapedParameters } from '../../src/engine/nn/layers';
import runs from '../fixtures/randomRuns.json';
import { openRun } from '../../src/training/openRun';
import { openConfig } from '../helpers/openRun';

/** What a loss may differ by: that of PyTorch's own float32 run from its float64 one, a few times, where that is more. */
function tolerance(loss: (number | null)[], exact: (number | null)[], epoch: number): number {
  const rounding = loss.slice(Math.max(0, epoch - 1), epoch + 2).map((one, i) => {
    const other = exact[Math.max(0, epoch - 1) + i];
    return one === null || other === null ? Infinity : Math.abs(one - other);
  });
  return Math.max(1e-4 * Math.abs(loss[epoch]!), 4 * Math.max(...rounding));
}

describe('runs of configs drawn at random, against PyTorch', () => {
  it('are 150, of every loss, optimizer, scheduler, scaling and start', () => {
    expect(runs).toHaveLength(150);
    const words = runs.map(({ config: { loss, optimizer, scheduler, dataset, model } }) => [
      ...[loss, optimizer.type, scheduler?.type ?? 'no scheduler', `scale ${dataset.scale}`],
      ...[`targets ${dataset.scale_targets}`, typeof model.init === 'string' ? model.init : 'given'],
    ]);
    expect(new Set(words.flat()).size).toBe(6 + 5 + 5 + 3 + 3 + 3);
  });

  it.each(runs.map((reference, i) => [i, reference] as const))('%i', async (_, reference) => {
    const { trainer, initial } = await openConfig(reference.config);
    const { loader, model } = trainer.parts;
    const { weight, bias } = reference;
    expect(shapedParameters(initial, model.inFeatures, model.outFeatures)).toEqual({ weight, bias });
    for (const [epoch, loss] of reference.loss.entries()) {
      if (loss === null) break;
      const record = trainer.advance(Infinity)!;
      expect([...loader.order.subarray(0, loader.end(loader.batches - 1))].join(' ')).toBe(reference.order[epoch]);
      const where = `epoch ${epoch}: ${record.loss}, PyTorch ${loss}, in float64 ${reference.loss64[epoch]}`;
      expect(Math.abs(record.loss - loss), where).toBeLessThanOrEqual(
        tolerance(reference.loss, reference.loss64, epoch),
      );
      const held = reference.valLoss.at(epoch);
      if (held === undefined || held === null) continue;
      const heldOut = `validation of ${where}, ${record.valLoss} for ${held}`;
      expect(Math.abs(record.valLoss - held), heldOut).toBeLessThanOrEqual(
        tolerance(reference.valLoss, reference.valLoss64, epoch),
      );
    }
  });

  it('train on the same bits where the numbers stand in a file', async () => {
    for (const { config } of runs) {
      const { inputs, targets } = config.dataset.values;
      const names = [...inputs[0].map((_, i) => `x${i}`), ...targets[0].map((_, i) => `y${i}`)];
      const rows = inputs.map((row, i) => [...row, ...targets[i]]);
      const content = [names, ...rows].map((cells) => cells.join(',')).join('\n');
      const { scale, scale_targets } = config.dataset;
      const [x, y] = [names.slice(0, inputs[0].length), names.slice(inputs[0].length)];
      const dataset = { file: 'd.csv', inputs: x, targets: y, scale, scale_targets };
      const configText = JSON.stringify({ ...config, dataset });
      const file = { name: 'd.csv', content };
      const opened = await openRun({ configText, configFile: 'test.gd.json', seed: 0, file });
      if ('problems' in opened) throw new Error(opened.problems[0].message);
      const written = (await openConfig(config)).trainer.parts.dataset;
      expect(opened.trainer.parts.dataset.inputs).toEqual(written.inputs);
      expect(opened.trainer.parts.dataset.targets).toEqual(written.targets);
    }
  });
});
