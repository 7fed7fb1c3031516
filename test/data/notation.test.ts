import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodedText } from '../../src/data/bytes/codedText';
import { CellReader, missingWords } from '../../src/data/table/cellReader';
import { readDataset } from '../../src/data/dataset/fileDataset';
import { readTable } from '../../src/data/readTable';
import type { ReadOptions } from '../../src/data/table/table';

const dataOf = async (source: string | Uint8Array, options: ReadOptions = {}) => {
  const { table, problems } = await readTable(source, 'a.csv', options);
  return { columns: table?.columns.map(({ name, data }) => [name, ...data]), codes: problems.map(({ code }) => code) };
};
const bytes = (text: string, encoding: BufferEncoding) => new Uint8Array(Buffer.from(text, encoding));

describe('how numbers are written', () => {
  it('takes decimal commas by itself where the cells say so', async () => {
    expect(await dataOf('x;y\n1,5;2\n-3,25;4\n')).toEqual({
      columns: [
        ['x', 1.5, -3.25],
        ['y', 2, 4],
      ],
      codes: ['decimal-comma'],
    });
    const { problems } = await readTable('x;y\n1;2\n3;4,5\n', 'a.csv');
    expect(problems).toMatchObject([{ severity: 'information', line: 3, column: 3, endColumn: 6 }]);
  });

  it.each([
    ['x;y\n1.5;2\n', {}],
    ['x;y\na,5;2\n', {}],
    ['x;y\n1,5;2\n', { decimal: '.' }],
  ] as const)('does not take them in %j with %j', async (text, options) => {
    expect((await dataOf(text, options)).codes).toEqual([]);
  });

  it('tells them for each column, whatever stands between cells', async () => {
    expect(await dataOf('x;y\n1,5;2.5\n3,5;4.5\n')).toEqual({
      columns: [
        ['x', 1.5, 3.5],
        ['y', 2.5, 4.5],
      ],
      codes: ['decimal-comma'],
    });
    expect((await dataOf('x\ty\n1,5\t2\n')).columns?.[0]).toEqual(['x', 1.5]);
    expect((await dataOf('x,y\n"1,5",2\n"2,25",3\n')).columns?.[0]).toEqual(['x', 1.5, 2.25]);
  });

  it('takes decimal commas and thousands when told', async () => {
    const text = 'x|y\n1.234.567,5|-1,5e2\n2|,25\n';
    expect((await dataOf(text, { decimal: ',', thousands: '.' })).columns).toEqual([
      ['x', 1234567.5, 2],
      ['y', -150, 0.25],
    ]);
    const spaced = await dataOf("x;y\n12'345.5;1\n1'23;2\n", { thousands: "'" });
    expect(spaced.columns?.[0]).toEqual(['x', 12345.5, NaN]);
  });

  it('takes words and numbers for gaps when told, whatever their notation', async () => {
    const { table } = await readTable('x,y\n-999,a\n-999.0,none\n1,None\n', 'a.csv', { naValues: ['-999', 'none'] });
    expect(table!.columns.map(({ faultCounts }) => faultCounts.missing)).toEqual([2, 2]);
  });

  // pandas._libs.parsers.STR_NA_VALUES of pandas 1.5.3, and None, which is one of them since pandas 2.
  const words =
    '#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|n/a|nan|null|None'.split('|');

  it('takes the words of pandas for gaps, in columns of numbers and of names', async () => {
    const names = ['none', 'nand', 'IND', 'ab'];
    const text = `x,name\n1,a\n2,b\n${words.map((word) => `${word},${word}`).join('\n')}\n${names.map((name) => `3,${name}`).join('\n')}\n`;
    const { table } = await readTable(text, 'a.csv');
    expect(table!.columns.map(({ faultCounts }) => faultCounts)).toEqual([
      { missing: words.length, text: 0, notFinite: 0, tooLarge: 0 },
      { missing: words.length, text: 2 + names.length, notFinite: 0, tooLarge: 0 },
    ]);
    expect([...missingWords].map((word) => word.toLowerCase()).sort()).toEqual(
      [...new Set(['?', ...words].map((word) => word.toLowerCase()))].sort(),
    );
    const { dataset } = await readDataset('x,y\n1,nan\n2,4\n', { fileName: 'a.csv', missing: 'drop' });
    expect(dataset).toMatchObject({ rows: 1, inputs: Float32Array.of(2), targets: Float32Array.of(4) });
    for (const word of ['inf', '-Infinity']) {
      const { problems } = await readDataset(`x,y\n1,${word}\n2,4\n`, { fileName: 'a.csv', missing: 'drop' });
      expect(problems).toMatchObject([{ code: 'not-finite', line: 2, column: 3 }]);
    }
  });

  it('takes for gaps what docs/data.md says', () => {
    const readme = readFileSync(path.join(__dirname, '../../docs/data.md'), 'utf8').toLowerCase();
    expect(missingWords.filter((word) => !readme.includes(`\`${word.toLowerCase()}\``))).toEqual([]);
  });

  it('reads every number as Number does', () => {
    const reader = new CellReader({ decimal: '.' });
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), maxLength: 20 });
    const sign = fc.constantFrom('', '-', '+');
    const cell = fc.oneof(
      fc.tuple(sign, digits, fc.constantFrom('', '.'), digits).map((parts) => parts.join('')),
      fc.double().map(String),
      fc.string({ unit: fc.constantFrom(...'0123456789.-+eE x'.split('')) }),
    );
    fc.assert(
      fc.property(cell, (text) => {
        const padded = `,${text},`;
        const expected = text.trim() === '' || /^\s*[+-]?0[xob]|inf/i.test(text) ? NaN : Number(text);
        expect(reader.number(new CodedText(padded), 1, 1 + text.length)).toBe(expected);
        expect(reader.numberOf(text)).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('how a file is written', () => {
  it('has no names in its first row where all of it is numbers, or when told', async () => {
    expect(await dataOf('1,2\n3,4\n')).toEqual({
      columns: [
        ['x0', 1, 3],
        ['x1', 2, 4],
      ],
      codes: ['no-header'],
    });
    expect((await dataOf('1;2,5\n3;4\n')).columns).toEqual([
      ['x0', 1, 3],
      ['x1', 2.5, 4],
    ]);
    expect(await dataOf('2019,2020\n3,4\n', { header: true })).toEqual({
      columns: [
        ['2019', 3],
        ['2020', 4],
      ],
      codes: [],
    });
    expect((await dataOf('a,2\nb,4\n', { header: false })).columns?.[1]).toEqual(['x1', 2, 4]);
  });

  it('has the delimiter it is told', async () => {
    expect((await dataOf('a b\n1 2\n', { delimiter: ' ' })).columns).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect((await dataOf('a,b;c\n1,2;3\n', { delimiter: ';' })).columns).toHaveLength(2);
    expect((await dataOf('1,5;2,5\n3,5;4,5\n')).columns).toHaveLength(2);
  });

  const text = 'höhe,y\n1,2\n';

  it('is read as Latin-1 where it is no UTF-8', async () => {
    const { columns, codes } = await dataOf(bytes(text, 'latin1'));
    expect(columns).toEqual([
      ['höhe', 1],
      ['y', 2],
    ]);
    expect(codes).toEqual(['encoding']);
    const late = `${'1,2\n'.repeat(400_000)}3,é\n`;
    const { problems } = await readTable(bytes(`x,y\n${late}`, 'latin1'), 'a.csv');
    expect(problems).toMatchObject([{ code: 'encoding', line: 400_002, column: 3, severity: 'information' }]);
  });

  it('has the encoding it is told', async () => {
    for (const [encoding, written] of [
      ['utf-16le', 'utf16le'],
      ['latin1', 'latin1'],
      ['utf-8', 'utf8'],
    ] as const) {
      expect((await dataOf(bytes(text, written), { encoding })).columns?.[0]).toEqual(['höhe', 1]);
    }
    const swapped = new Uint8Array(Buffer.from(text, 'utf16le').swap16());
    expect((await dataOf(swapped, { encoding: 'utf-16be' })).columns?.[0]).toEqual(['höhe', 1]);
    const wrong = await readTable(bytes(text, 'latin1'), 'a.csv', { encoding: 'utf-8' });
    expect(wrong.problems).toMatchObject([{ severity: 'warning', line: 1, column: 2, code: 'encoding' }]);
  });
});
