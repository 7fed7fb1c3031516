import { describe, expect, it } from 'vitest';
import { nestedParameters } from '../../src/engine/nn/layers';
import { openRun } from '../../src/training/openRun';
import { RowsPager } from '../../src/answers/rowsPager';
import nets from '../fixtures/nets.json';
import { expectClose } from '../helpers/expectClose';

type Reference = (typeof nets)[number];
type Tensors = Record<string, number[] | number[][]>;

function describeCase({ config }: Reference): string {
  const { seed, model, loss, optimizer, loader } = config;
  const layers = model.layers.map((layer) => (typeof layer === 'string' ? layer : layer.type));
  return [
    seed,
    layers.join('-'),
    JSON.stringify(model.init),
    JSON.stringify(loss),
    optimizer.type,
    loader.batch_size,
  ].join(', ');
}

/** The order of an epoch's rows as one number. */
function folded(order: Uint32Array): number {
  return order.reduce((number, row) => (Math.imul(number, 31) + row + 1) >>> 0, 0);
}

describe('nets, against PyTorch', () => {
  it('are at least 60 and reach every layer and every way to start', () => {
    const layers = nets.flatMap(({ config }) => config.model.layers);
    const inits = nets.map(({ config }) => (typeof config.model.init === 'string' ? config.model.init : 'numbers'));
    expect(nets.length).toBeGreaterThanOrEqual(60);
    expect(new Set(layers.map((layer) => (typeof layer === 'string' ? layer : layer.type))).size).toBe(10);
    expect(new Set(inits).size).toBe(7);
  });

  it.each(nets.map((reference) => ({ name: describeCase(reference), reference })))('$name', async ({ reference }) => {
    const opened = await openRun({ configText: JSON.stringify(reference.config), configFile: 'test.gd.json', seed: 0 });
    if ('problems' in opened) throw new Error(opened.problems[0].message);
    const { trainer, shape, initial } = opened;
    const { loader, model } = trainer.parts;
    expectTensors(nestedParameters(model.specs, initial), reference.initial, startTolerance(reference));
    reference.loss.forEach((loss, epoch) => {
      const record = trainer.advance(Infinity)!;
      expect(folded(loader.order.subarray(0, loader.end(loader.batches - 1)))).toBe(reference.order[epoch]);
      expectClose(record.loss, loss, 1e-4);
      if (reference.valLoss.length > 0) expectClose(record.valLoss, reference.valLoss[epoch], 1e-4);
    });
    const page = new RowsPager(opened).page(
      { offset: 0, count: 100, sort: 'row', descending: false },
      model.parameters,
    );
    reference.predictions.flat().forEach((value, i) => {
      const predicted = shape.classNames ? Number(shape.classNames[page.now[i]]) : page.now[i];
      expectClose(predicted, value, 1e-3, 1e-1);
    });
    expectTensors(nestedParameters(model.specs, model.parameters), reference.final, 1e-3);
  });
});

/** Uniform draws are equal bit for bit; PyTorch's vectors of normal ones round differently on other machines. */
function startTolerance({ config: { model } }: Reference): number {
  const words = [
    model.init,
    ...model.layers.map((layer) => (typeof layer === 'object' && 'init' in layer ? layer.init : '')),
  ];
  return words.some((word) => typeof word === 'string' && word.endsWith('normal')) ? 1e-6 : 0;
}

/** @param tolerance of the largest number of a tensor. */
function expectTensors(actual: Tensors, expected: Tensors, tolerance: number): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    const [one, other] = [actual[name].flat(), values.flat()];
    if (tolerance === 0) expect(one).toEqual(other);
    const largest = Math.max(...other.map(Math.abs), 1e-3);
    other.forEach((value, i) => expect(Math.abs(one[i] - value)).toBeLessThanOrEqual(tolerance * largest));
  }
}
