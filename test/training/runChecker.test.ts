import { describe, expect, it } from 'vitest';
import { ReadCancelled } from '../../src/data/bytes/byteSource';
import type { CheckRequest, CheckedRun } from '../../src/protocol/checkedRun';
import { RunChecker } from '../../src/training/runChecker';

const csv = 'a,b\n1,2\n2,3\n3,5\n4,6\n5,9\n';
const config = {
  seed: 1,
  dataset: { file: 'numbers.csv' },
  loader: { batch_size: 2 },
  optimizer: { type: 'SGD', lr: 1e-4 },
  epochs: 10,
};

/** Checks configs on a disk that counts how often its file is opened. */
function startChecker(text = csv) {
  const checker = new RunChecker();
  const disk = { opened: 0, text };
  const openFile = (path: string) => {
    disk.opened++;
    expect(path).toBe('/data/numbers.csv');
    const bytes = new TextEncoder().encode(disk.text);
    return Promise.resolve({
      size: bytes.length,
      async *chunks() {
        await Promise.resolve();
        yield bytes;
      },
    });
  };
  const check = (changes: object, more: Partial<CheckRequest> = {}): Promise<CheckedRun> => {
    const configText = JSON.stringify({ ...config, ...changes });
    const file = { name: 'numbers.csv', path: '/data/numbers.csv' };
    return checker.check({ configText, configFile: 'a.gd.json', seed: 0, file, stamp: '1', ...more }, { openFile });
  };
  return { check, disk };
}

/** What a checker that knows nothing yet says. */
const afresh = (changes: object, text = csv) => startChecker(text).check(changes);

describe('a config that only trains in another way', () => {
  it.each([
    ['rate', { optimizer: { type: 'SGD', lr: 1 } }],
    ['optimizer', { optimizer: { type: 'Adam', lr: 0.1 } }],
    ['momentum', { optimizer: { type: 'SGD', lr: 0.01, momentum: 0.9 } }],
    ['batches', { loader: { batch_size: 3, shuffle: false, drop_last: true } }],
    ['batches of more rows than there are', { loader: { batch_size: 30 } }],
    ['no batch', { loader: { batch_size: 30, drop_last: true } }],
    ['scheduler', { scheduler: { type: 'StepLR', step_size: 3 } }],
    ['epochs', { epochs: 3000, log_every: 7 }],
  ])('is answered as by a first check, without reading the data again: %s', async (_, changes) => {
    const { check, disk } = startChecker();
    await check({});
    const again = await check(changes);
    expect(disk.opened).toBe(1);
    expect(again).toEqual(await afresh(changes));
  });
});

describe('data are read again', () => {
  it.each([
    ['dataset', { dataset: { file: 'numbers.csv', targets: ['a'] } }],
    ['scaling', { dataset: { file: 'numbers.csv', scale: 'standard' } }],
    ['split', { split: [3, 2] }],
    ['seed', { seed: 2 }],
    ['loss', { loss: 'huber_loss' }],
    ['start', { model: { init: 'zeros' } }],
  ])('for another %s', async (_, changes) => {
    const { check, disk } = startChecker();
    await check({});
    const { report } = await check(changes);
    expect(disk.opened).toBe(2);
    expect(report).toEqual((await afresh(changes)).report);
  });

  it('for another seed that splits them otherwise', async () => {
    const split = { split: [3, 2] };
    const { check } = startChecker();
    const before = (await check(split)).report;
    const { report } = await check({ ...split, seed: 3 });
    expect(report).toEqual((await afresh({ ...split, seed: 3 })).report);
    expect(report!.limit.rate).not.toBe(before!.limit.rate);
  });

  it('when the file has changed', async () => {
    const { check, disk } = startChecker();
    await check({});
    disk.text = csv.replace('5,9', '50,9');
    const { report } = await check({}, { stamp: '2' });
    expect(report!.limit.rate).toBeLessThan(1e-3);
  });
});

it('gives notes on the config the name and the places of the config that is checked', async () => {
  const noted = { dataset: { generate: 'linear', samples: 5, features: 1 }, loader: { batch_size: 30 }, epochs: 1e5 };
  const moved = { ...noted, optimizer: { type: 'SGD', lr: 0.0125 } };
  const { check } = startChecker();
  await check(noted);
  const { problems } = await check(moved, { configFile: 'b.gd.json' });
  expect(problems).toMatchObject([{ file: 'b.gd.json', code: 'batch-size' }]);
  expect(problems).toEqual((await startChecker().check(moved, { configFile: 'b.gd.json' })).problems);
});

it('looks into no curvature that nobody wants any more', async () => {
  const dataset = { generate: 'linear', samples: 5, features: 1 };
  const request = { configText: JSON.stringify({ ...config, dataset }), configFile: 'a.gd.json', seed: 0 };
  const checked = new RunChecker().check(request, { watch: { cancelled: () => true } });
  await expect(checked).rejects.toThrow(ReadCancelled);
});
