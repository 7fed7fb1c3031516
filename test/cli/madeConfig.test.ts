import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { madeConfig } from '../../src/cli/madeConfig';
import { trainRun } from '../../src/cli/trainedRun';
import { RunChecker } from '../../src/training/runChecker';
import { openFile } from '../../src/worker/openFile';

const folder = mkdtempSync(path.join(tmpdir(), 'made-'));
afterAll(() => rmSync(folder, { recursive: true }));

const values = Array.from({ length: 24 }, (_, i) =>
  Array.from({ length: 9 }, (_, k) => ((i * (2 * k + 3) + k) % 23) * 10 ** (k % 3)),
);

function write(name: string, cells: (value: number) => string, delimiter: string): string {
  const file = path.join(folder, name);
  const header = values[0].map((_, k) => (k === 8 ? 'y' : `x${k}`)).join(delimiter);
  writeFileSync(file, [header, ...values.map((row) => row.map(cells).join(delimiter))].join('\n'));
  return file;
}

describe('the rate of a config that is made for a dataset file', () => {
  const plain = write('plain.csv', String, ',');
  const comma = write('comma.txt', (value) => `${value},5`, '\t');
  it.each<[string, string, [string, unknown][]]>([
    ['with nothing set', plain, []],
    ['with inputs named', plain, [['dataset.inputs', ['x3']]]],
    ['with full batches', plain, [['loader.batch_size', 24]]],
    ['without scaling', plain, [['dataset.scale', 'none']]],
    [
      'without scaling, in full batches',
      plain,
      [
        ['dataset.scale', 'none'],
        ['loader.batch_size', 24],
      ],
    ],
    ['with another scaling', plain, [['dataset.scale', 'minmax']]],
    ['with momentum', plain, [['optimizer.momentum', 0.9]]],
    ['without a bias', plain, [['model.bias', false]]],
    ['with a split', plain, [['split', [0.5, 0.5]]]],
    ['with decimal commas', comma, [['dataset.decimal', ',']]],
    ['with decimal commas that nobody named', comma, []],
  ])('is under the limit, and not far: %s', async (_, file, settings) => {
    const changes = settings.map(([key, value]) => ({ path: key, value }));
    const configText = await madeConfig(file, changes);
    const request = { configText, configFile: file, seed: 1, file: { name: file, path: file } };
    const { report, problems } = await new RunChecker().check(request, { openFile });
    expect(problems.filter(({ severity }) => severity !== 'information')).toEqual([]);
    const share = report!.lr / report!.limit.rate!;
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThanOrEqual(0.4501);
  });
});

it('a table of numbers beside names is told two ways to a run, and either learns', async () => {
  const file = path.join(folder, 'passed.csv');
  const rows = Array.from({ length: 24 }, (_, i) => `${(i * 7) % 24},${(i * 7) % 24 > 11 ? 'yes' : 'no'}`);
  writeFileSync(file, `hours,passed\n${rows.join('\n')}\n`);
  const request = async (changes: [string, unknown][]) => ({
    configText: await madeConfig(
      file,
      changes.map(([key, value]) => ({ path: key, value })),
    ),
    ...{ configFile: file, seed: 1, file: { name: file, path: file } },
  });
  const { problems } = await new RunChecker().check(await request([]), { openFile });
  expect(problems.map(({ message }) => message)).toEqual([
    'no number column is left to be an input beside "hours"; to predict "passed" from "hours", set dataset.targets to ["passed"] and loss to "cross_entropy"; to predict "hours" from "passed", set dataset.one_hot to ["passed"]',
  ]);
  const ways: [string, unknown][][] = [
    [
      ['dataset.targets', ['passed']],
      ['loss', 'cross_entropy'],
    ],
    [['dataset.one_hot', ['passed']]],
  ];
  for (const way of ways) {
    const { state, exitStatus } = (await trainRun(await request(way), () => undefined))!;
    expect(exitStatus).toBe(0);
    expect(state.trainLoss).toBeLessThan(state.data!.baseline! / 2);
  }
});
