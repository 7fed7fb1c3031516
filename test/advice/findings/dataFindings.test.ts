import { describe, expect, it } from 'vitest';
import { expectedVerdict } from '../../../src/advice/findings/expectedVerdict';
import { parseConfig } from '../../../src/config/parseConfig';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { Answerer } from '../../../src/answers/answerer';
import { openRun } from '../../../src/training/openRun';
import { RunChecker } from '../../../src/training/runChecker';

/** Numbers from -1 to 1 that are the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
}

/** A csv of rows with inputs `a`, `b`, `c` and what a function makes of them. */
function csv(
  head: string,
  row: (x: number[], i: number, random: () => number) => (number | string)[],
  rows = 120,
): string {
  const random = randomNumbers(7);
  const lines = Array.from({ length: rows }, (_, i) => row([random(), random(), random()], i, random).join());
  return [head, ...lines].join('\n') + '\n';
}

/** What is expected of a run on a csv, its problems, and the config with the first fix written in. */
async function look(content: string, config: object = {}) {
  const configText = JSON.stringify({
    seed: 0,
    dataset: { file: 'a.csv', scale: 'standard' },
    optimizer: { type: 'SGD', lr: 0.1 },
    loader: { batch_size: 120 },
    epochs: 500,
    ...config,
  });
  const request = { configText, configFile: 'a.gd.json', seed: 0, file: { name: 'a.csv', content } };
  const { problems, report, data } = await new RunChecker().check(request);
  const verdict = expectedVerdict(data!, report);
  const edits = verdict.fixes[0]?.edits ?? [];
  const mended = edits.reduce((text, { path, value }) => setConfigValue(text, path.join('.'), value), configText);
  const again = edits.length > 0 ? await new RunChecker().check({ ...request, configText: mended }) : undefined;
  return {
    verdict,
    problems,
    mended: { ...parseConfig(mended), text: mended },
    after: again?.data && expectedVerdict(again.data, again.report),
  };
}

/** R² of a config's run at its end. */
async function trainedR2(configText: string, content: string): Promise<number> {
  const run = await openRun({ configText, configFile: 'a.gd.json', seed: 0, file: { name: 'a.csv', content } });
  if ('problems' in run) throw new Error(run.problems[0].message);
  while (run.trainer.epoch < run.config.epochs) run.trainer.advance(Infinity);
  const { model } = new Answerer(run, () => 0).metrics().train;
  return (model as { r2: number }).r2;
}

const noisy = (x: number[], random: () => number) => 2 * x[0] - x[1] + random();

describe('what a run’s rows speak against it', () => {
  it('is nothing where all is well', async () => {
    const { verdict, problems } = await look(csv('a,b,c,y', (x, _, random) => [...x, noisy(x, random)]));
    expect([verdict.code, problems]).toEqual(['fine', []]);
  });

  it('is an input that gives the target by itself: leave it out', async () => {
    const content = csv('a,b,c,total,y', (x, _, random) => {
      const y = noisy(x, random);
      return [...x, 3 * y + 1, y];
    });
    const { verdict, problems, mended, after } = await look(content);
    expect(verdict).toMatchObject({ code: 'leaking_column', fixes: [{ title: 'Leave out "total"' }] });
    expect(problems.map(({ message }) => `${message}.`)).toContain(verdict.sentence);
    expect(mended.config?.dataset).toMatchObject({ inputs: ['a', 'b', 'c'] });
    expect(after?.code).toBe('fine');
  });

  it('is no leak where the other inputs know what it leaves: a law with one large term', async () => {
    const content = csv('a,b,c,y', ([a, b, c]) => [a, b, c, 1000 * a + 2 * b + c]);
    expect((await look(content)).verdict.code).toBe('fine');
  });

  it('is rows that stand in both sets', async () => {
    const once = csv('a,b,c,y', (x, _, random) => [...x, noisy(x, random)], 60)
      .trim()
      .split('\n');
    const { verdict } = await look([...once, ...once.slice(1)].join('\n') + '\n', { split: [0.8, 0.2] });
    expect(verdict).toMatchObject({ code: 'rows_in_both_sets', fixes: [] });
    expect(verdict.numbers.rows).toBeGreaterThan(10);
  });

  it('is no repetition where columns have few values', async () => {
    const content = csv('a,b,c,y', (x, _, random) => [
      ...x.map((value) => Number(value > 0)),
      random() > 0 ? 1.5 : 2.25,
    ]);
    expect((await look(content, { split: [0.8, 0.2] })).verdict.code).not.toBe('rows_in_both_sets');
  });

  it('is a target of two values with a loss of numbers: a loss of classes', async () => {
    const content = csv('a,b,c,y', (x, _, random) => [...x, Number(noisy(x, random) > 0)]);
    const { verdict, mended } = await look(content);
    expect(verdict.code).toBe('classes_as_numbers');
    expect(mended.config).toMatchObject({ loss: 'binary_cross_entropy_with_logits', optimizer: { lr: 0.4 } });
  });

  it('is labels in whole numbers, where the column is named like that', async () => {
    const rows = (name: string) => csv(`a,b,c,${name}`, (x, i) => [...x, i % 3]);
    expect((await look(rows('species'))).verdict.code).toBe('classes_as_numbers');
    expect((await look(rows('rooms'))).verdict.code).not.toBe('classes_as_numbers');
  });

  it('is a measure taken for classes: mse_loss', async () => {
    const content = csv('a,b,c,y', (x, i, random) => [...x, (Math.round(noisy(x, random) * 20) + (i % 2)) / 2]);
    const { verdict, mended, after } = await look(content, { loss: 'cross_entropy' });
    expect(verdict.code).toBe('numbers_as_classes');
    expect(mended.config).toMatchObject({ loss: 'mse_loss', dataset: { scale_targets: 'standard' } });
    expect(after?.code).toBe('fine');
  });

  it('is a target that bends as squares and products do: these as inputs, then a net', async () => {
    const content = csv('a,b,c,y', ([a, b, c], _, random) => [a, b, c, a * b + c * c + 0.05 * random()]);
    const { verdict, mended, after } = await look(content);
    expect([verdict.code, ...verdict.fixes.map(({ kind }) => kind)]).toEqual(['not_linear', 'polynomial', 'layers']);
    expect(mended.config).toMatchObject({
      dataset: { polynomial: { degree: 2 }, scale: 'standard', scale_targets: 'standard' },
      optimizer: { type: 'Adam', lr: 0.01 },
      epochs: 3000,
    });
    expect([mended.problems, after?.code]).toEqual([[], 'fine']);
    expect(await trainedR2(mended.text, content)).toBeGreaterThan(0.98);
  });

  it('leaves categories out of products, which would repeat them', async () => {
    const content = csv('a,b,kind,y', ([a, b], i) => [a, b, 'uvw'[i % 3], a * b]);
    const { verdict } = await look(content, { dataset: { file: 'a.csv', scale: 'standard', one_hot: ['kind'] } });
    expect(verdict.fixes[0].edits[0].value).toEqual({ degree: 2, columns: ['a', 'b'] });
  });

  it('still has a column that gives the target away among products', async () => {
    const content = csv('a,b,c,total,y', (x, _, random) => {
      const y = noisy(x, random);
      return [...x, 3 * y + 1, y];
    });
    const { verdict } = await look(content, { dataset: { file: 'a.csv', scale: 'standard', polynomial: {} } });
    expect(verdict).toMatchObject({ code: 'leaking_column', fixes: [{ title: 'Leave out "total"' }] });
  });

  it('is a target that bends in another way: a net', async () => {
    const content = csv('a,b,c,y', ([a, b, c], _, random) => [a, b, c, Math.sign(a * b * c) + 0.05 * random()], 400);
    const { verdict, mended } = await look(content);
    expect(verdict.code).toBe('not_linear');
    expect(mended.config?.model.type).toBe('Sequential');
    expect(mended.problems).toEqual([]);
  });

  it('is not that it bends, where a linear model tells all classes apart', async () => {
    const content = csv('a,b,c,y', ([a, b, c]) => {
      const isRare = a + b > 1.1;
      const far = isRare ? 0.1 : -0.1;
      return [a + far, b + far, c, Number(isRare)];
    });
    const { verdict } = await look(content, { loss: 'binary_cross_entropy_with_logits' });
    expect(verdict.code).toBe('fine');
  });

  it('is nothing to learn, where not even near rows know the target', async () => {
    const { verdict } = await look(csv('a,b,c,y', (x, _, random) => [...x, random()], 300));
    expect(verdict).toMatchObject({ code: 'nothing_to_learn', fixes: [] });
  });

  it('is not that where a rare class leaves little of the log loss to explain', async () => {
    const isRare = (x: number[], random: () => number) => Number(0.25 * x[0] + random() + 0.5 * random() > 1);
    const content = csv('a,b,c,y', (x, _, random) => [...x, isRare(x, random)], 600);
    const { verdict } = await look(content, { loss: 'binary_cross_entropy_with_logits' });
    expect(verdict.code).toBe('fine');
  });

  it('is an activation after the last layer that the targets do not allow', async () => {
    const layers = [{ type: 'Linear', out_features: 4 }, 'Tanh', 'Linear', 'ReLU'];
    const content = csv('a,b,c,y', (x, _, random) => [...x, noisy(x, random)]);
    const config = { model: { type: 'Sequential', layers }, optimizer: { type: 'Adam', lr: 0.01 } };
    const { verdict, mended, after } = await look(content, config);
    expect(verdict).toMatchObject({ code: 'output_activation', fixes: [{ title: 'Remove the last ReLU' }] });
    expect([mended.problems, after?.code]).toEqual([[], 'fine']);
  });

  it('is weight decay that costs more than half of what can be learned', async () => {
    const content = csv('a,b,c,y', (x, _, random) => [...x, noisy(x, random)]);
    const { verdict, after } = await look(content, { optimizer: { type: 'SGD', lr: 0.01, weight_decay: 20 } });
    expect(verdict.code).toBe('regularization_too_strong');
    expect(after?.code).not.toBe('regularization_too_strong');
  });

  it('is the same where the classes overlap, so that little can be learned', async () => {
    const content = csv('a,b,c,y', (x, _, random) => [...x, x[0] + 1.8 * random() > 0 ? 'yes' : 'no'], 300);
    const config = { dataset: { file: 'a.csv', targets: ['y'] }, loss: 'cross_entropy' };
    const { verdict } = await look(content, { ...config, optimizer: { type: 'SGD', lr: 0.01, weight_decay: 8 } });
    expect(verdict.code).toBe('regularization_too_strong');
  });

  it('is a penalty that costs more than half of what can be learned', async () => {
    const content = csv('a,b,c,y', (x, _, random) => [...x, noisy(x, random)]);
    for (const penalty of [{ l2: 10 }, { l1: 5 }, { l1: 5, l2: 10, bias: true }]) {
      const { verdict, after } = await look(content, { optimizer: { type: 'SGD', lr: 0.01 }, penalty });
      expect(verdict.code).toBe('regularization_too_strong');
      expect(after?.code).not.toBe('regularization_too_strong');
    }
  });

  it('is too few epochs where the rate is as large as it may be', async () => {
    const content = csv('a,b,c,y', (x, _, random) => [...x, noisy(x, random) + 5]);
    const { verdict, after } = await look(content, { optimizer: { type: 'SGD', lr: 0.3 }, epochs: 1 });
    expect(verdict.code).toBe('too_few_epochs');
    expect(after?.code).toBe('fine');
  });
});
