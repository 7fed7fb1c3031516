import { describe, expect, it } from 'vitest';
import { Answerer } from '../../src/answers/answerer';
import { runMetrics, type MeasuredRun } from '../../src/training/runMetrics';
import type { RowsPage } from '../../src/protocol/questions';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import fixture from '../fixtures/metrics.json';
import { expectClose } from '../helpers/expectClose';

async function trained(config: object): Promise<{ run: OpenedRun; answerer: Answerer; page: RowsPage }> {
  const configText = JSON.stringify({ seed: 1, optimizer: { type: 'SGD', lr: 0.05 }, epochs: 3, ...config });
  const run = await openRun({ configText, configFile: 'a.gd.json', seed: 0 });
  if ('problems' in run) throw new Error(run.problems[0].message);
  while (run.trainer.epoch < run.config.epochs) run.trainer.advance(Infinity);
  const answerer = new Answerer(run, () => 0);
  const query = { offset: 0, count: Infinity, sort: 'row', descending: false } as const;
  return { run, answerer, page: answerer.answer({ kind: 'rows', query }) as RowsPage };
}

/** Indices into the rows that are held out, or that are not. */
function rowsOf({ validation }: RowsPage, held: 0 | 1): number[] {
  return [...validation.keys()].filter((row) => validation[row] === held);
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the metrics of a run with numbers', () => {
  const dataset = {
    generate: 'linear',
    samples: 40,
    features: 3,
    noise: 0.5,
    scale: 'standard',
    scale_targets: 'standard',
  };

  it('are of its predictions in the target’s own units, beside always predicting the training rows’ mean', async () => {
    const { answerer, page } = await trained({ dataset, split: [30, 10] });
    const metrics = answerer.metrics();
    if (metrics.of !== 'numbers') throw new Error(metrics.of);
    const average = mean(rowsOf(page, 0).map((row) => page.targets[row]));
    for (const [held, { model, baseline }] of [
      [0, metrics.train],
      [1, metrics.validation!],
    ] as const) {
      const rows = rowsOf(page, held);
      const errors = rows.map((row) => page.now[row] - page.targets[row]);
      const distances = rows.map((row) => average - page.targets[row]);
      expectClose(model.mae, mean(errors.map(Math.abs)), 1e-12);
      expectClose(model.rmse, Math.sqrt(mean(errors.map((error) => error ** 2))), 1e-12);
      expectClose(baseline.mae, mean(distances.map(Math.abs)), 1e-12);
      expectClose(baseline.rmse, Math.sqrt(mean(distances.map((error) => error ** 2))), 1e-12);
    }
    const variance = metrics.train.baseline.rmse ** 2;
    expectClose(metrics.train.model.r2, 1 - metrics.train.model.rmse ** 2 / variance, 1e-12);
  });

  it('have no validation where no row is held out', async () => {
    const { answerer } = await trained({ dataset });
    expect(Object.keys(answerer.metrics())).toEqual(['of', 'train']);
  });

  it('are those of the parameters that are asked about', async () => {
    const { run, answerer } = await trained({ dataset });
    const before = answerer.answer({ kind: 'metrics' }, run.initial);
    expect(before).not.toEqual(answerer.answer({ kind: 'metrics' }));
    run.trainer.parts.model.parameters.set(run.initial);
    expect(answerer.metrics()).toEqual(before);
  });
});

describe('the metrics of a run with classes', () => {
  const inputs = Array.from({ length: 30 }, (_, i) => [i % 7, (i * 5) % 11]);
  // 0 stands for no, 1 for yes, 2 for perhaps.
  const classes = inputs.map(([a, b], i) => (a + b > 9 ? 1 : i === 29 ? 2 : 0));

  it('are of its predictions and of its loss, beside always the most frequent class', async () => {
    const config = { dataset: { values: { inputs, targets: classes.map((value) => [value]) } }, loss: 'cross_entropy' };
    const { run, answerer, page } = await trained(config);
    const metrics = answerer.metrics();
    if (metrics.of !== 'classes') throw new Error(metrics.of);
    const right = [...page.rows.keys()].filter((row) => page.now[row] === page.targets[row]);
    expectClose(metrics.train.model.accuracy, right.length / 30, 1e-12);
    expectClose(metrics.train.model.logLoss, run.trainer.fullTrainLoss(), 1e-6);
    const share = classes.filter((value) => value === metrics.majority).length / 30;
    expectClose(metrics.train.baseline.accuracy, share, 1e-12);
    expect(metrics.train.model).not.toHaveProperty('rocAuc');
  });

  it('are those of two classes where one target holds 0 and 1', async () => {
    const targets = classes.map((value) => [Number(value === 1)]);
    const config = { dataset: { values: { inputs, targets } }, loss: 'binary_cross_entropy_with_logits' };
    const { run, answerer, page } = await trained(config);
    const metrics = answerer.metrics();
    if (metrics.of !== 'classes') throw new Error(metrics.of);
    const right = [...page.rows.keys()].filter((row) => Number(page.now[row] > 0.5) === page.targets[row]);
    expectClose(metrics.train.model.accuracy, right.length / 30, 1e-12);
    expectClose(metrics.train.model.logLoss, run.trainer.fullTrainLoss(), 1e-6);
    expect(metrics.train.baseline.rocAuc).toBe(0.5);
    const pairs = targets.flatMap(([one], i) => targets.flatMap(([other], j) => (one > other ? [[i, j]] : [])));
    const wins = pairs.map(([i, j]) => (Math.sign(page.now[i] - page.now[j]) + 1) / 2);
    expectClose(metrics.train.model.rocAuc!, mean(wins), 1e-12);
  });

  it('are those of numbers where the targets are probabilities', async () => {
    const targets = inputs.map(([a]) => [a / 7]);
    const config = { dataset: { values: { inputs, targets } }, loss: 'binary_cross_entropy_with_logits' };
    const { answerer } = await trained(config);
    expect(answerer.metrics().of).toBe('numbers');
  });
});

describe('metrics of rows in more than one chunk', () => {
  const { actual, probabilities, classes, train, expected } = fixture.classes.find(
    ({ name }) => name === 'three classes',
  )!;
  const copies = 200;

  it('are those of the rows once', () => {
    const repeated = Array.from({ length: copies }, () => actual.slice(0, train)).flat();
    const run: MeasuredRun = {
      dataset: {
        inputs: new Float32Array(repeated.length),
        targets: Float32Array.from(repeated),
        targetNames: ['y'],
        classNames: ['a', 'b', 'c'],
      },
      loss: 'cross_entropy',
      trainRows: Uint32Array.from(repeated.keys()),
      validationRows: new Uint32Array(0),
      outFeatures: classes,
      predict: () => new Float32Array(0),
      outputs: (rows) =>
        Float32Array.from(
          [...rows].flatMap((row) => {
            const first = (row % train) * classes;
            return probabilities.slice(first, first + classes).map(Math.log);
          }),
        ),
    };
    const { model, baseline } = runMetrics(run).train;
    for (const [name, value] of Object.entries(expected.train.baseline)) {
      expectClose(baseline[name as keyof typeof baseline], value, 1e-12);
    }
    // Logarithms in float32 move probabilities a little, and no class.
    expectClose((model as { logLoss: number }).logLoss, expected.train.model.logLoss, 1e-6);
    expectClose((model as { f1: number }).f1, expected.train.model.f1, 1e-12);
  });
});
