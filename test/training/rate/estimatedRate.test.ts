import { describe, expect, it } from 'vitest';
import { curvatureText } from '../../../src/advice/curvatureText';
import { curvatureProblems } from '../../../src/advice/findings/curvatureProblems';
import { parseConfig } from '../../../src/config/parseConfig';
import type { Dataset } from '../../../src/engine/dataset';
import { sampledRows } from '../../../src/engine/facts/sampledRows';
import { Generator } from '../../../src/engine/random/random';
import { analysisOf, analyzeRun, trainingOf } from '../../../src/training/analyzeRun';
import { estimatedRate } from '../../../src/training/estimatedRate';
import { trainable } from '../../../src/training/openRun';

const rows = 40_003;
const width = 32;

const generator = new Generator(3);
const normal = { inputs: generator.normal(rows * width), targets: generator.normal(rows) };

/** A table of random numbers, changed in some places. */
function tableOf(change: (row: number, x: Float32Array) => void = () => {}, classes = 0): Dataset {
  const inputs = normal.inputs.slice();
  for (let row = 0; row < rows; row++) change(row, inputs.subarray(row * width, (row + 1) * width));
  return {
    ...{ rows, inputs, inputNames: Array.from({ length: width }, (_, i) => `x${i}`), targetNames: ['y'] },
    targets: classes ? Float32Array.from({ length: rows }, (_, row) => row % classes) : normal.targets,
    ...(classes && { classNames: Array.from({ length: classes }, (_, i) => `class ${i}`) }),
  };
}

interface Changes {
  scale?: string;
  lr?: number;
  loss?: unknown;
  batch?: number;
  shuffle?: boolean;
  split?: number[];
  momentum?: number;
}

function configOf({
  scale = 'none',
  lr = 1e-6,
  loss = 'mse_loss',
  batch = 32,
  shuffle = true,
  split,
  momentum = 0,
}: Changes) {
  const parsed = parseConfig(
    JSON.stringify({
      seed: 1,
      dataset: { file: 'a.csv', scale },
      loader: { batch_size: batch, shuffle },
      optimizer: { type: 'SGD', lr, momentum },
      ...{ loss, split },
    }),
    'a.gd.json',
  );
  return { parsed, config: { ...parsed.config!, seed: 1 } };
}

/** What some rows say, and what all do. */
function both(dataset: Dataset, changes: Changes) {
  const { parsed, config } = configOf(changes);
  const some = estimatedRate({ config, dataset });
  const all = analyzeRun(trainable(config, { ...dataset }), { scaled: false });
  return { parsed, some, all };
}

describe('the limit of some rows', () => {
  it.each<[string, Changes]>([
    ['small batches', {}],
    ['scaled inputs', { scale: 'standard' }],
    ['a last batch of one row', { batch: 2 }],
    ['one batch of all rows', { batch: rows }],
    ['a split', { split: [0.8, 0.2], scale: 'minmax' }],
    ['momentum', { momentum: 0.9 }],
    ['another loss', { loss: 'smooth_l1_loss' }],
    ['classes', { loss: 'cross_entropy' }],
  ])('is about that of all: %s', (_, changes) => {
    const dataset = tableOf(undefined, changes.loss === 'cross_entropy' ? 10 : 0);
    const { some, all } = both(dataset, changes);
    const of = changes.split ? 32_003 : rows;
    expect(some!.limit.rate! / all.limit.rate!).toBeGreaterThan(0.9);
    expect(some!.limit.rate! / all.limit.rate!).toBeLessThan(1.2);
    expect(some).toMatchObject({ rows: all.rows, stepsPerEpoch: all.stepsPerEpoch });
    expect(some!.limit).toMatchObject({ accuracy: 'estimate', batchRows: all.limit.batchRows, sample: { of } });
    expect(some!.limit.isLast).toBe(all.limit.isLast);
  });

  it('says how many they are, and no more than the limit', () => {
    const { some } = both(tableOf(), { lr: 0.01 });
    const [looked, limit, rest, ...none] = curvatureText(some!).split('\n');
    expect(looked).toBe('40,003 training rows, 32 inputs, 1 output');
    expect(limit).toMatch(
      /^lr 0.01 is .* the estimated limit [\d.]+ for the last batch, which has 3 rows \(from 16,.* of 40,003 rows\)$/,
    );
    expect([rest, none]).toEqual(['curvature and minimum follow from all rows', []]);
    expect(some).not.toHaveProperty('optimum');
    expect(some).not.toHaveProperty('slowest');
  });
});

/** Fewer than every second row is looked at. */
const tables: [string, () => Dataset][] = [
  ['ordinary', () => tableOf()],
  ['with one far row that is looked at', () => tableOf((row, x) => row === 0 && void (x[0] = 1e4))],
  ['with one far row that is not', () => tableOf((row, x) => row === 1 && void (x[0] = 1e4))],
  ['whose rows repeat', () => tableOf((row, x) => void x.fill(row % 5))],
  ['with rows in a rhythm', () => tableOf((row, x) => void (x[0] = row % 3 === 0 ? 100 : 0))],
  ['with a column that is nearly always the same', () => tableOf((row, x) => void (x[3] = row === 1 ? 7 : 5))],
  ['in ascending order', () => tableOf((row, x) => void (x[0] = row))],
];

describe.each(tables)('a table %s', (_, make) => {
  const dataset = make();

  it('is no cause of alarm over a rate that all rows allow', () => {
    const batches = [{ batch: 1 }, { batch: 5 }, { batch: 32, momentum: 0.9 }, { batch: 5000 }, { batch: rows }];
    for (const scale of ['none', 'standard']) {
      // How they are taken in batches is no part of what is known of all rows.
      const all = analysisOf(trainable(configOf({ scale }).config, { ...dataset }))!;
      for (const changes of batches.map((one) => ({ ...one, scale }))) {
        const { limit } = all.report(trainingOf(configOf(changes).config));
        const { parsed, config } = configOf({ ...changes, lr: 0.999 * limit.rate! });
        const some = estimatedRate({ config, dataset })!;
        expect(some.limit.sample!.rows).toBeLessThan(rows / 2);
        expect(curvatureProblems(parsed, some)).toEqual([]);
      }
    }
  });

  it('is cause of alarm over a rate far beyond', () => {
    const { some, all } = both(dataset, {});
    const { parsed, config } = configOf({ lr: 2 * some!.limit.rate! });
    expect(all.limit.rate).toBeLessThanOrEqual(1.001 * some!.limit.rate!);
    expect(curvatureProblems(parsed, estimatedRate({ config, dataset })!)).toMatchObject([{ severity: 'warning' }]);
  });
});

it('is of rows that are scaled as all are', () => {
  const looked = new Set(
    sampledRows(
      Uint32Array.from({ length: rows }, (_, row) => row),
      2 ** 19 / width,
    ),
  );
  const dataset = tableOf((row, x) => void (x[0] = row === 0 ? 1 : looked.has(row) ? 0 : 5));
  const { some, all } = both(dataset, { batch: 1, scale: 'standard' });
  expect(some!.limit.rate! / all.limit.rate!).toBeGreaterThan(0.99);
});

describe('nothing is said', () => {
  it.each<[string, Changes, Dataset]>([
    ['of batches in sequence', { shuffle: false }, tableOf()],
    ['of sums', { loss: { type: 'mse_loss', reduction: 'sum' } }, tableOf()],
    ['of balanced classes', { loss: { type: 'cross_entropy', weight: 'balanced' } }, tableOf(undefined, 3)],
    [
      'of rows that count differently',
      {},
      { ...tableOf(), sampleWeight: { column: 'w', values: new Float32Array(rows) } },
    ],
    ['of batches larger than the sample', { batch: 20_000 }, tableOf()],
  ])('%s', (_, changes, dataset) => {
    const { config } = configOf(changes);
    expect(estimatedRate({ config, dataset })).toBeUndefined();
  });
});
