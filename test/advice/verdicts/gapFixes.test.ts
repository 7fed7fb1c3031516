import { expect, test } from 'vitest';
import { applyEdits, modify } from 'jsonc-parser';
import { gapFixes } from '../../../src/advice/verdicts/offeredFixes';
import { openRun } from '../../../src/training/openRun';

const configText = JSON.stringify({ dataset: { file: 'a.csv', inputs: ['x'] }, optimizer: { type: 'SGD', lr: 0.01 } });
const open = (text: string, content: string) =>
  openRun({ configText: text, configFile: 'a.gd.json', seed: 0, file: { name: 'a.csv', content } });

test('rows with empty cells are left out by a fix of the config, and the run opens', async () => {
  const csv = 'x,y\n1,2\n,3\n3,4\n4,5\n' + ',6\n'.repeat(150);
  const failed = await open(configText, csv);
  if (!('problems' in failed)) throw new Error('the run opened');
  const [fix] = gapFixes(failed.problems);
  const mended = fix.edits.reduce(
    (text, { path, value }) => applyEdits(text, modify(text, path, value, {})),
    configText,
  );
  const opened = await open(mended, csv);
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  expect(opened.dataset.rows).toBe(3);
});

test('where a cell is no number, or nothing is wrong, there is no such fix', async () => {
  for (const csv of ['x,y\n1,2\n,3\ntall,4\n4,5\n', 'x,y\n']) {
    const failed = await open(configText, csv);
    expect(gapFixes('problems' in failed ? failed.problems : [])).toEqual([]);
  }
  expect(gapFixes([])).toEqual([]);
});
