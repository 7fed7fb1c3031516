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
function startChecker(text = csv, checker = new RunChecker()) {
  const disk = { read: 0, text };
  const openFile = (path: string) => {
    expect(path).toBe('/data/numbers.csv');
    const bytes = new TextEncoder().encode(disk.text);
    return Promise.resolve({
      size: bytes.length,
      async *chunks() {
        disk.read++;
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
    expect(disk.read).toBe(1);
    expect(again).toEqual(await afresh(changes));
  });
});

describe('a check for nothing but the limit', () => {
  it.each([
    ['a rate far over it', { optimizer: { type: 'SGD', lr: 10 } }],
    ['a net', { model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 2 }, { type: 'Linear' }] } }],
    ['no batch', { loader: { batch_size: 30, drop_last: true } }],
    ['an optimizer without a rate', { optimizer: { type: 'SGD' } }],
  ])('gives the same report and the same errors: %s', async (_, changes) => {
    const whole = await afresh(changes);
    const { check } = startChecker();
    const errorsOf = ({ problems }: CheckedRun) => problems.filter(({ severity }) => severity === 'error');
    for (let time = 0; time < 2; time++) {
      const limit = await check(changes, { limitOnly: true });
      expect([limit.report, errorsOf(limit), limit.data]).toEqual([whole.report, errorsOf(whole), undefined]);
    }
    // What it left out is made up for.
    expect(await check(changes)).toEqual(whole);
  });
});

describe('data that are the same are read once', () => {
  it.each([
    ['split', { split: [3, 2] }],
    ['seed', { seed: 2 }],
    ['loss', { loss: 'huber_loss' }],
    ['start', { model: { init: 'zeros' } }],
    ['model', { model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 2 }, { type: 'Linear' }] } }],
  ])('for another %s', async (_, changes) => {
    const { check, disk } = startChecker();
    await check({});
    const again = await check(changes);
    expect(disk.read).toBe(1);
    expect(again).toEqual(await afresh(changes));
    expect(await check({})).toEqual(await afresh({}));
    expect(disk.read).toBe(1);
  });

  it('for another scale, where float32 holds them however they are scaled', async () => {
    const scaled = (scale: string) => ({ dataset: { file: 'numbers.csv', scale } });
    const { check, disk } = startChecker();
    for (const scale of ['none', 'minmax', 'standard']) {
      expect(await check(scaled(scale))).toEqual(await afresh(scaled(scale)));
    }
    expect(disk.read).toBe(1);
    const far = csv.replace(/^\d(?=,)/gm, (digit) => String(2 ** 30 + Number(digit)));
    const exact = startChecker(far);
    await exact.check(scaled('standard'));
    expect(await exact.check(scaled('none'))).toEqual(await afresh(scaled('none'), far));
    expect(exact.disk.read).toBe(2);
  });

  it('but notes on the config stand where they are in its text', async () => {
    const json = JSON.stringify([1, 2, 3].map((a) => ({ a, b: 2 * a })));
    const file = { name: 'numbers.json', path: '/data/numbers.csv' };
    const idle = { dataset: { file: 'numbers.json', delimiter: ';' } };
    const { check, disk } = startChecker(json);
    await check(idle, { file });
    const moved = { seed: 12_345, ...idle, loss: 'huber_loss' };
    const again = await check(moved, { file });
    expect(again).toEqual(await startChecker(json).check(moved, { file }));
    expect(again.problems[0]).toMatchObject({ code: 'idle-key' });
    expect(disk.read).toBe(1);
  });
});

describe('data are read again', () => {
  it.each([
    ['for another dataset', { dataset: { file: 'numbers.csv', targets: ['a'] } }, {}],
    ['when the file has changed', { loss: 'huber_loss' }, { stamp: '2' }],
    ['when nothing says whether it has', { loss: 'huber_loss' }, { stamp: undefined }],
  ])('%s', async (_, changes, more) => {
    const { check, disk } = startChecker();
    await check({});
    const { report } = await check(changes, more as Partial<CheckRequest>);
    expect(disk.read).toBe(2);
    expect(report).toEqual((await afresh(changes)).report);
  });

  it('where they are too many to be kept, and where they were forgotten', async () => {
    const checkers = [new RunChecker(10), new RunChecker()];
    for (const checker of checkers) {
      const { check, disk } = startChecker(csv, checker);
      await check({});
      if (checker === checkers[1]) checker.forget();
      await check({ loss: 'huber_loss' });
      expect(disk.read).toBe(2);
    }
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

describe('an answer that is wanted soon', () => {
  const model = { type: 'Sequential', layers: [{ type: 'Linear', out_features: 2 }, { type: 'Linear' }] };
  it.each([
    ['a small table', {}],
    ['a net', { dataset: { generate: 'linear', samples: 40_000, features: 20 }, model }],
  ])('is the whole one for %s', async (_, changes) => {
    const soon = await startChecker().check(changes, { soon: true });
    expect(soon).toEqual(await afresh(changes));
    expect(soon.isPartial).toBeUndefined();
  });

  it('is a limit from some of many rows, and the whole one where that is known', async () => {
    const many = { dataset: { generate: 'linear', samples: 40_000, features: 20 }, optimizer: { type: 'SGD', lr: 1 } };
    const { check } = startChecker();
    const { isPartial, data, report, problems } = await check(many, { soon: true });
    expect({ isPartial, data }).toEqual({ isPartial: true, data: undefined });
    expect(report!.limit.sample).toMatchObject({ rows: 26_214, of: 40_000 });
    expect(report).toMatchObject({ rows: 40_000, stepsPerEpoch: 20_000 });
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^lr 1 is .* times the estimated limit .* for batches of 2 rows \(from 26,214 of 40,000 rows\)$/,
      ),
    ]);
    const whole = await check(many);
    expect(whole.report).toMatchObject({ rows: 40_000, stepsPerEpoch: 20_000 });
    expect(whole.report!.limit.sample).toBeUndefined();
    expect(await check(many, { soon: true })).toEqual(whole);
  });

  it('says nothing of many rows that some do not show', async () => {
    const many = { dataset: { generate: 'linear', samples: 40_000, features: 20 } };
    const { check } = startChecker();
    for (const changes of [
      { loader: { batch_size: 2, shuffle: false } },
      { loss: { type: 'mse_loss', reduction: 'sum' } },
    ]) {
      expect(await check({ ...many, ...changes }, { soon: true })).toEqual({ problems: [], isPartial: true });
    }
  });
});
