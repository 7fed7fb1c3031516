import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { textTable } from '../../src/cli/textTable';
import { commandLine } from '../helpers/commandLine';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'visible-'))));
afterAll(() => rmSync(folder, { recursive: true }));

it('keeps what a file says from steering the terminal', async () => {
  const file = path.join(folder, 'rows.csv');
  const rows = Array.from({ length: 12 }, (_, i) => `${i},${(i * 7) % 5},${i * 2}\n`);
  writeFileSync(file, `"a\x1b[31mRED\x1b[2J","b\u202e\nc\x07\x9b",y\n${rows.join('')}`);
  for (const command of ['run', 'check', 'why']) {
    const { stdout, stderr } = await commandLine(command, file);
    // oxlint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    if (command === 'run') expect(stdout).toContain('a␛[31mRED␛[2J');
  }
});

it('has a row of a table in one line', () => {
  expect(
    textTable([
      ['name', 'value'],
      ['a\nb\tc', '1'],
    ]),
  ).toBe('name   value\na␊b␉c      1\n');
});

it('prints ten problems of a kind and counts the others, of those too that the file has beyond a hundred', async () => {
  const file = path.join(folder, 'holes.csv');
  writeFileSync(file, `a,b,y\n${Array.from({ length: 150 }, (_, i) => `${i},${i % 7},\n${i},,${i}\n`).join('')}`);
  const { stdout } = await commandLine('check', file);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[0]).toMatch(/holes\.csv:2:\d: error: column "y" has no value here/);
  expect(lines[10]).toBe(`${file}: and 290 more like these`);
  const json = await commandLine('check', file, '--json');
  expect((JSON.parse(json.stdout) as { problems: object[] }).problems).toHaveLength(101);
});
