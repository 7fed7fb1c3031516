import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { offeredFixes } from '../../src/advice/verdicts/offeredFixes';
import { judge, verdictOf } from '../../src/advice/verdicts/verdict';
import { trainRun } from '../../src/cli/trainedRun';
import { applyRunEvent, openingRun, type RunState } from '../../src/protocol/state';
import { openRun } from '../../src/training/openRun';
import { RunChecker } from '../../src/training/runChecker';
import { commandLine, program } from '../helpers/commandLine';
import { wildNet } from '../helpers/wildNet';

const folder = mkdtempSync(path.join(tmpdir(), 'same-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the command line prints, as it was built or in this process. */
type Cli = (...args: string[]) => string | Promise<string>;

const built: Cli = (...args) => program(...args).stdout;
const inProcess: Cli = async (...args) => (await commandLine(...args)).stdout;

const values = {
  inputs: Array.from({ length: 24 }, (_, i) => [i, (i * i) % 7]),
  targets: Array.from({ length: 24 }, (_, i) => [3 * i + ((i * i) % 7) + ((i * 5) % 3)]),
};
const binary = { ...values, targets: values.inputs.map(([i]) => [Number((i * 7) % 24 > 9)]) };
const curved = { ...values, targets: values.inputs.map(([i]) => [((i - 12) / 4) ** 2]) };
const units = {
  inputs: values.inputs.map(([i, j]) => [1000 * i + 5000, j]),
  targets: values.inputs.map(([i, j], row) => [i + 50 * j + ((row * 5) % 3)]),
};
const given = {
  inputs: values.inputs.map(([i, j], row) => [i, j, 2 * (3 * i + ((i * i) % 7) + 9 * ((row * 5) % 3)) + 1]),
  targets: values.inputs.map(([i], row) => [3 * i + ((i * i) % 7) + 9 * ((row * 5) % 3)]),
};
const few = {
  inputs: [
    [1, 2, 3, 5],
    [2, 1, 5, 8],
    [3, 5, 1, 2],
  ],
  targets: [[1], [2], [4]],
};
const net = { type: 'Sequential', layers: [{ type: 'Linear', out_features: 4 }, 'ReLU', 'Linear', 'Sigmoid'] };
const base = { seed: 1, dataset: { values }, loader: { batch_size: 24 }, epochs: 40 };
const configs = {
  'a rate over the limit': { ...base, optimizer: { type: 'SGD', lr: 0.1 } },
  'a rate that is too small': { ...base, optimizer: { type: 'SGD', lr: 1e-9 } },
  'Adam that cannot arrive': { ...base, optimizer: { type: 'Adam', lr: 1e-4 } },
  'momentum that never settles': { ...base, optimizer: { type: 'SGD', lr: 0.001, momentum: 1.2 } },
  'columns without a common scale': {
    ...base,
    dataset: { values: units },
    optimizer: { type: 'SGD', lr: 1e-9 },
  },
  'an input that gives the target': { ...base, dataset: { values: given }, optimizer: { type: 'SGD', lr: 1e-5 } },
  'weight decay that is too strong': { ...base, optimizer: { type: 'SGD', lr: 1e-4, weight_decay: 3000 } },
  'more columns than rows': {
    ...base,
    dataset: { values: few },
    loader: { batch_size: 3 },
    optimizer: { type: 'SGD', lr: 0.01 },
    epochs: 3000,
  },
  'a curve': { ...base, dataset: { values: curved, scale: 'standard' }, optimizer: { type: 'SGD', lr: 0.1 } },
  'numbers as classes': {
    ...base,
    dataset: { values: { ...values, targets: values.inputs.map(([i]) => [i + 0.5]) } },
    loss: 'cross_entropy',
    optimizer: { type: 'SGD', lr: 0.001 },
  },
  'a net that ends with Sigmoid': { ...base, model: net, optimizer: { type: 'Adam', lr: 0.01 } },
  'classes as numbers': { ...base, dataset: { values: binary }, optimizer: { type: 'SGD', lr: 0.001 } },
};

it.each(Object.entries(configs))('view, editor, command line and JSON say the same of %s', async (name, config) => {
  const file = path.join(folder, `${name}.gd.json`);
  writeFileSync(file, JSON.stringify(config));
  const request = { configText: readFileSync(file, 'utf8'), configFile: file, seed: 0 };

  // Before the first step.
  const { problems, report, data } = await new RunChecker().check(request);
  const opened = await openRun(request);
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  const { shape, initial } = opened;
  const ready = [
    { type: 'opened', runId: 'a', shape, initial, trainLoss: 1, validationLoss: NaN } as const,
    { type: 'analyzed', runId: 'a', report: report!, data: data! } as const,
  ].reduce(applyRunEvent, openingRun({ id: 'a', name: 'a', startedAt: 0 }));
  const view = verdictOf(ready);
  const checked = (JSON.parse(await inProcess('check', file, '--json')) as { verdict: typeof view }).verdict;
  expect(checked).toMatchObject({ code: view.code, sentence: view.sentence });
  expect(checked.code).not.toBe('fine');
  expect(await inProcess('check', file)).toContain(view.sentence);
  expect(problems.map(({ message }) => `${message}.`)).toContain(view.sentence);

  await saysTheSameAfter(file, inProcess);
});

it('view, command line and JSON offer the same fixes after these were tried out', async () => {
  const file = path.join(folder, 'wild.gd.json');
  writeFileSync(file, JSON.stringify(wildNet));
  const { trials, ...untried } = await saysTheSameAfter(file, built);
  const titles = verdictOf(untried).fixes.map(({ title }) => title);
  expect(trials!.tried.length).toBe(2);
  expect(verdictOf({ ...untried, trials: trials! }).fixes.map(({ title }) => title)).toEqual(titles.slice(1));
});

/** What is said of a run that is over; its state. */
async function saysTheSameAfter(file: string, cli: Cli): Promise<RunState> {
  const { state } = (await trainRun(
    { configText: readFileSync(file, 'utf8'), configFile: file, seed: 0 },
    () => undefined,
  ))!;
  const after = verdictOf(state);
  const [last] = (await cli('run', file, '--json')).trim().split('\n').slice(-1);
  const { verdict } = JSON.parse(last) as { verdict: { code: string; sentence: string; fixes: { title: string }[] } };
  expect(verdict).toMatchObject({ code: after.code, sentence: judge(state).sentence });
  expect(verdict.fixes.map(({ title }) => title)).toEqual(offeredFixes(state).map(({ title }) => title));
  expect(await cli('run', file)).toContain(after.sentence);
  const why = await cli('why', file);
  expect(why.startsWith(after.sentence)).toBe(true);
  expect(why.includes('First: ')).toBe(after.fixes.length > 0);
  if (after.fixes.length > 0) expect(why).toContain(`First: ${after.fixes[0].title}.`);
  return state;
}
