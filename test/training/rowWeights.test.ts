import { describe, expect, it } from 'vitest';
import { Answerer } from '../../src/answers/answerer';
import { batchAccount } from '../../src/answers/batchAccount';
import { analyzeRun } from '../../src/training/analyzeRun';
import { startSharpness } from '../../src/training/measuredSharpness';
import { landscapeOf } from '../../src/answers/landscapeOf';
import reference from '../fixtures/rowWeights.json';
import { expectClose } from '../helpers/expectClose';
import { openerOf } from '../helpers/openRun';

type Config = Record<string, unknown> & { dataset: object };

const { opened, problemOf } = openerOf(reference.csv);
const [small, whole] = reference.runs.map(({ config }) => config as Config);

describe('weights of rows, against PyTorch and scikit-learn', () => {
  it.each(reference.runs.map((run) => ({ name: JSON.stringify(run.config), run })))('$name', async ({ run }) => {
    const run_ = await opened(run.config);
    const { trainer } = run_;
    run.loss.forEach((loss, epoch) => {
      const record = trainer.advance(Infinity)!;
      expectClose(record.loss, loss, 1e-5);
      expectClose(record.valLoss, run.valLoss[epoch], 1e-5);
    });
    run.parameters.forEach((value, i) => expectClose(trainer.parts.model.parameters[i], value, 1e-4, 1e-2));
    const { model } = new Answerer(run_, () => 0).metrics().train;
    for (const [name, value] of Object.entries(run.metrics)) {
      expectClose((model as unknown as Record<string, number>)[name], value, 1e-5);
    }
  });

  it('move the minimum and the curvature of all rows together', async () => {
    const { minimum, best, lambdaMax } = reference.runs[1] as { minimum: number; best: number[]; lambdaMax: number };
    const report = analyzeRun(await opened(whole));
    expectClose(report.optimum!.loss, minimum, 1e-6);
    [...report.optimum!.weight![0], ...report.optimum!.bias!].forEach((value, i) => expectClose(value, best[i], 1e-5));
    expectClose(report.hessian!.lambdaMax, lambdaMax, 1e-6);
    expectClose(report.limit.rate!, 2 / lambdaMax, 1e-6);
    expect(report.limit.accuracy).toBe('exact');
  });
});

describe('weights of rows', () => {
  it('train as if each row were there as often as it counts', async () => {
    const rows = ['1,2,3,2', '2,1,0,1', '3,1,5,3', '-1,0,1,1', '0,2,-1,2'];
    const repeated = rows.flatMap((row) => Array.from({ length: Number(row.slice(-1)) }, () => row.replace(/.$/, '1')));
    const config = (batch: number, loss: unknown) => ({
      ...{ seed: 1, loss, loader: { batch_size: batch, shuffle: false }, epochs: 30 },
      dataset: { file: 'rows.csv', inputs: ['a', 'b'], targets: ['y'], sample_weight: 'w' },
      optimizer: { type: 'SGD', lr: 0.01 },
    });
    for (const loss of ['mse_loss', 'huber_loss', 'l1_loss', { type: 'mse_loss', reduction: 'sum' }]) {
      const runs = [
        await opened(config(5, loss), `a,b,y,w\n${rows.join('\n')}\n`),
        await opened(config(9, loss), `a,b,y,w\n${repeated.join('\n')}\n`),
      ];
      const reports = runs.map((run) => analyzeRun(run));
      expect(
        reports.map(({ noOptimum }) => noOptimum),
        JSON.stringify(loss),
      ).toEqual([undefined, undefined]);
      expectClose(reports[0].optimum!.loss, reports[1].optimum!.loss, 1e-9, 1e-9);
      if (loss !== 'l1_loss') expectClose(reports[0].limit.rate!, reports[1].limit.rate!, 1e-9);
      for (let epoch = 0; epoch < 30; epoch++) {
        const [one, other] = runs.map(({ trainer }) => trainer.advance(Infinity)!.loss);
        expectClose(one, other, 1e-6);
      }
    }
  });

  it('bound every batch, so that the rate that is said to be safe is', async () => {
    const run = await opened({ ...small, split: undefined, loader: { batch_size: 4 } });
    const { limit } = analyzeRun(run);
    expect(limit.accuracy).toBe('safe');
    const safe = await opened({
      ...small,
      loader: { batch_size: 4 },
      optimizer: { type: 'SGD', lr: 0.99 * limit.rate! },
      epochs: 50,
    });
    let last = 0;
    for (let epoch = 0; epoch < 50; epoch++) last = safe.trainer.advance(Infinity)!.loss;
    expect(last).toBeLessThan(100);
  });

  it('are in the sharpness of a net as the rows repeated would be', async () => {
    const config = {
      ...{ seed: 1, loader: { batch_size: 3 }, optimizer: { type: 'SGD', lr: 0.01 } },
      model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 4 }, 'Tanh', 'Linear'] },
      dataset: { file: 'rows.csv', inputs: ['a', 'b'], targets: ['y'], sample_weight: 'w' },
    };
    const once = await startSharpness(await opened(config, 'a,b,y,w\n1,2,3,2\n2,1,0,1\n'));
    const twice = await startSharpness(await opened(config, 'a,b,y,w\n1,2,3,1\n1,2,3,1\n2,1,0,1\n'));
    expectClose(once!.value, twice!.value, 1e-6);
  });

  it('are in the landscape', async () => {
    const run = await opened(whole);
    const { minimum, view, losses, size } = landscapeOf(run)({ plane: { first: 0, second: 1 } }, [run.initial]);
    expect(losses[(losses.length - 1) / 2]).toBeGreaterThanOrEqual(minimum!.loss);
    expect(size).toBeGreaterThan(1);
    expect(view.halfA).toBeGreaterThan(0);
    const at = landscapeOf(run)(
      { plane: { first: 0, second: 1 }, view: { a: run.initial[0], b: run.initial[1], halfA: 1, halfB: 1 } },
      [run.initial],
    );
    expectClose(at.losses[(at.losses.length - 1) / 2], run.trainer.fullTrainLoss(), 1e-6);
  });

  it('divide the loss of a batch, which says what each row counts', async () => {
    const run = await opened(whole);
    run.trainer.advance(Infinity);
    const account = batchAccount(run, { rows: 30 })!;
    expect([...account.weights!]).toEqual([...account.rows].map((row) => run.dataset.sampleWeight!.values[row]));
    expectClose(
      account.divisor,
      account.weights!.reduce((sum, weight) => sum + weight, 0),
      1e-9,
    );
    expectClose(account.ownLosses.reduce((sum, loss) => sum + loss, 0) / account.divisor, account.loss, 1e-6);
  });

  it('are no input, unless it is said', async () => {
    const { shape, dataset } = await opened({
      ...small,
      dataset: { file: 'rows.csv', targets: ['y'], sample_weight: 'w' },
    });
    expect(dataset.inputNames).toEqual(['a', 'b', 'z', 'k', 'c']);
    expect(shape.sampleWeight).toBe('w');
    const last = await opened({ ...small, dataset: { file: 'rows.csv', sample_weight: 'w' } });
    expect(last.dataset.targetNames).toEqual(['c']);
  });

  it('are refused where they cannot be weights, with the place', async () => {
    const dataset = { file: 'rows.csv', inputs: ['a'], targets: ['y'], sample_weight: 'w' };
    const config = { dataset, optimizer: { type: 'SGD', lr: 0.1 } };
    expect(await problemOf(config, 'a,y,w\n1,2,1\n2,3,-1\n')).toMatchObject({
      ...{ file: 'rows.csv', line: 3, column: 5, code: 'sample-weight' },
      message: 'column "w" says what each row counts, which is no less than 0, got "-1"',
    });
    expect((await problemOf(config, 'a,y,w\n1,2,0\n2,3,0\n')).message).toContain('is 0 in every row');
    expect(await problemOf(config, 'a,y,w\n1,2,1\n2,3,\n')).toMatchObject({ line: 3, code: 'missing-value' });
    expect(
      (await problemOf({ ...config, dataset: { ...dataset, sample_weight: 'v' } }, 'a,y,w\n1,2,1\n')).message,
    ).toContain('dataset.sample_weight: the file has no column "v"');
    expect(
      (await problemOf({ ...config, dataset: { ...dataset, inputs: ['a', 'w'] } }, 'a,y,w\n1,2,1\n')).message,
    ).toContain('can be neither input nor target');
    const split = { lengths: [1, 1], shuffle: false };
    expect((await problemOf({ ...config, split }, 'a,y,w\n1,2,0\n2,3,1\n')).message).toContain(
      'is 0 in every training row',
    );
  });
});
