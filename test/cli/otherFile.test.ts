import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLine as cli } from '../helpers/commandLine';

const folder = mkdtempSync(path.join(tmpdir(), 'other-'));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (name: string) => path.join(folder, name);
const write = (name: string, lines: string[]) => writeFileSync(place(name), `${lines.join('\n')}\n`);

/** Trains on rows `a;y` to the end, and returns what is predicted for the cells of another file. */
async function predict(
  rows: string[],
  cells: string[],
): Promise<{ values: number[]; stderr: string; status: number | null }> {
  write('rows.csv', ['a;y', ...rows]);
  write('others.csv', ['a', ...cells]);
  const trained = await cli('run', place('rows.csv'), '--set', 'epochs=400', '--save', place('m.safetensors'));
  expect(trained.status).toBe(0);
  const { stdout, stderr, status } = await cli(
    'predict',
    place('m.safetensors'),
    place('others.csv'),
    '--out',
    place('p.csv'),
  );
  expect(stdout).toBe('');
  const values = status === 0 ? rowsOf('p.csv').map((row) => row['predicted y']) : [];
  return { values, stderr, status };
}

function rowsOf(name: string): Record<string, number>[] {
  const [head, ...lines] = readFileSync(place(name), 'utf8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, ''));
    return Object.fromEntries(names.map((key, i) => [key, Number(cells[i])]));
  });
}

const numbers = Array.from({ length: 80 }, (_, i) => 30 + 29 * i);
const german = (value: number) => String(value).replace(/(\d)(\d{3})$/, '$1.$2');

describe('a file that is read beside the one that was trained on', () => {
  it('has points between thousands where that one has, though its own rows do not say so', async () => {
    const rows = numbers.map((a) => `${german(a)};${german(2 * a)}`);
    const { values } = await predict(rows, ['2.155', '1.500']);
    expect(values.map(Math.round)).toEqual([4310, 3000]);
    write('valid.csv', ['a;y', '2.155;4.310', '1.500;3.000']);
    const dataset = { file: 'rows.csv', validation_file: 'valid.csv', scale: 'standard' };
    write('v.gd.json', [JSON.stringify({ dataset, optimizer: { type: 'SGD', lr: 0.05 }, epochs: 200 })]);
    const { stdout } = await cli('run', place('v.gd.json'), '--json');
    const end = JSON.parse(stdout.trim().split('\n').at(-1)!) as { metrics: { val: { rmse: number } } };
    expect(end.metrics.val.rmse).toBeLessThan(1);
  });

  it('has commas before fractions where that one has', async () => {
    const rows = numbers.map((_, i) => `${(1 + i / 20).toFixed(2)};${(2 + i / 10).toFixed(2)}`.replaceAll('.', ','));
    const { values } = await predict(rows, ['"2,155"', '"3,100"']);
    expect(values.map((value) => value.toFixed(2))).toEqual(['4.31', '6.20']);
  });

  it('has points before fractions where that one has, though whole numbers stand beside them', async () => {
    const rows = numbers.map((_, i) => `${(1 + i / 20).toFixed(2)};${(2 + i / 10).toFixed(2)}`);
    const { values } = await predict(rows, ['2.155', '3.100', '4']);
    expect(values.map((value) => value.toFixed(2))).toEqual(['4.31', '6.20', '8.00']);
  });

  it('is read as it is written where it says so', async () => {
    const rows = numbers.map((a) => `${german(a)};${german(2 * a)}`);
    const { values } = await predict(rows, ['2155.5', '1500.25', '31.5']);
    expect(values.map((value) => value.toFixed(1))).toEqual(['4311.0', '3000.5', '63.0']);
  });

  it('is refused where its numbers are in another unit', async () => {
    const rows = numbers.map((a) => `${a} cm;${2 * a}`);
    expect((await predict(rows, ['50 cm'])).values.map(Math.round)).toEqual([100]);
    const { status, stderr } = await predict(rows, ['5 m']);
    expect(status).toBe(2);
    expect(stderr).toContain('column "a" has "m" beside its numbers, but "cm" in the file that was trained on');
    write('valid.csv', ['a;y', '5 m;1000', '6 m;1200']);
    const dataset = { file: 'rows.csv', validation_file: 'valid.csv', scale: 'standard' };
    write('v.gd.json', [JSON.stringify({ dataset, optimizer: { type: 'SGD', lr: 0.05 }, epochs: 2 })]);
    const checked = await cli('check', place('v.gd.json'));
    expect(checked.status).toBe(2);
    expect(checked.stdout).toContain('but "cm" in the file that was trained on');
  });
});
