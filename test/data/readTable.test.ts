import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../src/data/dataset/fileDataset';
import { readTable } from '../../src/data/readTable';
import { formatProblem } from '../../src/base/problem';

const utf8 = (text: string) => new TextEncoder().encode(text);
const problemsOf = async (source: string | Uint8Array, name = 'a.csv') =>
  (await readTable(source, name)).problems.map(formatProblem);
const dataOf = async (source: string | Uint8Array, name = 'a.csv') =>
  (await readTable(source, name)).table?.columns.map((column) => [column.name, ...column.data]);

describe('separators and line ends', () => {
  const table = [
    ['x', 1, 3, 5],
    ['y', 2, 4, 6],
  ];
  const rows = (delimiter: string, end: string) =>
    [
      ['x', 'y'],
      [1, 2],
      [3, 4],
      [5, 6],
    ]
      .map((row) => row.join(delimiter))
      .join(end);

  it.each([',', ';', '\t', '|'])('reads %j, whatever ends the lines', async (delimiter) => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(await dataOf(rows(delimiter, end))).toEqual(table);
      expect(await dataOf(rows(delimiter, end) + end)).toEqual(table);
    }
  });

  it('takes tabs in a tsv, and commas as part of its cells', async () => {
    expect(await dataOf('a,b\tc\n1\t2\n', 'a.tsv')).toEqual([
      ['a,b', 1],
      ['c', 2],
    ]);
  });

  it('reads line ends of both kinds in one file, blank lines, and a line end inside quotes', async () => {
    expect(await dataOf('x,y\r\n1,2\n\n3,4\r\n  \r\n"5",6\r\n')).toEqual(table);
  });

  it('reads bytes with a byte order mark, in UTF-8 and UTF-16', async () => {
    const text = '\uFEFFx,y\n1,2\n3,4\n5,6';
    expect(await dataOf(text)).toEqual(table);
    expect(await dataOf(utf8(text))).toEqual(table);
    expect(await dataOf(new Uint8Array(Buffer.from(text, 'utf16le')))).toEqual(table);
    expect(await dataOf(new Uint8Array(Buffer.from(text, 'utf16le').swap16()))).toEqual(table);
  });

  it('reads blocks longer and shorter than its own with the same result', async () => {
    const wide = Array.from({ length: 60_000 }, (_, i) => i);
    const { table: read } = await readTable(`${wide.map((i) => `c${i}`).join(',')}\n${wide.join(',')}\n`, 'a.csv');
    expect(read!.rows).toBe(1);
    expect(read!.columns[59_999].data[0]).toBe(59_999);
    const long = `x,name\n${Array.from({ length: 120_000 }, (_, i) => `${i},"a\n""${i}"""\n`).join('')}`;
    const tall = (await readTable(long, 'a.csv')).table!;
    expect(tall.rows).toBe(120_000);
    expect(tall.columns[0].data.every((value, i) => value === i)).toBe(true);
    expect((await readTable(`${long}1,"x"y,2\n`, 'a.csv')).problems).toMatchObject([
      { line: 240_002, column: 3, code: 'quotes' },
    ]);
    expect(tall.cell(99, 1)).toMatchObject({ range: { line: 200, column: 4, endLine: 201 }, text: 'a\n"99"' });
  }, 30_000);
});

describe('faults of a file', () => {
  it.each([
    ['empty', '', 'a.csv:1:1: the file is empty; a row of column names and rows of numbers are needed'],
    ['blank', '\n  \n', 'a.csv:1:1: the file is empty; a row of column names and rows of numbers are needed'],
    ['header only', '\nx,y\n', 'a.csv:2:1: the file has column names but no rows of data below them'],
    [
      'too few cells',
      'x,y\n1,2\n3\n',
      'a.csv:3:1: this row has 1 cell, but the header has 2; give every row as many cells as the header, or set dataset.missing to "drop"',
    ],
    [
      'too many cells',
      'x,y\n"1\n",2,3\n',
      'a.csv:2:1: this row has 3 cells, but the header has 2; give every row as many cells as the header',
    ],
    ['two names alike', 'x,y,x\n1,2,3\n', 'a.csv:1:5: column 3 is called "x" like column 1, so it is taken as "x.1"'],
    ['no name', 'x,,y\n1,2,3\n', 'a.csv:1:3: column 2 has no name; it is left out unless you name it "Unnamed: 1"'],
    [
      'no header',
      '1,2\n3,4\n',
      'a.csv:1:1: the first row holds numbers, so the columns are called x0 to x1; if it holds names, set dataset.header to true',
    ],
    [
      'an open quote',
      'x,y\n1,2\n"3,4\n5,6\n',
      'a.csv:3:1: the double quotes of this cell do not match; a cell that opens with " closes with ", and a " inside is written ""',
    ],
    [
      'text after a quote',
      'x,y\n1,"2"3\n4,5\n',
      'a.csv:2:3: the double quotes of this cell do not match; a cell that opens with " closes with ", and a " inside is written ""',
    ],
  ])('says where: %s', async (_, text, message) => {
    expect(await problemsOf(text)).toEqual([message]);
  });

  it('takes a year for a name', async () => {
    expect(await problemsOf('name,2019,2020\na,1,2\n')).toEqual([]);
    expect(await problemsOf('name,2019\na,1\n')).toEqual([]);
  });

  it.each([
    ['5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n', 28],
    ['1,NA,3\n4,5,6\n', 7],
    ['12,NA\n4,5\n', 6],
    ['5.1;setosa\n4.9;setosa\n', 11],
  ])('takes a first row of numbers above numbers for data, and says so: %j', async (text, endColumn) => {
    const { problems, table } = await readTable(text, 'a.csv');
    const width = table!.columns.length;
    expect(problems).toEqual([
      {
        file: 'a.csv',
        ...{ line: 1, column: 1, endLine: 1, endColumn },
        severity: 'information',
        message: `the first row holds numbers, so the columns are called x0 to x${width - 1}; if it holds names, set dataset.header to true`,
        code: 'no-header',
      },
    ]);
    expect((await readTable(text, 'a.csv', { header: false })).table!.rows).toBe(table!.rows);
    const named = await readTable(text, 'a.csv', { header: true });
    expect(named.problems).toEqual([]);
    expect(named.table!.rows).toBe(table!.rows - 1);
  });

  it.each(['x,y\n1,2\n', ',x,1\n0,1,2\n', 'a,b,3\n1,2,3\n', 'NA,a\n1,2\n'])(
    'takes names for names: %j',
    async (text) => {
      const { problems, table } = await readTable(text, 'a.csv');
      expect(problems.filter(({ code }) => code === 'no-header')).toEqual([]);
      expect(table!.rows).toBe(1);
    },
  );

  // The columns of pandas.read_csv (1.5.3).
  it.each([
    ['a,a,b', ['a', 'a.1', 'b']],
    ['a,a,a.1', ['a', 'a.2', 'a.1']],
    ['a.1,a,a', ['a.1', 'a', 'a.2']],
    ['a,a.1,a.1,a', ['a', 'a.1', 'a.1.1', 'a.2']],
    ['a,a,a,a.1,a.2', ['a', 'a.3', 'a.4', 'a.1', 'a.2']],
    ['Unnamed: 1,,Unnamed: 1', ['Unnamed: 1', 'Unnamed: 1.2', 'Unnamed: 1.1']],
  ])('names the columns %s as pandas does', async (header, names) => {
    const row = names.map((_, i) => i + 1);
    const { table } = await readTable(`${header}\n${row.join(',')}\n`, 'a.csv');
    expect(table!.columns.map(({ name, data }) => [name, ...data])).toEqual(names.map((name, i) => [name, row[i]]));
    const lists = await readTable(JSON.stringify([header.split(','), row]), 'a.json');
    expect(lists.table!.columns.map(({ name }) => name)).toEqual(names);
  });

  it('trains on columns of the same name', async () => {
    const read = { fileName: 'a.csv', inputs: ['dup', 'dup.1'], targets: ['y'] };
    const { dataset, problems } = await readDataset('dup,dup,y\n1,2,3\n4,5,6\n', read);
    expect(dataset).toMatchObject({ inputNames: ['dup', 'dup.1'], inputs: Float32Array.of(1, 2, 4, 5) });
    expect(problems).toMatchObject([{ severity: 'warning', code: 'duplicate-name', line: 1, column: 5 }]);
  });

  it('says that bytes are no text, or no UTF-8', async () => {
    expect(await problemsOf(new Uint8Array([80, 75, 3, 4, 0, 0, 8]))).toEqual([
      'a.csv:1:1: this is a zip file; rename it to .zip',
    ]);
    expect(await problemsOf(new Uint8Array([1, 2, 0, 0, 8]))).toEqual([
      'a.csv:1:1: this is a binary file, not a text with columns; export it as csv in UTF-8, or name its encoding in dataset.encoding',
    ]);
    const latin1 = new Uint8Array(Buffer.from('x,h\u00f6he\n1,2\n', 'latin1'));
    expect((await readTable(latin1, 'a.csv')).problems).toMatchObject([
      { severity: 'information', line: 1, column: 4, code: 'encoding' },
    ]);
  });

  it('refuses a kind of file that it cannot read', async () => {
    expect(await problemsOf('x', 'a.docx')).toEqual([
      'a.docx:1:1: a file of this kind cannot be read as a dataset; its name must end in one of .csv, .tsv, .tab, .txt, .data, .dat, .asc, .json, .jsonl, .ndjson, .npy, .npz, .parquet, .pq, .xlsx, .xlsm, .zip, or one of these and .gz',
    ]);
    expect(await problemsOf('x', 'constructor')).toHaveLength(1);
  });

  it('gives up on a row without end instead of taking the rest of the file for one cell', async () => {
    const text = `x,y\n1,"2\n${'3,4\n'.repeat(5_000_000)}`;
    expect(await problemsOf(text)).toEqual([
      'a.csv:2:1: this row does not end within 16 million characters; close the double quote that it opens, or break the line',
    ]);
  }, 30_000);

  it('does not let few wide rows make many cells', async () => {
    const header = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',');
    const text = `${header}\n${'1\n'.repeat(100_000)}`;
    const { table, problems } = await readTable(text, 'a.csv');
    expect(table).toBeUndefined();
    expect(problems).toMatchObject([{ line: 1, column: 1, code: 'ragged' }]);
    // Where many rows stand below as many cells as names, short ones are counted and not kept.
    const even = `${header}\n${`${header.replaceAll('c', '')}\n`.repeat(5)}${'1\n'.repeat(100_000)}`;
    const ragged = await readTable(even, 'a.csv');
    expect(ragged.table!.rows).toBe(5);
    expect(ragged.problems.length + ragged.unlisted).toBeGreaterThanOrEqual(100_000);
  }, 30_000);
});

describe('any text', () => {
  const cells = fc.constantFrom(
    ...['1', '-2.5e3', '', 'a', '"', '""', '"x"', ',', ';', '\n', '\r\n', '\r', ' ', 'NA', 'NaN', '\0', '\t', '|'],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(cells, { maxLength: 60 }).map((parts) => parts.join('')),
  );

  it('gives a dataset or an error, never an exception, and every place is inside the text', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('error', 'drop', 'mean'), async (text, missing) => {
        const { dataset, problems } = await readDataset(text, { fileName: 'a.csv', missing } as const);
        expect(dataset !== undefined).toBe(!problems.some((problem) => problem.severity === 'error'));
        if (dataset) {
          expect(dataset.inputs).toHaveLength(dataset.rows * dataset.inputNames.length);
          expect([...dataset.inputs, ...dataset.targets].every(Number.isFinite)).toBe(true);
        }
        const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
        for (const { line, column, endLine, endColumn } of problems) {
          expect(column).toBeLessThanOrEqual(lines[line - 1].length + 1);
          expect(endColumn).toBeLessThanOrEqual(lines[endLine - 1].length + 2);
          expect(line < endLine || (line === endLine && column <= endColumn)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  }, 30_000);

  it('reads back what was written, quoted or not', async () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    const row = fc.tuple(number, fc.string(), number);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1 }), fc.constantFrom('\n', '\r\n'), async (rows, end) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = ['x,label,y', ...rows.map(([x, label, y]) => `${x},${quote(label)},"${y}"`)].join(end);
        const { dataset } = await readDataset(text, { fileName: 'a.csv', inputs: ['x'], targets: ['y'] });
        expect(dataset?.inputs).toEqual(Float32Array.from(rows, ([x]) => Number(String(x))));
        expect(dataset?.targets).toEqual(Float32Array.from(rows, ([, , y]) => Number(String(y))));
      }),
    );
  }, 30_000);
});
