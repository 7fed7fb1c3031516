import { describe, expect, it } from 'vitest';
import { shapedParameters } from '../../src/engine/nn/layers';
import { openRun } from '../../src/training/openRun';
import { originalParameters } from '../../src/protocol/outputs';
import { RowsPager } from '../../src/answers/rowsPager';
import runs from '../fixtures/runs.json';
import { expectClose } from '../helpers/expectClose';

function lossOf({ loss }: (typeof runs)[number]['config']): string {
  return typeof loss === 'string' ? loss : loss.type;
}

/** Says of a case what sets it apart. */
function describeCase({ config }: (typeof runs)[number]): string {
  const { seed, loss, optimizer, loader } = config;
  const { scale, scale_targets } = config.dataset as { scale?: string; scale_targets?: string };
  const more = [
    'split' in config && `split ${JSON.stringify(config.split)}`,
    'scheduler' in config && `scheduler ${JSON.stringify(config.scheduler)}`,
    scale && `scale ${scale}`,
    scale_targets && `scale_targets ${scale_targets}`,
    'model' in config && `model ${JSON.stringify(config.model)}`,
  ];
  return [seed, JSON.stringify(loss), JSON.stringify(optimizer), JSON.stringify(loader), ...more]
    .filter(Boolean)
    .join(', ');
}

describe('runs, against PyTorch', () => {
  it('are at least 40 and reach every word', () => {
    const words = runs.map(({ config }) => [lossOf(config), config.optimizer.type, config.scheduler?.type]).flat();
    const options = runs.flatMap(({ config: { loss } }) => (typeof loss === 'string' ? [] : Object.keys(loss)));
    expect(runs.length).toBeGreaterThanOrEqual(110);
    expect([...new Set(options)].sort()).toEqual([
      ...['beta', 'delta', 'label_smoothing', 'pos_weight', 'reduction', 'type', 'weight'],
    ]);
    expect(new Set(words.filter(Boolean)).size).toBe(6 + 11 + 11);
  });

  it.each(runs.map((reference) => ({ name: describeCase(reference), reference })))('$name', async ({ reference }) => {
    const opened = await openRun({ configText: JSON.stringify(reference.config), configFile: 'test.gd.json', seed: 0 });
    if ('problems' in opened) throw new Error(opened.problems[0].message);
    const { trainer, shape, initial } = opened;
    const { loader, model } = trainer.parts;
    const { inFeatures, outFeatures, parameters } = model;
    expect(shapedParameters(initial, inFeatures, outFeatures)).toEqual({
      weight: reference.weight,
      bias: reference.bias,
    });
    reference.loss.forEach((loss, epoch) => {
      const record = trainer.advance(Infinity)!;
      expect([...loader.order.subarray(0, loader.end(loader.batches - 1))]).toEqual(reference.order[epoch]);
      expectClose(record.loss, loss, 1e-4);
      expectClose(record.batchLoss, reference.batchLoss[epoch], 1e-4, loss / 10);
      expectClose(record.lr, reference.lr[epoch], 1e-12);
      if (reference.valLoss.length > 0) expectClose(record.valLoss, reference.valLoss[epoch], 1e-4);
      else expect(record.valLoss).toBeNaN();
    });
    const { weight, bias } = shapedParameters(parameters, inFeatures, outFeatures);
    weight.flat().forEach((value, i) => expectClose(value, reference.finalWeight.flat()[i], 1e-3, 1e-2));
    bias.forEach((value, i) => expectClose(value, reference.finalBias[i], 1e-3, 1e-2));
    if (reference.originalWeight) {
      const expected = [...reference.originalWeight.flat(), ...reference.originalBias];
      originalParameters(parameters, shape)!.forEach((value, i) => expectClose(value, expected[i], 1e-3, 1e-1));
    }
    const page = new RowsPager(opened).page({ offset: 0, count: 100, sort: 'row', descending: false }, parameters);
    reference.predictions.flat().forEach((value, i) => {
      const predicted = shape.classNames ? Number(shape.classNames[page.now[i]]) : page.now[i];
      expectClose(predicted, value, 1e-3, 1e-1);
    });
  });
});
