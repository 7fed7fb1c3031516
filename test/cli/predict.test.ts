import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine as cli, program } from '../helpers/commandLine';

const folder = mkdtempSync(path.join(tmpdir(), 'predict-'));
const model = path.join(folder, 'plants.safetensors');
const predictions: number[][] = [];
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const { stdout } = await cli('run', 'media/samples/plants.csv', '--save', model, '--json', '--set', 'epochs=20');
  const end = JSON.parse(stdout.trim().split('\n').at(-1)!) as { predictions: number[][] };
  predictions.push(...end.predictions);
});

describe('gradient-descent predict', () => {
  it('prints the rows of the run’s own file with the run’s own predictions', () => {
    const { status, stdout } = program('predict', model, 'media/samples/plants.csv');
    const [head, ...lines] = stdout.trim().split('\n');
    expect(status).toBe(0);
    expect(head).toBe('light_hours,water_litres,growth_cm,predicted growth_cm,note');
    expect(lines.map((line) => Number(line.split(',')[3]))).toEqual(predictions.flat());
  });

  it('writes a file, and tells of rows without a prediction at their places', async () => {
    const data = path.join(folder, 'new.csv');
    const out = path.join(folder, 'out.csv');
    writeFileSync(data, 'water_litres;light_hours\n0,8;9,7\n0,9;\n1,1;6,5\n');
    const { status, stdout, stderr } = await cli('predict', model, data, '--out', out);
    expect([status, stdout]).toEqual([0, '']);
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    expect(lines[0]).toBe('water_litres,light_hours,predicted growth_cm,note');
    expect(lines[2]).toBe('"0,9",,,"""light_hours"" is empty"');
    expect(stderr).toContain('new.csv:3:5: row 2: "light_hours" is empty');
    expect(stderr).toContain('1 row of 3 without a prediction; each says why in its note');
  });

  it('says what is wrong with its files', async () => {
    const noModel = await cli('predict', 'media/samples/plants.csv', 'media/samples/plants.csv');
    expect(noModel.status).toBe(2);
    expect(noModel.stderr).toContain('plants.csv cannot be used as a model: it is not a safetensors file');
    const other = await cli('predict', model, 'media/samples/wines.csv');
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('the model needs a column "light_hours"; the file has "alcohol"');
    expect((await cli('predict', model)).stderr).toContain('MODEL and DATA are needed');
  });
});
