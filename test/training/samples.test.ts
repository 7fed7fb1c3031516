import { readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import { commandLine } from '../helpers/commandLine';

const root = path.join(__dirname, '../..');
const folder = path.join(root, 'media/samples');

interface End {
  event: string;
  status: string;
  val_loss: number;
  predictions: (number | string)[][];
}

/** Runs a sample through the command line; `end` is the last thing it prints. */
async function run(name: string): Promise<{ status: number | null; end: End }> {
  const { status, stdout } = await commandLine('run', path.join(folder, name), '--json');
  return { status, end: JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as End };
}

/** The sample's run before its first step: its rows, and which of them are held out. */
async function openSample(name: string): Promise<OpenedRun> {
  const configText = readFileSync(path.join(folder, name), 'utf8');
  const { file: own } = parseConfig(configText).config!.dataset as { file?: string };
  const file = own === undefined ? {} : { file: { name: own, content: readFileSync(path.join(folder, own), 'utf8') } };
  const opened = await openRun({ configText, configFile: name, seed: 0, ...file });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened;
}

/** Share of the held-out targets' variance that the predictions explain (R²), and their mean squared error. */
async function heldOut(name: string, { predictions }: End): Promise<{ r2: number; mse: number }> {
  const { dataset, trainer } = await openSample(name);
  const rows = [...trainer.parts.validationRows];
  expect(predictions).toHaveLength(dataset.rows);
  const mean = rows.reduce((sum, row) => sum + dataset.targets[row], 0) / rows.length;
  const sum = (of: (row: number) => number) => rows.reduce((total, row) => total + of(row) ** 2, 0);
  const errors = sum((row) => dataset.targets[row] - Number(predictions[row][0]));
  return { r2: 1 - errors / sum((row) => dataset.targets[row] - mean), mse: errors / rows.length };
}

describe('the samples', () => {
  it('explain most of the fuel that cars need', async () => {
    const { status, end } = await run('cars.gd.json');
    expect(status).toBe(0);
    expect(end).toMatchObject({ event: 'end', status: 'finished' });
    const { r2, mse } = await heldOut('cars.gd.json', end);
    expect(r2).toBeGreaterThanOrEqual(0.75);
    expect(mse / end.val_loss).toBeCloseTo(1, 4);
  });

  it('explain most of what penguins weigh', async () => {
    const { status, end } = await run('penguins.gd.json');
    expect(status).toBe(0);
    expect((await heldOut('penguins.gd.json', end)).r2).toBeGreaterThanOrEqual(0.8);
  });

  it('tell nearly every wine', async () => {
    const { status, end } = await run('wines.gd.json');
    expect(status).toBe(0);
    const { dataset, trainer } = await openSample('wines.gd.json');
    const rows = [...trainer.parts.validationRows];
    const right = rows.filter((row) => end.predictions[row][0] === dataset.classNames![dataset.targets[row]]);
    expect(rows.length).toBeGreaterThan(30);
    expect(right.length / rows.length).toBeGreaterThanOrEqual(0.95);
  });

  it('diverge where they are to', async () => {
    const { status, end } = await run('cars-diverges.gd.json');
    expect([status, end.status]).toEqual([1, 'diverged']);
  });

  it('have configs without problems', async () => {
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.gd.json') && one !== 'tutorial.gd.json')) {
      expect(parseConfig(readFileSync(path.join(folder, name), 'utf8')).problems, name).toEqual([]);
      const severities = (await openSample(name)).notes.map(({ severity }) => severity);
      expect(
        severities.filter((severity) => severity !== 'information'),
        name,
      ).toEqual([]);
    }
  });
});
