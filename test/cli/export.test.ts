import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readModel } from '../../src/exports/modelFile';
import { commandLine as cli, program } from '../helpers/commandLine';

const tutorial = 'media/samples/tutorial.gd.json';
const folder = mkdtempSync(path.join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('gradient-descent export', () => {
  it('writes every epoch, the same numbers as run --json', async () => {
    const out = path.join(folder, 'epochs.csv');
    const { status, stdout } = program('export', tutorial, '--to', out);
    expect([status, stdout]).toEqual([0, '']);
    const [head, ...lines] = readFileSync(out, 'utf8').trim().split('\n');
    expect(head).toBe('epoch,loss,batch_loss,lr');
    const events = (await cli('run', tutorial, '--json')).stdout.trim().split('\n').slice(1, -1);
    const epochs = events.map((line) => JSON.parse(line) as Record<string, number>);
    expect(lines.map((line) => line.split(',').map(Number))).toEqual(
      epochs.map(({ epoch, loss, batch_loss, lr }) => [epoch, loss, batch_loss, lr]),
    );
    expect(lines).toHaveLength(2000);
  });

  it.each([
    ['py', /^"""This script trains/],
    ['ipynb', /"nbformat": 4/],
    ['html', /^<!doctype html>/],
    ['svg', /^<svg /],
    ['npz', /^PK/],
    ['safetensors', /__metadata__/],
  ])('writes .%s', async (ending, content) => {
    const out = path.join(folder, `run.${ending}`);
    const { status, stderr } = await cli('export', tutorial, '--to', out, '--set', 'epochs=3');
    expect([status, stderr]).toEqual([0, '']);
    expect(readFileSync(out, 'latin1')).toMatch(content);
  });

  it('writes how the numbers of a large file are written, where the run was not told', async () => {
    const german = (value: number) => String(value).replace(/(\d)(\d{3})$/, '$1.$2');
    const rows = Array.from({ length: 6000 }, (_, i) => `${german(500 + i)};${german(900 + 2 * i)}`);
    const data = path.join(folder, 'german.csv');
    writeFileSync(data, ['a;y', ...rows].join('\n'));
    const out = path.join(folder, 'german.py');
    const set = ['--set', 'epochs=1', '--set', 'dataset.scale=standard'];
    expect((await cli('export', data, '--to', out, ...set)).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('pd.read_csv(DATA_FILE, sep=";", decimal=",", thousands=".",');
  });

  it('writes a folder for torchrun, and into none that holds something', async () => {
    const out = path.join(folder, 'many');
    const first = await cli('export', tutorial, '--to', 'torchrun', out, '--set', 'epochs=3');
    expect([first.status, first.stdout, first.stderr]).toEqual([0, '', '']);
    expect(readdirSync(out).sort()).toEqual(['README.md', 'config.gd.json', 'data', 'recorded.py', 'train.py']);
    expect(readFileSync(path.join(out, 'data/rows-00000.csv'), 'utf8').split('\n')).toHaveLength(12);
    const second = await cli('export', tutorial, '--to', 'torchrun', out);
    expect(second.status).toBe(2);
    expect(second.stderr).toContain(`--to torchrun ${out}: the folder is not empty`);
    expect((await cli('export', tutorial, '--to', 'torchrun')).stderr).toContain('--to torchrun DIR: DIR is missing');
  });

  it('writes over no file that it reads, and says before it trains where it cannot write', async () => {
    const [data, valid] = ['data.csv', 'valid.csv'].map((name) => path.join(folder, name));
    for (const file of [data, valid]) writeFileSync(file, 'a,b\n1,2\n2,3\n3,5\n');
    const config = path.join(folder, 'named.gd.json');
    const dataset = { file: 'data.csv', validation_file: 'valid.csv' };
    writeFileSync(config, JSON.stringify({ dataset, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 2 }));
    for (const [read, to] of [
      [data, data],
      [config, data],
      [config, valid],
      [config, path.join(folder, 'many', '..', 'valid.csv')],
    ]) {
      const { status, stderr } = await cli('export', read, '--to', to);
      expect([status, stderr.split('\n')[0]]).toEqual([2, expect.stringContaining('which is read; name another')]);
    }
    expect([data, valid].map((file) => readFileSync(file, 'utf8')).join('')).not.toContain('epoch');
    const nowhere = path.join(folder, 'no', 'such', 'model.safetensors');
    const { status, stdout, stderr } = await cli('run', config, '--save', nowhere);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`--save ${nowhere}: there is no folder ${path.dirname(nowhere)}`);
  });

  it('exits with 1 and still writes where the run diverged', async () => {
    const out = path.join(folder, 'diverged.csv');
    expect((await cli('export', tutorial, '--to', out, '--set', 'optimizer.lr=1e-5')).status).toBe(1);
    expect(readFileSync(out, 'utf8')).toMatch(/Infinity|NaN/);
  });

  it('says what is wrong with its arguments', async () => {
    const unknown = await cli('export', tutorial, '--to', 'run.onyx');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain(
      '--to run.onyx: its name must end in one of .csv, .py, .ipynb, .safetensors, .onnx, .npz, .html, .svg',
    );
    expect((await cli('export', tutorial)).stderr).toContain('--to OUT is missing');
    expect((await cli('run', tutorial, '--save', 'model.bin')).stderr).toContain('must end in .safetensors');
    expect((await cli('toString', tutorial)).stderr).toContain('unknown command "toString"');
  });
});

describe('gradient-descent run --save', () => {
  it('writes the parameters that the run ended with', async () => {
    const out = path.join(folder, 'model.safetensors');
    const { stdout } = await cli('run', tutorial, '--json', '--save', out, '--set', 'epochs=5');
    const end = JSON.parse(stdout.trim().split('\n').at(-1)!) as { weight: number[][]; bias: number[] };
    expect([...readModel(readFileSync(out)).parameters]).toEqual([...end.weight.flat(), ...end.bias]);
  });
});
