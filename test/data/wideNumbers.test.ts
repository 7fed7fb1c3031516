import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeTable } from '../../src/data/describeTable';
import { readTable } from '../../src/data/readTable';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import { RowsPager } from '../../src/answers/rowsPager';
import { Answerer } from '../../src/answers/answerer';
import truth from '../fixtures/wide.json';
import { expectClose } from '../helpers/expectClose';

const folder = path.join(__dirname, '../fixtures/wide');
const files = readdirSync(folder);
const inputs = ['hour', 'time', 'near', 'plain'] as const;
const singles = (bits: number[]) => new Float32Array(Uint32Array.from(bits).buffer);

async function opened(dataset: object, more: object = {}): Promise<OpenedRun> {
  const file = (dataset as { file?: string }).file;
  const config = { dataset, loss: 'mse_loss', optimizer: { type: 'SGD', lr: 0.1 }, ...more };
  const run = await openRun({
    configText: JSON.stringify(config),
    configFile: 'a.gd.json',
    seed: 1,
    ...(file !== undefined && { file: { name: file, content: readFileSync(path.join(folder, file)) } }),
  });
  if ('problems' in run) throw new Error(run.problems[0].message);
  return run;
}

/** The columns of what is trained on. */
function trainedColumn({ trainer }: OpenedRun, of: 'inputs' | 'targets', column: number): number[] {
  const { dataset } = trainer.parts;
  const width = (of === 'inputs' ? dataset.inputNames : dataset.targetNames).length;
  return [...dataset[of].filter((_, i) => i % width === column)];
}

const notesOf = ({ notes }: OpenedRun) =>
  notes.filter(({ code }) => code === 'rounded').map(({ severity, message }) => [severity, message]);

describe.each(files)('numbers that float32 would merge, from %s', (file) => {
  it.each(['standard', 'minmax'] as const)('are scaled as scikit-learn scales them, by the rule %s', async (rule) => {
    const run = await opened({ file, inputs, targets: ['y'], scale: rule, scale_targets: rule });
    inputs.forEach((name, column) => {
      const expected = singles(truth[rule][name]);
      const found = trainedColumn(run, 'inputs', column);
      // `plain` is an ordinary column, which is rounded before it is scaled.
      found.forEach((value, row) => expectClose(value, expected[row], 1e-6, name === 'plain' ? 1 : 0.1));
    });
    const expected = singles(truth[rule].y);
    trainedColumn(run, 'targets', 0).forEach((value, row) => expectClose(value, expected[row], 1e-6, 0.1));
    expect(notesOf(run)).toEqual([]);
  });

  it('are the classes and categories that pandas finds', async () => {
    const classes = await opened({ file, inputs: ['plain'], targets: ['code'] }, { loss: 'cross_entropy' });
    expect(classes.dataset.classNames).toEqual(truth.codes);
    const expected = truth.numbers.code.map((code) => truth.codes.indexOf(String(code)));
    expect([...classes.dataset.targets]).toEqual(expected);
    const categories = await opened({ file, inputs: ['plain'], one_hot: ['code'], targets: ['y'] });
    expect(categories.dataset.inputNames).toEqual(['plain', ...truth.dummies]);
  });

  it('are described and listed as they are', async () => {
    const { table } = await readTable(readFileSync(path.join(folder, file)), file);
    for (const { name, min, max } of describeTable(table!).columns) {
      const numbers = truth.numbers[name as keyof typeof truth.numbers];
      expect([min, max]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
    }
    const run = await opened({ file, inputs: ['hour', 'time'], targets: ['y'] });
    const page = new RowsPager(run).page({ offset: 2, count: 5, sort: 'row', descending: false }, run.initial);
    const rows = [2, 3, 4, 5, 6];
    const { hour, time, y } = truth.numbers;
    expect([...page.inputs]).toEqual(rows.flatMap((row) => [hour[row], time[row]]));
    expect([...page.targets]).toEqual(rows.map((row) => y[row]));
    const column = new Answerer(run, () => 0).answer({ kind: 'column', query: { of: 'inputs', index: 0 } });
    expect(column).toMatchObject({ train: { min: Math.min(...hour), max: Math.max(...hour) } });
  });

  it('are said to be rounded where they are not scaled', async () => {
    const run = await opened({ file, inputs, targets: ['y'] });
    const lost = (name: keyof typeof truth.float32, key: string) => [
      'information',
      `column "${name}" is trained on in float32, where its 93 different values become ${truth.float32[name]}; set ${key} to "standard", and it is scaled before it is rounded`,
    ];
    expect(notesOf(run)).toEqual([
      lost('hour', 'dataset.scale'),
      lost('time', 'dataset.scale'),
      lost('near', 'dataset.scale'),
      lost('y', 'dataset.scale_targets'),
    ]);
    const rounded = Float32Array.from(truth.numbers.hour);
    expect(trainedColumn(run, 'inputs', 0)).toEqual([...rounded]);
  });
});

describe('numbers of a config that float32 would merge', () => {
  const { hour, plain, y, code } = truth.numbers;
  const values = (targets: number[]) => ({
    inputs: hour.map((one, row) => [one, plain[row]]),
    targets: targets.map((one) => [one]),
  });

  it('are scaled as scikit-learn scales them', async () => {
    const run = await opened({ values: values(y), scale: 'standard', scale_targets: 'standard' });
    const [expected, targets] = [singles(truth.standard.hour), singles(truth.standard.y)];
    trainedColumn(run, 'inputs', 0).forEach((value, row) => expectClose(value, expected[row], 1e-6, 0.1));
    trainedColumn(run, 'targets', 0).forEach((value, row) => expectClose(value, targets[row], 1e-6, 0.1));
    expect(notesOf(run)).toEqual([]);
    expect(notesOf(await opened({ values: values(y) }))[0]).toEqual([
      'information',
      expect.stringContaining(`column "x0" is trained on in float32, where its 93 different values become`),
    ]);
  });

  it('are classes of their own', async () => {
    const run = await opened({ values: values(code) }, { loss: 'cross_entropy' });
    expect(run.dataset.classNames).toEqual(truth.codes);
    const page = new RowsPager(run).page({ offset: 0, count: 9, sort: 'row', descending: false }, run.initial);
    expect([...page.targets]).toEqual(code.slice(0, 9).map((one) => truth.codes.indexOf(String(one))));
  });
});
