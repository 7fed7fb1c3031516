import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine, linesOf, program } from '../helpers/commandLine';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'validation-'));
  mkdirSync(path.join(folder, 'held'));
  write('rows.csv', 'a,b,y\n1,4,3\n2,1,1\n3,0.5,7\n4,2,2\n5,3,5.5\n');
  write('held/rows.csv', 'y,b,a\n4,2,1.5\n2.5,8,2.5\n');
  write('held/other.csv', 'y,b,a\n4,2,1\n2,1,9\n7,1,1\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
}

function config(name: string, keys: object = {}, file = 'held/rows.csv'): string {
  const dataset = { file: 'rows.csv', validation_file: file };
  const text = { seed: 0, dataset, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 3, ...keys };
  return write(`${name}.gd.json`, JSON.stringify(text));
}

describe('a validation file on the command line', () => {
  it('is found from the folder of the config, and validates', async () => {
    const printed = await commandLine('run', config('run'), '--json');
    expect(printed.status).toBe(0);
    const events = linesOf(printed.stdout);
    expect(events[0]).toMatchObject({ rows: { train: 5, val: 2 } });
    expect(events.slice(1, -1).every(({ val_loss: loss }) => typeof loss === 'number')).toBe(true);
    expect(events.at(-1)!.predictions).toHaveLength(7);
    expect((await commandLine('run', config('run'))).stdout).toContain('5 rows, 2 held out');
  });

  it('is set for a dataset file too', async () => {
    const args = ['--set', 'dataset.validation_file="held/rows.csv"', '--set', 'epochs=2', '--json'];
    const printed = await commandLine('run', path.join(folder, 'rows.csv'), ...args);
    expect(linesOf(printed.stdout)[0]).toMatchObject({ rows: { train: 5, val: 2 } });
  });

  it('is checked at its place', async () => {
    const missing = await commandLine('check', config('missing', {}, 'held/none.csv'));
    expect(missing.status).toBe(2);
    expect(missing.stdout).toContain('there is no file "held/none.csv"; the path starts at the config');
    write('held/short.csv', 'a,y\n1,2\n3,4\n');
    const { status, stdout } = await commandLine('check', config('short', {}, 'held/short.csv'), '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      problems: [
        {
          file: path.join(folder, 'held/short.csv'),
          line: 1,
          message: expect.stringContaining('no column "b"') as string,
        },
      ],
    });
  });

  it('may be another one in each member of a sweep', () => {
    const sweep = { 'dataset.validation_file': ['held/rows.csv', 'held/other.csv', 'held/rows.csv'] };
    const printed = program('sweep', config('sweep', { sweep }), '--json', '--jobs', '1');
    expect(printed.status).toBe(0);
    const losses = linesOf(printed.stdout).flatMap(({ event, val_loss: loss }) => (event === 'member' ? [loss] : []));
    expect(losses[0]).not.toBe(losses[1]);
    expect(losses[2]).toBe(losses[0]);
  });

  it('is named where runs are compared, by val_loss', () => {
    const { stdout } = program('compare', config('one'), config('two', {}, 'held/other.csv'));
    expect(stdout).toContain('held/other.csv');
    expect(stdout).toContain('val_loss');
  });

  it('is handed over in shards of its own', async () => {
    const { status } = await commandLine('export', config('over'), '--to', 'torchrun', path.join(folder, 'over'));
    expect(status).toBe(0);
    const rowsOf = (part: string) => readFileSync(path.join(folder, 'over', part, 'rows-00000.csv'), 'utf8');
    const valuesOf = (name: string) => readFileSync(path.join(folder, name), 'utf8').trim().split('\n').length - 1;
    expect(rowsOf('validation').trim().split('\n').length - 1).toBe(valuesOf('held/rows.csv'));
    expect(rowsOf('validation')).not.toBe(rowsOf('data'));
  });
});
