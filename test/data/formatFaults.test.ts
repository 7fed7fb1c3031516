import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { datasetOfTable } from '../../src/data/dataset/fileDataset';
import { gunzip } from '../../src/data/bytes/gunzip';
import { formatProblem } from '../../src/base/problem';
import { bitsOf, formatBytes, gunzipWhole, readFormat, textsOf } from '../helpers/formatFiles';

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string, name = 'a.json') => readFormat(name, utf8(text));
const messages = async (text: string, name?: string) => (await read(text, name)).problems.map(formatProblem);
const rowsOf = async (text: string, name?: string) => {
  const { table } = await read(text, name);
  return table?.columns.map((column) => [column.name, ...column.data]);
};

const shapes =
  'a dataset is a list of objects, one a row, like [{"x": 1, "y": 2}], or an object of lists, one a column, like {"x": [1], "y": [2]}';

describe('JSON', () => {
  it.each([
    ['empty', ' \n', `a.json:1:1: the file is empty; ${shapes}`],
    ['a number', '3', `a.json:1:1: ${shapes}`],
    ['an object of single values', '{"a": 1}', `a.json:1:1: ${shapes}`],
    ['an empty list', '[]', `a.json:1:1: this list is empty; ${shapes}`],
    ['empty columns', '{"a": [], "b": []}', `a.json:1:1: the columns are empty; ${shapes}`],
    ['names without rows', '[["a", "b"]]', 'a.json:1:1: the file has column names but no rows of data below them'],
    ['a comma missing', '[{"a": 1\n "b": 2}]', 'a.json:2:2: a comma is expected here'],
    ['a comma too many', '[{"a": 1},\n]', 'a.json:2:1: a value is expected here, after the comma; delete the comma'],
    [
      'single quotes',
      "[{'a': 1}]",
      'a.json:1:3: this is not JSON; write numbers, true, false, null, and texts and keys in double quotes',
    ],
    ['a comment', '[1, // one\n 2]', 'a.json:1:5: JSON has no comments; take this out'],
    ['a word of Python', '[{"a": NaN, "b": None}]', /^a.json:1:18: this is not JSON; write/],
    [
      'a file cut off',
      '[{"a": 1}, {"a": 2}',
      'a.json:1:20: a list is not closed; the file may be cut off, a ] is expected here',
    ],
    ['lines in a .json file', '{"a": 1}\n{"a": 2}', /^a.json:2:1: the JSON value ends before this; .* name it .jsonl/],
    [
      'rows of two kinds',
      '[{"a": 1}, [2]]',
      'a.json:1:12: row 2 is a list; each row must be an object with a key for each column',
    ],
    [
      'a list of numbers',
      '[1, 2]',
      'a.json:1:2: row 1 is a single value; each row must be an object with a key for each column',
    ],
    [
      'rows of different length',
      '[["a", "b"], [1, 2],\n[3]]',
      'a.json:2:1: this row has 1 value, but there are names for 2; give every row as many values',
    ],
    [
      'columns of different length',
      '{"a": [1, 2],\n"b": [1]}',
      'a.json:2:1: column "b" has 1 values, but "a" has 2; give every column as many',
    ],
    [
      'lists in cells',
      '[{"a": 1, "b": [1]}]',
      'a.json:1:16: column "b" holds a list here and is left out; give each of its values a column of its own',
    ],
    [
      'a key twice',
      '[{"a": 1, "b": 2,\n"a": 3}]',
      'a.json:2:1: the key "a" stands twice in this object; its last value is taken',
    ],
    [
      'names alike',
      '[["a", "a"], [1, 2]]',
      'a.json:1:8: column 2 is called "a" like column 1, so it is taken as "a.1"',
    ],
    [
      'no name',
      '{"": [1], "a": [2]}',
      'a.json:1:2: column 1 has no name; it is left out unless you name it "Unnamed: 0"',
    ],
  ])('says where: %s', async (_, text, message) => {
    expect(await messages(text)).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)]);
  });

  it('reads NaN of Python as missing, Infinity as not finite, and texts of these words as they are', async () => {
    const text = '[{"a": NaN, "b": "NaN \\" Infinity"}, {"a": -Infinity, "b": "x"}, {"a": 1, "b": "y"}]';
    const { table } = await readFormat('a.json', utf8(text), ['b']);
    expect(table!.columns[0].faultCounts).toEqual({ missing: 1, notFinite: 1, text: 0, tooLarge: 0 });
    expect(textsOf(table!, 'b')).toEqual(['NaN " Infinity', 'x', 'y']);
    expect(table!.cell(1, 0)).toMatchObject({
      range: { column: text.indexOf('-Infinity') + 1, endColumn: text.indexOf('-Infinity') + 10 },
      text: '-Infinity',
    });
  });

  it('takes absent keys for missing and keeps the order in which keys appear', async () => {
    expect(await rowsOf('[{"b": 1, "7": 2}, {"a": true, "b": 3, "7": 4}]')).toEqual([
      ['b', 1, 3],
      ['7', 2, 4],
      ['a', NaN, 1],
    ]);
  });

  it('names the cell in problems of the dataset', async () => {
    const result = await read(
      '[{"x": 1, "y": 2},\n {"x": "one", "y": 1e39},\n {"y": null, "x": 5},\n {"x": 1, "y": 3}]',
    );
    expect(datasetOfTable(result, { inputs: ['x'], targets: ['y'] }).problems.map(formatProblem)).toEqual([
      'a.json:2:8: column "x" must hold numbers, got "one"; if it stands for no value, name it in dataset.na_values and set dataset.missing to "drop" or "mean"',
      'a.json:2:20: column "y" must hold numbers that a float32 can hold (up to about 3.4e38), got "1e+39"; leave the cell empty if it is no value, or write the column in a larger unit',
      'a.json:3:8: column "y" has no value here; fill it in, or set dataset.missing to "drop" or "mean"',
    ]);
  });

  it('refuses few rows of very many different keys', async () => {
    const row = (i: number) => `{${Array.from({ length: 10 }, (_, k) => `"k${i * 10 + k}":1`).join()}}`;
    const { problems } = await read(`[${Array.from({ length: 2000 }, (_, i) => row(i)).join()}]`);
    expect(problems).toMatchObject([{ severity: 'error', code: 'sparse' }]);
  });

  it('reads JSON nested beyond any stack or refuses it', async () => {
    for (const text of ['['.repeat(200_000), '['.repeat(200_000) + ']'.repeat(200_000)]) {
      expect((await read(text)).problems).toMatchObject([{ severity: 'error' }]);
    }
  });
});

describe('JSON lines', () => {
  it('says at which line it is broken and reads the others', async () => {
    const { table, problems } = await read('{"a": 1}\r\n\r\n{"a": 2\n{"a": 3}\n', 'a.jsonl');
    expect([...table!.columns[0].data]).toEqual([1, 3]);
    expect(problems.map(formatProblem)).toEqual([
      'a.jsonl:3:8: an object is not closed; the file may be cut off, a } is expected here',
    ]);
    expect(table!.cell(1, 0).range).toEqual({ line: 4, column: 7, endLine: 4, endColumn: 8 });
  });

  it('counts broken lines beyond a hundred', async () => {
    const { problems, unlisted } = await read(`{"a": 1}\n${'oops\n'.repeat(250)}`, 'a.jsonl');
    expect([problems.length, unlisted]).toEqual([100, 150]);
  });

  it('says where a key stands twice, and that an empty file is empty', async () => {
    expect(await messages('{"a": 1}\n{"a": 1, "a": 2}', 'a.jsonl')).toEqual([
      'a.jsonl:2:10: the key "a" stands twice in this object; its last value is taken',
    ]);
    expect(await messages('\n', 'a.jsonl')).toEqual([
      'a.jsonl:1:1: the file is empty; write an object on each line, like {"x": 1, "y": 2}',
    ]);
  });
});

describe('arrays', () => {
  const problem = async (name: string, bytes = formatBytes(name)) => (await readFormat(name, bytes)).problems[0];

  it.each([
    ['objects.npy', 'the array holds Python objects, which are code and are never run here'],
    ['cube.npy', 'the array has the shape (2, 3, 4); save one with two dimensions'],
    ['complex.npy', 'an array of type "<c16" cannot be read; save numbers'],
    ['uneven.npz', 'the arrays have different numbers of rows: "X" has 40, "y" has 30'],
  ])('%s is refused', async (name, message) => {
    const { table, problems } = await readFormat(name);
    expect(table).toBeUndefined();
    expect(problems).toMatchObject([{ severity: 'error', line: 1, column: 1 }]);
    expect(problems[0].message).toContain(message);
  });

  it('says how many bytes are missing, and what is no array at all', async () => {
    expect((await problem('c.npy', formatBytes('c.npy').subarray(0, 1000))).message).toBe(
      'the array has the shape (40, 6) and needs 1920 bytes, but the file has 872; it is cut off, copy the whole file',
    );
    expect((await problem('a.npy', utf8('x,y\n1,2\n3,4\n'))).code).toBe('npy-magic');
  });

  it('of an archive that are no table are left out with a warning', async () => {
    const { table, problems } = await readFormat('mixed.npz');
    expect(table!.columns.map(({ name }) => name)).toEqual(['x']);
    expect(problems.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'npy-shape'],
      ['warning', 'npy-objects'],
    ]);
  });

  it('in an archive that is cut off, damaged or encrypted are refused', async () => {
    const bytes = formatBytes('stored.npz');
    expect((await problem('a.npz', bytes.subarray(0, 2000))).message).toMatch(/no list of files at its end/);
    const flipped = bytes.slice();
    flipped[400] ^= 1;
    expect((await problem('a.npz', flipped)).message).toMatch(/array "X" is left out: its checksum is wrong/);
    const encrypted = bytes.slice();
    const list = Buffer.from(encrypted.buffer).lastIndexOf('PK\x01\x02', undefined, 'latin1');
    encrypted[list + 8] |= 1;
    expect((await problem('a.npz', encrypted)).message).toMatch(/array "age" is left out: it is encrypted/);
  });
});

describe('parquet', () => {
  const message = async (bytes: Uint8Array) => (await readFormat('a.parquet', bytes)).problems[0].message;

  it('that is cut off, encrypted or none at all is refused', async () => {
    const bytes = formatBytes('snappy.parquet');
    const start = 'the parquet file cannot be read: ';
    expect(await message(bytes.subarray(0, 3000))).toBe(`${start}it is cut off; copy the whole file`);
    expect(await message(utf8('x,y\n1,2\n3,4\n'))).toBe(
      `${start}it is no parquet file; write one with df.to_parquet(path)`,
    );
    expect(await message(new Uint8Array([...bytes.slice(0, -4), ...utf8('PARE')]))).toBe(
      `${start}it is encrypted; write it without encryption`,
    );
  });

  it('names the column of a damaged page', async () => {
    const bytes = formatBytes('zstd.parquet');
    bytes.fill(0xff, 4, 60);
    expect(await message(bytes)).toMatch(/^the parquet file cannot be read: column "area": /);
  });
});

describe('gzip', () => {
  const text = utf8('x,y\n1,2\n'.repeat(10_000));
  const packed = new Uint8Array(gzipSync(text));
  const codeOf = async (bytes: Uint8Array, limit = 1e6) => {
    const result = await gunzipWhole(bytes, limit);
    return 'finding' in result ? result.finding.code : result.bytes.length;
  };

  it('ends with a finding where it is cut off or damaged, also in its checksum', async () => {
    expect(await codeOf(packed)).toBe(text.length);
    expect(await codeOf(packed.subarray(0, packed.length - 3))).toBe('gzip-damaged');
    const wrong = packed.slice();
    wrong[wrong.length - 6] ^= 1;
    expect(await codeOf(wrong)).toBe('gzip-damaged');
    expect(await codeOf(text)).toBe('gzip-damaged');
  });

  it('stops as soon as more than the limit came out', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(100_000_000)));
    const unpacked = gunzip(bomb, 1_000_000);
    let size = 0;
    for await (const chunk of unpacked.chunks) size += chunk.length;
    expect(size).toBeLessThanOrEqual(1_000_000);
    expect(unpacked.finding?.code).toBe('too-large');
    expect(await codeOf(packed, text.length)).toBe(text.length);
    expect(await codeOf(packed, text.length - 1)).toBe('too-large');
  });

  it('takes chunks of any size, and passes on what their source throws', async () => {
    async function* bytewise() {
      for (const byte of packed) yield await Promise.resolve(Uint8Array.of(byte));
    }
    expect(await gunzipWhole(bytewise(), 1e6)).toEqual({ bytes: text });
    async function* failing() {
      yield await Promise.resolve(packed.subarray(0, 20));
      throw new Error('the disk is gone');
    }
    await expect(gunzipWhole(failing(), 1e6)).rejects.toThrow('the disk is gone');
  });

  it('of an empty column gives a column of missing values', async () => {
    const { table } = await readFormat('a.npy.gz', new Uint8Array(gzipSync(formatBytes('little-f8.npy'))));
    expect(bitsOf(table!, 'x0').at(-1)).toBe(null);
  });
});
