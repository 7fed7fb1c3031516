import { describe, expect, it } from 'vitest';
import { Answerer } from '../../src/answers/answerer';
import { analyzeRun } from '../../src/training/analyzeRun';
import type { OpenedRun } from '../../src/training/openRun';
import reference from '../fixtures/polynomial.json';
import { expectClose } from '../helpers/expectClose';
import { openerOf } from '../helpers/openRun';

const sgd = { type: 'SGD', lr: 0.01 };

const { opened, problemOf } = openerOf(reference.run.csv);

const rowsOf = ({ dataset: { inputs, rows, inputNames } }: OpenedRun) =>
  Array.from({ length: rows }, (_, row) => [
    ...inputs.subarray(row * inputNames.length, (row + 1) * inputNames.length),
  ]);

const csv = (rows: number[][]) => `x0,x1,x2,y\n${rows.map((row, i) => `${row.join()},${i}`).join('\n')}\n`;

describe('products of inputs, against scikit-learn and PyTorch', () => {
  it.each(reference.features)(
    'are those of degree $degree, interactions only: $interaction_only, of values and of a file',
    async ({ degree, interaction_only, names, rows }) => {
      const polynomial = { degree, interaction_only };
      const values = { inputs: reference.inputs, targets: reference.inputs.map((_, i) => [i]) };
      const runs = [
        await opened({ dataset: { values, polynomial }, optimizer: sgd }),
        await opened({ dataset: { file: 'rows.csv', polynomial }, optimizer: sgd }, csv(reference.inputs)),
      ];
      for (const run of runs) {
        expect(run.dataset.inputNames).toEqual(names);
        expect(rowsOf(run)).toEqual(rows.map((row) => [...Float32Array.from(row)]));
      }
    },
  );

  it('train as in PyTorch', async () => {
    const { config, loss, valLoss, parameters } = reference.run;
    const { trainer } = await opened(config);
    loss.forEach((value, epoch) => {
      const record = trainer.advance(Infinity)!;
      expectClose(record.loss, value, 1e-5);
      expectClose(record.valLoss, valLoss[epoch], 1e-5);
    });
    parameters.forEach((value, i) => expectClose(trainer.parts.model.parameters[i], value, 1e-4, 1e-4));
  });
});

describe('products of inputs', () => {
  it('are columns like any other to curvature, rows and plots', async () => {
    const run = await opened({
      ...reference.run.config,
      split: undefined,
      dataset: { file: 'rows.csv', polynomial: {} },
    });
    const report = analyzeRun(run);
    expect(report.inputNames).toEqual(['a', 'b', 'a^2', 'a b', 'b^2']);
    // The rows are a² − 2ab + 0.5b + 3 and a little noise.
    const wanted = [0, 0.5, 1, -2, 0];
    report.optimum!.weight![0].forEach((weight, i) => expect(Math.abs(weight - wanted[i])).toBeLessThan(0.1));
    expect(run.shape.products).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  it('of one input leave it the one that a plot goes along', async () => {
    const dataset = { file: 'rows.csv', inputs: ['a'], targets: ['y'], polynomial: { degree: 3 } };
    const run = await opened({ dataset, optimizer: sgd });
    const scatter = new Answerer(run, () => 0).answer({ kind: 'scatter', query: { target: 0, points: 60 } });
    const inputs = rowsOf(run).map(([a]) => a);
    expect([...(scatter as { input: Float32Array }).input]).toEqual(inputs);
  });

  it('are made of the columns that are named, of all categories of one of them', async () => {
    const content = 'size,city,y\n2,Rome,1\n3,Oslo,2\n4,Rome,5\n';
    const dataset = { file: 'rows.csv', targets: ['y'], one_hot: ['city'] };
    const namesOf = async (polynomial: object) =>
      (await opened({ dataset: { ...dataset, polynomial }, optimizer: sgd }, content)).dataset.inputNames.slice(3);
    expect(await namesOf({ columns: ['size'] })).toEqual(['size^2']);
    expect(await namesOf({ columns: ['city', 'size'], interaction_only: true })).toEqual([
      'size city=Oslo',
      'size city=Rome',
      'city=Oslo city=Rome',
    ]);
    expect(await namesOf({})).toHaveLength(6);
  });

  it('of numbers that float32 rounds are made before it does, where they are scaled', async () => {
    const days = Array.from({ length: 20 }, (_, i) => 20_000_001 + i);
    const content = `t,y\n${days.map((day) => `${day},1`).join('\n')}\n`;
    const dataset = { file: 'rows.csv', inputs: ['t'], targets: ['y'], polynomial: {}, scale: 'standard' };
    const { dataset: made } = await opened({ dataset, optimizer: sgd }, content);
    expect([...made.exact!.inputs.get(1)!]).toEqual(days.map((day) => day * day));
  });

  it('are refused at their place', async () => {
    const file = { file: 'rows.csv', targets: ['y'] };
    const at = async (dataset: object, content?: string) => {
      const { message, code, suggestion } = await problemOf({ dataset, optimizer: sgd }, content);
      return [message, code, suggestion];
    };
    expect(await at({ ...file, polynomial: { degree: 0 } })).toEqual([
      'dataset.polynomial.degree must be at least 1, got 0',
      'out-of-range',
      undefined,
    ]);
    expect((await at({ ...file, polynomial: { degree: 2.5 } }))[0]).toContain('must be a whole number, got 2.5');
    expect((await at({ ...file, polynomial: { degree: 11 } }))[0]).toContain('must be at most 10');
    expect(
      await at({ ...file, inputs: ['alpha', 'b'], polynomial: { columns: ['alpa'] } }, 'alpha,b,y\n1,2,3\n'),
    ).toEqual([
      'dataset.polynomial.columns[0]: "alpa" is not an input; did you mean "alpha"?',
      'unknown-column',
      '"alpha"',
    ]);
    expect((await at({ ...file, polynomial: { columns: ['y'] } }))[0]).toBe(
      'dataset.polynomial.columns[0]: "y" is not an input; the inputs are "a", "b"',
    );
    expect((await at({ generate: 'moons', polynomial: { columns: ['x2'] } }))[0]).toContain(
      'the inputs are "x0", "x1"',
    );
    expect((await at({ ...file, polynomial: {} }, 'a,y\n1,1\n1e30,2\n'))[0]).toBe(
      'dataset.polynomial: "a^2" is more than a float32 can hold in row 2, where "a" is 1e30; lower degree, or leave it out of columns',
    );
  });

  it('are counted before any is made', async () => {
    const linear = { generate: 'linear', samples: 100, features: 300 };
    const { message, code } = await problemOf({ dataset: { ...linear, polynomial: { degree: 5 } }, optimizer: sgd });
    expect(message).toContain('at most 5,000 can be taken. Lower degree, or name fewer inputs in columns');
    expect(code).toBe('out-of-range');
    expect(
      (
        await problemOf({
          dataset: { ...linear, samples: 890_000, polynomial: { columns: ['x0'], degree: 10 } },
          optimizer: sgd,
        })
      ).message,
    ).toContain('dataset.polynomial makes 9 products of 1 input; with 890,000 rows these are 275,010,000 numbers');
  });
});
