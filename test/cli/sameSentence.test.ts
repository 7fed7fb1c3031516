import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { offeredFixes } from '../../src/advice/verdicts/offeredFixes';
import { judge, verdictOf } from '../../src/advice/verdicts/verdict';
import { trainRun } from '../../src/cli/trainedRun';
import { applyRunEvent, openingRun } from '../../src/protocol/state';
import { openRun } from '../../src/training/openRun';
import { RunChecker } from '../../src/training/runChecker';

const root = path.join(__dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'same-'));
afterAll(() => rmSync(folder, { recursive: true }));

function cli(...args: string[]): string {
  return spawnSync(process.execPath, ['dist/cli.js', ...args], { cwd: root, encoding: 'utf8' }).stdout;
}

const values = {
  inputs: Array.from({ length: 24 }, (_, i) => [i, (i * i) % 7]),
  targets: Array.from({ length: 24 }, (_, i) => [3 * i + ((i * i) % 7) + ((i * 5) % 3)]),
};
const binary = { ...values, targets: values.inputs.map(([i]) => [Number((i * 7) % 24 > 9)]) };
const base = { seed: 1, dataset: { values }, loader: { batch_size: 24 }, epochs: 40 };
const configs = {
  'a rate over the limit': { ...base, optimizer: { type: 'SGD', lr: 0.1 } },
  'a rate that is too small': { ...base, optimizer: { type: 'SGD', lr: 1e-9 } },
  'Adam that cannot arrive': { ...base, optimizer: { type: 'Adam', lr: 1e-4 } },
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
  const checked = (JSON.parse(cli('check', file, '--json')) as { verdict: typeof view }).verdict;
  expect(checked).toMatchObject({ code: view.code, sentence: view.sentence });
  expect(checked.code).not.toBe('fine');
  expect(cli('check', file)).toContain(view.sentence);
  expect(problems.map(({ message }) => `${message}.`)).toContain(view.sentence);

  // After the last one.
  const { state } = (await trainRun(request, () => undefined))!;
  const after = verdictOf(state);
  const [last] = cli('run', file, '--json').trim().split('\n').slice(-1);
  const { verdict } = JSON.parse(last) as { verdict: { code: string; sentence: string; fixes: { title: string }[] } };
  expect(verdict).toMatchObject({ code: after.code, sentence: judge(state).sentence });
  expect(verdict.fixes.map(({ title }) => title)).toEqual(offeredFixes(state).map(({ title }) => title));
  expect(cli('run', file)).toContain(after.sentence);
  expect(cli('why', file).startsWith(after.sentence)).toBe(true);
});
