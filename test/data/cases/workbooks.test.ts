import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import truth from '../../fixtures/workbooks.json';
import { rowsOf, said, take, type Taken } from './cases';

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(path.join(__dirname, `../../fixtures/workbooks/${name}.xlsx`)));
const singles = (rows: number[][]) => rows.map((row) => row.map(Math.fround));
const samplesOf = ({ table }: Taken, name: string) => table!.columns.find((column) => column.name === name)!.samples;

/** A workbook of one sheet, of which the given cells are the XML. */
function workbook(rows: string, more: Record<string, string> = {}): Uint8Array {
  const files = {
    'xl/workbook.xml': '<workbook><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...more,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

const cells = (values: (string | number)[]) =>
  `<row>${values.map((one) => (typeof one === 'number' ? `<c><v>${one}</v></c>` : `<c t="inlineStr"><is><t>${one}</t></is></c>`)).join('')}</row>`;

describe('a workbook', () => {
  it('gives the numbers, dates and texts that pandas reads', async () => {
    const names = ['ok', 'a', 'b', 'y'];
    const taken = await take(bytesOf('kinds'), { inputs: names.slice(0, 3), targets: ['y'] }, 'd.xlsx');
    expect(said(taken.problems)).toEqual(['4:6 no-formula-value?']);
    expect(rowsOf(taken)).toEqual(singles(truth.kinds).map((row, i) => [truth.ok[i], ...row]));
    const { day, moment, clock, city } = truth.texts;
    expect(samplesOf(taken, 'day')).toEqual(day.map((text) => text.slice(0, 10)).slice(0, 3));
    expect(samplesOf(taken, 'moment')).toEqual(moment.slice(0, 3));
    expect(samplesOf(taken, 'clock')).toEqual(clock.slice(0, 3));
    expect(samplesOf(taken, 'city')).toEqual([...new Set(city)]);
  });

  it('has rows that end at their last cell that is not empty', async () => {
    const rows = [
      ['a', 'b', 'y', 'note'],
      [1, 2, 3],
      [2, 3, 5, 'late'],
      [3, 1, 4],
      [4, 4],
    ];
    const taken = await take(workbook(rows.map(cells).join('')), {}, 'd.xlsx');
    expect(said(taken.problems)).toEqual(['1:4 other-target?', '5:3 missing-value!']);
    const kept = await take(workbook(rows.slice(0, 4).map(cells).join('')), {}, 'd.xlsx');
    expect(rowsOf(kept)).toEqual([
      [1, 2, 3],
      [2, 3, 5],
      [3, 1, 4],
    ]);
  });

  it('takes the empty text that a formula gives for an empty cell', async () => {
    const row = (n: number, given: string) =>
      `<row><c><v>${n}</v></c><c ${given}<f>A${n}</f><v></v></c><c><v>${n}</v></c></row>`;
    const head = cells(['a', 'note', 'y']);
    for (const [given, notes] of [
      ['t="str">', []],
      ['>', ['2:2 no-formula-value?']],
    ] as const) {
      const taken = await take(
        workbook(head + [1, 2, 3].map((n) => row(n, given)).join('')),
        { inputs: ['a'] },
        'd.xlsx',
      );
      expect(said(taken.problems).filter((one) => one.includes('formula'))).toEqual(notes);
    }
  });

  it('names cells without a value, errors of formulas and dates by row and column', async () => {
    const taken = await take(bytesOf('kinds'), {}, 'd.xlsx');
    expect(said(taken.problems)).toEqual([
      ...['1:1 text-column', '1:2 text-column', '1:3 text-column', '1:5 text-column'],
      ...['4:6 missing-value!', '4:6 no-formula-value?', '7:6 not-a-number!', '9:6 missing-value!'],
    ]);
    const cured = await take(bytesOf('kinds'), { na_values: ['#DIV/0!'], missing: 'drop' }, 'd.xlsx');
    expect(cured.dataset!.rows).toBe(truth.kinds.length - truth.gaps.length);
  });

  it('opens at its first sheet of cells that is not hidden, below a title, with units and a footer', async () => {
    const taken = await take(bytesOf('sheets'), { skipfooter: 1 }, 'd.xlsx');
    expect(taken.problems[0].message).toBe(
      'sheet "Data" is read; to read another ("Lists", "More"), set dataset.sheet to its name',
    );
    expect(said(taken.problems)).toEqual([
      ...['1:1 sheet', '2:1 skipped-rows?', '4:1 empty-columns', '5:1 skipped-rows?', '18:1 footer-rows'],
    ]);
    expect(rowsOf(taken)).toEqual(singles(truth.data));
    expect(said((await take(bytesOf('sheets'), {}, 'd.xlsx')).problems).at(-1)).toBe('18:1 footer!');
  });

  it('has other sheets by their name or their number, as pandas counts them', async () => {
    for (const sheet of ['More', 2])
      expect(rowsOf(await take(bytesOf('sheets'), { sheet }, 'd.xlsx'))).toEqual(truth.more);
    for (const sheet of ['Lists', 0])
      expect(rowsOf(await take(bytesOf('sheets'), { sheet }, 'd.xlsx'))).toEqual(truth.hidden);
    const { problems } = await take(bytesOf('sheets'), { sheet: 'Chart' }, 'd.xlsx');
    expect(problems[0].message).toBe(
      'the workbook cannot be read: it has no sheet "Chart"; its sheets are "Lists", "Data", "More"',
    );
  });

  it('has the value of merged cells in the first of them', async () => {
    const taken = await take(bytesOf('merged'), { inputs: ['a'], one_hot: ['site'] }, 'd.xlsx');
    expect(said(taken.problems)).toEqual([3, 4, 5, 7, 8, 9, 10].map((line) => `${line}:1 missing-value!`));
  });

  it('may count its days from 1904', async () => {
    const taken = await take(bytesOf('old-days'), {}, 'd.xlsx');
    expect(samplesOf(taken, 'day')).toEqual(truth.days.slice(0, 3).map((day) => day.slice(0, 10)));
  });

  it('may hold numbers as text, for which hints lead to a table too', async () => {
    const rows = [
      ['a', 'b', 'y'],
      ['1,5', 2.25, 3.5],
      ['-2,25', 4.5, 1.125],
      ['3', 0.5, 2],
    ];
    const bytes = workbook(rows.map(cells).join(''));
    const expected = [
      [1.5, 2.25, 3.5],
      [-2.25, 4.5, 1.125],
      [3, 0.5, 2],
    ];
    const told = await take(bytes, { inputs: ['a', 'b'] }, 'd.xlsx');
    expect(told.problems[0].message).toContain('set dataset.decimal to ","');
    expect(rowsOf(await take(bytes, { decimal: ',' }, 'd.xlsx'))).toEqual(expected);
  });

  it('may lack shared texts, styles and places, and hold phonetic and rich text', async () => {
    const rich =
      '<row><c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r><rPh sb="0"><t>x</t></rPh></is></c><c t="str"><v>y</v></c></row>';
    const taken = await take(workbook(`${rich}${cells([1, 2])}<row/>${cells([3, 5])}${cells([4, 8])}`), {}, 'd.xlsx');
    expect(taken.dataset!.inputNames).toEqual(['a b']);
    expect(rowsOf(taken)).toEqual([
      [1, 2],
      [3, 5],
      [4, 8],
    ]);
  });

  it.each([
    ['no workbook', zipSync({ 'xl/a.xml': strToU8('x') }), 'it holds no workbook'],
    ['no sheet', workbook('', { 'xl/workbook.xml': '<workbook><sheets/></workbook>' }), 'it holds no sheet'],
    ['rows out of order', workbook('<row r="2"></row><row r="1"></row>'), 'its rows are not in order'],
    ['cells out of order', workbook('<row><c r="B1"/><c r="A1"/></row>'), 'its cells are not in order'],
    ['a column beyond any', workbook('<row><c r="ZZZZ1"/></row>'), 'its cells are not in order'],
    ['a row beyond any', workbook('<row r="99999999"></row>'), 'its rows are not in order'],
    ['XML that ends early', workbook('<row><c><v>1</v></c>'), 'its XML is damaged'],
  ])('that holds %s is refused', async (_, bytes, message) => {
    const { problems } = await take(bytes, {}, 'd.xlsx');
    expect(said(problems)).toEqual(['1:1 workbook!']);
    expect(problems[0].message).toBe(`the workbook cannot be read: ${message}; save it anew as .xlsx, or as CSV`);
  });

  it('that is empty, cut off or something else says so', async () => {
    expect((await take(workbook(''), {}, 'd.xlsx')).problems[0].message).toMatch(/^the file is empty/);
    const cut = bytesOf('kinds').subarray(0, 3000);
    expect((await take(cut, {}, 'd.xlsx')).problems[0].message).toMatch(/^the workbook cannot be read/);
    const old = Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
    expect((await take(old, {}, 'd.xlsx')).problems[0].message).toMatch(/old Excel workbook, or one with a password/);
    expect((await take(strToU8('a,y\n1,2\n'), {}, 'd.xlsx')).problems[0].message).toMatch(
      /^this is a text file, not a workbook; rename it to \.csv/,
    );
    expect((await take(bytesOf('kinds'), {}, 'd.csv')).problems[0].message).toBe(
      'this is an xlsx file; rename it to .xlsx',
    );
  });

  it('never throws, whichever of its bytes are changed', async () => {
    const parts = unzipSync(bytesOf('kinds'));
    const sheet = parts['xl/worksheets/sheet1.xml'];
    for (let i = 0; i < 150; i++) {
      const changed = sheet.slice();
      const at = (i * 7919) % changed.length;
      changed[at] = '<>"/&;0A'.charCodeAt(i % 8);
      const bytes = zipSync({ ...parts, 'xl/worksheets/sheet1.xml': changed });
      const { problems, table } = await take(bytes, {}, 'd.xlsx');
      expect(table !== undefined || problems.length > 0).toBe(true);
    }
  });
});
