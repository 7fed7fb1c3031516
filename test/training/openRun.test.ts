import { describe, expect, it } from 'vitest';
import { shapedParameters } from '../../src/engine/nn/layers';
import type { FileContent } from '../../src/protocol/protocol';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import { tutorialConfig } from '../../src/config/templates/template';
import { setConfigValue } from '../../src/config/edits/setValue';
import tutorial from '../fixtures/tutorial.json';
import { expectClose } from '../helpers/expectClose';

async function open(configText: string): Promise<OpenedRun> {
  const opened = await openRun({ configText, configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems.map((problem) => problem.message).join('\n'));
  return opened;
}

describe.each(tutorial)('the tutorial with seed $seed, against PyTorch', async (reference) => {
  const { trainer, config } = await open(setConfigValue(tutorialConfig(), 'seed', reference.seed));
  const { model, loader, dataset } = trainer.parts;
  const initial = shapedParameters(model.parameters, 6, 1);
  const initialLoss = trainer.fullTrainLoss();
  const orders: string[] = [];
  const losses: number[] = [];
  while (trainer.epoch < config.epochs) {
    const record = trainer.advance(Infinity);
    orders.push(loader.order.join(''));
    losses.push(record!.loss);
  }

  it('starts from the same bits and visits the rows in the same order', () => {
    expect(initial).toEqual({ weight: reference.weight, bias: reference.bias });
    expect(orders.join('')).toBe(reference.order);
  });

  it('has the same loss at every epoch within 1e-3', () => {
    expectClose(initialLoss, reference.initialLoss, 1e-6);
    expect(losses).toHaveLength(reference.losses.length);
    reference.losses.forEach((loss, epoch) => expectClose(losses[epoch], loss, 1e-3));
  });

  it('ends at the same weights, loss and predictions within 1e-3', () => {
    const { weight, bias } = shapedParameters(model.parameters, 6, 1);
    weight[0].forEach((value, i) => expectClose(value, reference.finalWeight[0][i], 1e-3));
    expectClose(bias[0], reference.finalBias[0], 1e-3);
    expectClose(trainer.fullTrainLoss(), reference.finalLoss, 1e-3);
    const rows = Uint32Array.from({ length: dataset.rows }, (_, row) => row);
    trainer
      .predict(rows, model.parameters)
      .forEach((value, row) => expectClose(value, reference.predictions[row][0], 1e-3));
  });
});

describe('what a run is opened from', () => {
  const problemsOf = async (config: object, file?: FileContent) => {
    const opened = await openRun({
      configText: JSON.stringify(config),
      configFile: 'a.gd.json',
      seed: 0,
      ...(file && { file }),
    });
    return 'problems' in opened ? opened.problems.map(({ file, line, message }) => `${file}:${line} ${message}`) : [];
  };
  const optimizer = { type: 'SGD', lr: 0.01 };
  const csv = (content: string) => ({ name: 'rows.csv', content });
  const fromFile = { dataset: { file: 'rows.csv' }, optimizer };

  it('says that the file is not there, at the config', async () => {
    expect((await problemsOf(fromFile))[0]).toMatch(/^a\.gd\.json:1 there is no file "rows\.csv"/);
  });

  it('says that the file is out of reach, at the config', async () => {
    const foreign = { name: 'rows.csv', foreign: true } as const;
    expect((await problemsOf(fromFile, foreign))[0]).toMatch(/^a\.gd\.json:1 "rows\.csv" is outside/);
  });

  it('says which cell of the file is wrong, at the file', async () => {
    expect((await problemsOf(fromFile, csv('a,b\n1,2\n3,x\n4,5\n')))[0]).toMatch(/^rows\.csv:3 .*"x"/);
  });

  it('says that the split does not add up, also to the rows that are left after dropping', async () => {
    const split = { ...fromFile, dataset: { file: 'rows.csv', missing: 'drop' }, split: [2, 1] };
    expect((await problemsOf(split, csv('a,b\n1,2\n3,\n4,5\n')))[0]).toMatch(
      /adds up to 3, but the dataset has 2 rows/,
    );
    expect(await problemsOf({ ...split, split: [1, 1] }, csv('a,b\n1,2\n3,\n4,5\n'))).toEqual([]);
  });

  it('says that the data do not fit into memory', async () => {
    const dataset = { generate: 'linear', samples: 2 ** 28, features: 2 ** 28 };
    expect((await problemsOf({ dataset, optimizer }))[0]).toMatch(/^a\.gd\.json:1 /);
  });

  it('trains on one row, and on a constant column', async () => {
    expect(await problemsOf(fromFile, csv('a,b\n1,2\n'))).toEqual([]);
    expect(await problemsOf(fromFile, csv('a,b\n1,2\n1,3\n'))).toEqual([]);
  });

  it('starts from zeros or from given numbers', async () => {
    const dataset = { values: { inputs: [[1, 2]], targets: [[3]] } };
    const zeros = await open(JSON.stringify({ dataset, optimizer, model: { init: 'zeros' } }));
    expect([...zeros.initial]).toEqual([0, 0, 0]);
    const init = { weight: [[0.5, 0.25]], bias: [2] };
    expect([...(await open(JSON.stringify({ dataset, optimizer, model: { init } }))).initial]).toEqual([0.5, 0.25, 2]);
    const unbiased = { init: { weight: [[0.5, 0.25]] }, bias: false };
    expect([...(await open(JSON.stringify({ dataset, optimizer, model: unbiased }))).initial]).toEqual([0.5, 0.25]);
  });

  it('finds the rule of generated data again', async () => {
    const dataset = { generate: 'linear', samples: 60, features: 2, noise: 0, weight: [2, -3], bias: 0.5, seed: 11 };
    const { trainer } = await open(
      JSON.stringify({ seed: 1, dataset, optimizer: { type: 'SGD', lr: 0.05 }, epochs: 60 }),
    );
    while (trainer.epoch < 60) trainer.advance(Infinity);
    [2, -3, 0.5].forEach((value, i) => expect(trainer.parts.model.parameters[i]).toBeCloseTo(value, 4));
  });
});
