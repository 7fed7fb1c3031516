import { describe, expect, it } from 'vitest';
import { datasetOfTable, readDataset, type FileDatasetOptions } from '../../../src/data/dataset/fileDataset';
import { readTable } from '../../../src/data/readTable';
import { formatProblem } from '../../../src/base/problem';

const read = (text: string | Uint8Array, options: Partial<FileDatasetOptions> = {}) =>
  readDataset(text, { fileName: 'cars.csv', ...options });
/** Without the notes on columns of text, which have tests of their own. */
const problemsOf = async (text: string | Uint8Array, options: Partial<FileDatasetOptions> = {}) =>
  (await read(text, options)).problems.filter(({ code }) => code !== 'text-column');
const lines = async (text: string | Uint8Array, options: Partial<FileDatasetOptions> = {}) =>
  (await problemsOf(text, options)).map(formatProblem);

describe('a large file', () => {
  const rows = 300_000;
  // Whole numbers beyond 2^24 are kept in float64.
  const lineOf = (i: number) => `${i},${i % 7 === 0 ? '' : i / 2},${2 ** 25 + i},${i % 5}`;
  const text = `a,b,c,d\n${Array.from({ length: rows }, (_, i) => lineOf(i)).join('\n')}\n`;
  const expected = (kept: number[]) => ({
    inputs: Float32Array.from(kept.flatMap((i) => [i, i % 7 === 0 ? NaN : i / 2, 2 ** 25 + i])),
    targets: Float32Array.from(kept, (i) => i % 5),
  });
  const columns = { inputs: ['a', 'b', 'c'], targets: ['d'] };
  const all = Array.from({ length: rows }, (_, i) => i);

  it('keeps its numbers when rows are left out, those that need it in float64 too', async () => {
    const result = await readTable(text, 'a.csv', { fillShort: true });
    const { dataset } = datasetOfTable(result, { ...columns, missing: 'drop' });
    const right = expected(all.filter((i) => i % 7 !== 0));
    expect(dataset?.rows).toBe(right.targets.length);
    expect(dataset?.inputs.every((value, i) => value === right.inputs[i])).toBe(true);
    expect(dataset?.targets.every((value, i) => value === right.targets[i])).toBe(true);
    expect(dataset?.exact?.inputs.get(2)?.at(-1)).toBe(2 ** 25 + rows - 2);
  });

  it('takes a mean where a number is missing, in every row alike', async () => {
    const { dataset } = await read(text, { ...columns, missing: 'mean' });
    const right = expected(all);
    const { mean } = dataset!.source!.inputs[1];
    expect(
      dataset?.inputs.every(
        (value, i) => value === (Number.isNaN(right.inputs[i]) ? Math.fround(mean!) : right.inputs[i]),
      ),
    ).toBe(true);
  });
});

describe('the columns of a file', () => {
  it('takes the last number column as target and the other number columns as inputs', async () => {
    expect(await read('name,mpg,hp\nfiat,30,70\nford,15.5,1.5e2\n')).toEqual({
      dataset: {
        rows: 2,
        inputNames: ['mpg'],
        targetNames: ['hp'],
        inputs: Float32Array.of(30, 15.5),
        targets: Float32Array.of(70, 150),
        source: { inputs: [{ column: 'mpg', writing: { notation: { decimal: '.' } } }], delimiter: ',' },
      },
      problems: [expect.objectContaining({ severity: 'information', line: 1, column: 1, code: 'text-column' })],
    });
  });

  it('says of codes that they lose their zeros only where they are read as numbers', async () => {
    const text = 'plz,y\n04100,1\n04200,2\n04100,3\n';
    const codes = async (options: Parameters<typeof read>[1]) =>
      (await read(text, options)).problems.map(({ code }) => code);
    expect(await codes({})).toContain('leading-zero');
    expect(await codes({ oneHot: ['plz'] })).not.toContain('leading-zero');
  });

  it('takes the named columns in the order named, row by row', async () => {
    const { dataset } = await read('a,b,c\n1,2,3\n4,5,6\n', { inputs: ['c', 'a'], targets: ['b'] });
    expect(dataset?.inputs).toEqual(Float32Array.of(3, 1, 6, 4));
    expect(dataset?.targets).toEqual(Float32Array.of(2, 5));
  });

  it('does not take a named input as the default target', async () => {
    expect((await read('a,b\n1,2\n3,4\n', { inputs: ['b'] })).dataset?.targetNames).toEqual(['a']);
  });

  it('leaves out a column without a name, as an index written by pandas is', async () => {
    const { dataset, problems } = await read(',x,y\n0,1,2\n1,3,5\n');
    expect(dataset?.inputNames).toEqual(['x']);
    expect(problems).toMatchObject([{ severity: 'warning', line: 1, column: 1, code: 'no-name' }]);
    expect((await read(',x,y\n0,1,2\n', { inputs: ['Unnamed: 0'] })).dataset?.inputNames).toEqual(['Unnamed: 0']);
  });

  it.each([
    [{ inputs: ['z'] }, 'cars.csv:1:1: the file has no column "z"'],
    [
      { inputs: ['name'] },
      'cars.csv:1:1: column "name" holds text; name it in dataset.one_hot to take each of its values as an input',
    ],
    [
      { targets: ['name'] },
      'cars.csv:1:1: column "name" holds text; set loss to "cross_entropy" to predict its classes',
    ],
    [{ inputs: ['x'], targets: ['x'] }, 'cars.csv:1:1: column "x" is used twice; name it once, as input or as target'],
  ])('refuses %j', async (options, message) => {
    expect(await lines('name,x,y\na,1,2\nb,2,3\n', options)).toEqual([message]);
  });

  it('needs two columns of numbers', async () => {
    expect(await lines('x\n1\n2\n')).toEqual([
      'cars.csv:1:1: the file has no column of numbers that could be an input beside the target; at least two are needed',
    ]);
    expect(await lines('x,y\na,b\n')).toEqual([
      'cars.csv:1:1: the file has no column of numbers that could be the target',
    ]);
  });
});

describe('cells', () => {
  it('reads decimals, exponents and spaces, and no other base', async () => {
    const cells = ['1', ' 2.5 ', '+3', '-4.', '.5', '1e3', '1E-3', '-0'];
    const { dataset } = await read(`x,y\n${cells.map((cell) => `${cell},1`).join('\n')}`);
    expect([...dataset!.inputs]).toEqual([1, 2.5, 3, -4, 0.5, 1000, Math.fround(0.001), -0]);
    for (const cell of ['0x10', ' 0b1', '0o7', '1_000', '12a', '--1']) {
      expect((await read(`x,y\n1,1\n1,2\n${cell},3\n`)).problems, cell).toMatchObject([
        { line: 4, code: 'not-a-number' },
      ]);
    }
  });

  it.each([
    [
      'text',
      'abc',
      'column "x" must hold numbers, got "abc"; if it stands for no value, name it in dataset.na_values and set dataset.missing to "drop" or "mean"',
    ],
    [
      'a decimal comma',
      '"1,5"',
      'column "x" must hold numbers, got "1,5"; write a decimal point instead of a comma, or set dataset.decimal to ","',
    ],
    ['NaN', 'NaN', 'column "x" has no value here; fill it in, or set dataset.missing to "drop" or "mean"'],
    ['inf', 'inf', 'column "x" must hold finite numbers, got "inf"; leave the cell empty if the value is not known'],
    ['+nan', '+nan', 'column "x" must hold finite numbers, got "+nan"; leave the cell empty if the value is not known'],
    ['-inf', '-inf', 'column "x" must hold finite numbers, got "-inf"; leave the cell empty if the value is not known'],
    [
      'a huge number',
      '1e39',
      'column "x" must hold numbers that a float32 can hold (up to about 3.4e38), got "1e39"; leave the cell empty if it is no value, or write the column in a larger unit',
    ],
    [
      'beyond double',
      '1e999',
      'column "x" must hold numbers that a float32 can hold (up to about 3.4e38), got "1e999"; leave the cell empty if it is no value, or write the column in a larger unit',
    ],
    ['nothing', '', 'column "x" has no value here; fill it in, or set dataset.missing to "drop" or "mean"'],
    ['NA', 'NA', 'column "x" has no value here; fill it in, or set dataset.missing to "drop" or "mean"'],
  ])('reports %s at its line and column', async (_, cell, message) => {
    expect(await lines(`name,x,y\na,1,2\nb,2,3\nc,${cell},4\n`)).toEqual([`cars.csv:4:3: ${message}`]);
  });

  it('reports the right place after quoted cells with line breaks, commas and quotes', async () => {
    const text = 'name,x,y\r\n"a\r\nb, ""c""",1,2\r\n"d",2,3\r\n"e,\r\nf", oops,4\r\n';
    expect(await problemsOf(text)).toMatchObject([
      { line: 6, column: 5, endLine: 6, endColumn: 9, code: 'not-a-number' },
    ]);
  });

  it('reports the right place after a quoted quote and comma', async () => {
    expect(await problemsOf('name,x,y\n"a"",1",oops,4\nb,1,2\nc,1,2')).toMatchObject([
      { line: 2, column: 9, endColumn: 13 },
    ]);
  });

  it('does not look at columns that are not used', async () => {
    const text = 'x,y,z\n1,2,oops\n2,3,\n3,4,5\n4,5,6\n';
    expect(await lines(text, { inputs: ['x'], targets: ['y'] })).toEqual([]);
    expect((await read(text)).problems).toHaveLength(2);
  });

  it('lists a hundred problems in the order of the file and counts the rest', async () => {
    const { problems, dataset } = await read(`x,y\n${'1,1\n'.repeat(200)}${'a,b\n'.repeat(150)}`);
    expect(dataset).toBeUndefined();
    expect(problems).toHaveLength(101);
    expect(problems[99]).toMatchObject({ line: 251, column: 3 });
    expect(problems[100].message).toBe('and 200 more problems like these in this file');
  });
});

describe('missing values', () => {
  const text = 'x,y\n1,10\n,20\n3,\n5,40\n';

  it('are errors unless the config says what to do', async () => {
    expect((await read(text)).problems.map(({ line, column, code }) => [line, column, code])).toEqual([
      [3, 1, 'missing-value'],
      [4, 3, 'missing-value'],
    ]);
  });

  it('drop their rows', async () => {
    const { dataset, problems } = await read(text, { missing: 'drop' });
    expect(dataset).toMatchObject({ rows: 2, inputs: Float32Array.of(1, 5), targets: Float32Array.of(10, 40) });
    expect(problems).toMatchObject([
      {
        ...{ severity: 'information', line: 3, column: 1 },
        message: '2 of 4 rows are left out: a column that is used has no value in lines 3 and 4',
      },
    ]);
  });

  it('drop rows that are named, at most ten, and the note stands at the first', async () => {
    const gaps = [3, 7, 29, 38];
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${gaps.slice(0, 2).includes(i) ? '' : i % 7},${gaps.includes(i) ? 'NA' : i},t`,
    );
    const noted = async (lines: string[], name = 'cars.csv') =>
      (await readDataset(lines.join('\n'), { fileName: name, missing: 'drop', inputs: ['x'], targets: ['y'] }))
        .problems;
    expect(await noted(['x,y,z', ...rows])).toMatchObject([
      {
        ...{ line: 5, column: 1, endLine: 5, endColumn: 1 },
        message: '4 of 60 rows are left out: a column that is used has no value in lines 5, 9, 31 and 40',
      },
    ]);
    const many = Array.from({ length: 500 }, (_, i) => `${i % 2 ? '' : i},${i}`);
    expect((await noted(['x,y', ...many]))[0]).toMatchObject({
      ...{ line: 3, column: 1 },
      message:
        '250 of 500 rows are left out: a column that is used has no value in lines 3, 5, 7, 9, 11, 13, 15, 17, 19, 21 and 240 more',
    });
    expect((await noted(['x,y', '1,1', '"",2', '3,3']))[0].message).toBe(
      '1 of 3 rows is left out: a column that is used has no value in line 3',
    );
    const json = [{ x: 1, y: 1 }, { x: null, y: 2 }, { y: 3 }, { x: 2, y: 2 }].map((row) => JSON.stringify(row));
    expect((await noted(json, 'cars.jsonl'))[0]).toMatchObject({
      line: 2,
      message: '2 of 4 rows are left out: a column that is used has no value in lines 2 and 3',
    });
    expect((await noted([`[${json.join(',')}]`], 'cars.json'))[0]).toMatchObject({
      line: 1,
      message: '2 of 4 rows are left out: a column that is used has no value in rows 2 and 3',
    });
  });

  it('take the mean of the column', async () => {
    const { dataset, problems } = await read(text, { missing: 'mean' });
    expect(dataset?.inputs).toEqual(Float32Array.of(1, 3, 3, 5));
    expect([...dataset!.targets]).toEqual([10, 20, Math.fround(70 / 3), 40]);
    expect(problems.map((problem) => problem.message)).toContain('1 empty cell of column "x" takes its mean, 3');
  });

  it('leave nothing where every row has one', async () => {
    const { dataset, problems } = await read('x,y\n,1\n2,\n', { missing: 'drop' });
    expect(dataset).toBeUndefined();
    expect(problems.filter((problem) => problem.severity === 'error')).toMatchObject([{ code: 'no-rows' }]);
  });
});

describe('small and odd tables', () => {
  it('trains on one row', async () => {
    expect((await read('x,y\n1,2')).dataset).toMatchObject({ rows: 1 });
    expect(await lines('x,y\n1,2')).toEqual([]);
  });

  it('notes a constant column and takes it', async () => {
    const { dataset, problems } = await read('x,y\n3,1\n3,2\n');
    expect(dataset?.inputs).toEqual(Float32Array.of(3, 3));
    expect(problems).toMatchObject([
      {
        severity: 'information',
        line: 1,
        column: 1,
        message: 'column "x" is 3 in every row; it tells the model nothing',
      },
    ]);
  });
});
