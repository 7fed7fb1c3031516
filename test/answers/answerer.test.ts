import { describe, expect, it } from 'vitest';
import { tutorialConfig } from '../../src/config/templates/template';
import { Answerer, type InstantQuestion } from '../../src/answers/answerer';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import type { Answer, Question } from '../../src/protocol/questions';
import { setConfigValue } from '../../src/config/edits/setValue';
import tutorial from '../fixtures/tutorial.json';

async function open(config: object | string, content?: string): Promise<OpenedRun> {
  const configText = typeof config === 'string' ? config : JSON.stringify(config);
  const file = content === undefined ? {} : { file: { name: 'rows.csv', content } };
  const opened = await openRun({ configText, configFile: 'test.gd.json', seed: 0, ...file });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened;
}

function asking(run: OpenedRun) {
  const answerer = new Answerer(run, () => 0);
  return <K extends InstantQuestion['kind']>(question: Question<K>) => answerer.answer(question) as Answer<K>;
}

const query = { offset: 0, count: 1000, sort: 'row', descending: false, batches: true } as const;
const everyRow = { kind: 'rows', query } as const;
const wholeOrder = { kind: 'order', query: { batches: 1000, rows: 1000 } } as const;

describe('the batches of an epoch', () => {
  it('are PyTorch’s in the tutorial, one row each', async () => {
    const [{ seed, order }] = tutorial;
    const run = await open(setConfigValue(tutorialConfig(), 'seed', seed));
    const ask = asking(run);
    expect(ask(wholeOrder)).toMatchObject({ epoch: -1, done: 0, total: 10, rows: new Uint32Array(0) });
    expect([...ask(everyRow).batch]).toEqual(Array(10).fill(-1));
    for (let epoch = 0; epoch < 5; epoch++) {
      run.trainer.advance(Infinity, 4);
      const expected = Array.from(order.slice(10 * epoch, 10 * epoch + 10), Number);
      expect(ask(wholeOrder)).toMatchObject({ epoch, done: 4, first: 0, rows: Uint32Array.from(expected) });
      expect([...ask(everyRow).batch].map((batch) => expected[batch])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      run.trainer.advance(Infinity);
      expect(ask(wholeOrder)).toMatchObject({ epoch, done: 10, rows: Uint32Array.from(expected) });
    }
  });

  const split = {
    seed: 4,
    dataset: { generate: 'linear', samples: 30, features: 2 },
    split: [22, 8],
    loader: { batch_size: 4, drop_last: true },
    optimizer: { type: 'SGD', lr: 0.01 },
  };

  it('are those of the rows that train, without the ones that drop_last leaves out', async () => {
    const run = await open(split);
    const ask = asking(run);
    run.trainer.advance(Infinity, 2);
    const { batch, validation } = ask(everyRow);
    const { rows, ...order } = ask(wholeOrder);
    expect(order).toEqual({
      batchSize: 4,
      shuffle: true,
      dropLast: true,
      epoch: 0,
      done: 2,
      total: 5,
      leftOut: 2,
      first: 0,
      sizes: Uint32Array.of(4, 4, 4, 4, 4),
      rowsEach: 1000,
    });
    for (let i = 0; i < 5; i++) {
      const inBatch = Array.from(batch).flatMap((each, row) => (each === i ? [row] : []));
      expect(inBatch).toEqual([...rows.subarray(4 * i, 4 * i + 4)].sort((one, other) => one - other));
    }
    batch.forEach((each, row) => validation[row] && expect(each).toBe(-1));
    expect(batch.filter((each) => each < 0)).toHaveLength(8 + 2);
  });

  it('are the same again after going back', async () => {
    const run = await open(split);
    const ask = asking(run);
    const orders: Answer<'order'>[] = [];
    const positions = [run.trainer.position()];
    while (run.trainer.epoch < 6) {
      run.trainer.advance(Infinity);
      orders.push(ask(wholeOrder));
      positions.push(run.trainer.position());
    }
    for (const epochs of [5, 2, 6, 1]) {
      run.trainer.restore(positions[epochs]);
      expect(ask(wholeOrder)).toEqual(orders[epochs - 1]);
      run.trainer.advance(Infinity, 1);
      if (epochs < 6) expect(ask(wholeOrder)).toEqual({ ...orders[epochs], done: 1 });
    }
    run.trainer.restore(positions[0]);
    expect(ask(wholeOrder)).toMatchObject({ epoch: -1, done: 0 });
  });

  it('are listed around the one under way, each with its first rows', async () => {
    const loader = { batch_size: 3, shuffle: false };
    const run = await open({ ...split, dataset: { ...split.dataset, samples: 300 }, split: [290, 10], loader });
    const ask = asking(run);
    const list = () => ask({ kind: 'order', query: { batches: 5, rows: 2 } });
    const { trainRows } = run.trainer.parts;
    expect(list()).toMatchObject({ epoch: 0, done: 0, total: 97, first: 0, rows: firstTwo([0, 1, 2, 3, 4]) });
    run.trainer.advance(Infinity, 40);
    expect(list()).toMatchObject({ done: 40, first: 38, rows: firstTwo([38, 39, 40, 41, 42]) });
    run.trainer.advance(Infinity);
    expect(list()).toMatchObject({ done: 97, first: 92, sizes: Uint32Array.of(3, 3, 3, 3, 2) });

    function firstTwo(batches: number[]) {
      return Uint32Array.from(batches.flatMap((batch) => [...trainRows.subarray(3 * batch, 3 * batch + 2)]));
    }
  });
});

describe('a column', () => {
  it('is listed in its own units, apart for training and validation', async () => {
    const content = 'size,price\n' + Array.from({ length: 40 }, (_, i) => `${i * 1.5},${i % 3}`).join('\n');
    const run = await open(
      { dataset: { file: 'rows.csv', scale: 'standard' }, split: [30, 10], optimizer: { type: 'SGD', lr: 0.01 } },
      content,
    );
    const ask = asking(run);
    const size = ask({ kind: 'column', query: { of: 'inputs', index: 0 } });
    const { trainRows, validationRows } = run.trainer.parts;
    const mean = (rows: Uint32Array) => rows.reduce((sum, row) => sum + row * 1.5, 0) / rows.length;
    expect(size.train.mean).toBeCloseTo(mean(trainRows), 10);
    expect(size.validation.mean).toBeCloseTo(mean(validationRows), 10);
    expect(size.train.mean).toBeCloseTo(run.scaling.inputs.offset[0], 10);
    expect(size.train.deviation).toBeCloseTo(run.scaling.inputs.scale[0], 10);
    const price = ask({ kind: 'column', query: { of: 'targets', index: 0 } });
    expect([...price.values!]).toEqual([0, 1, 2]);
    expect(() => ask({ kind: 'column', query: { of: 'targets', index: 1 } })).toThrow(
      'no column 1 among the 1 targets',
    );
  });
});
