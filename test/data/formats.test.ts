import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bitsOf, formatFiles, readFormat, textsOf } from '../helpers/formatFiles';

type Bits = (number | null)[];

/** What NumPy and pandas say the files hold: float32 bits, null for no value. */
const truth = JSON.parse(readFileSync(path.join(__dirname, '../fixtures/formats.json'), 'utf8')) as {
  columns: Record<string, Bits>;
  city: string[];
  types: Record<string, Bits>;
  parquetNumbers: Record<string, Bits>;
  parquetTexts: Record<string, string[]>;
};
const numbers = Object.entries(truth.columns);

async function table(name: string, ...texts: string[]) {
  const { table, problems } = await readFormat(name, undefined, texts);
  return { table: table!, codes: problems.map(({ code }) => code) };
}

const apart = ['types.parquet', 'int96.parquet', 'nested.parquet'];
const whole = [
  ...formatFiles('json', 'jsonl').filter((name) => name !== 'values.json'),
  ...formatFiles('parquet').filter((name) => !apart.includes(name)),
  'records.npy',
  'table.csv',
  'table.csv.gz',
  'members-table.csv.gz',
];

describe('the same table in every format', () => {
  it.each(whole)('%s has the bits of float32 that NumPy has, and the texts', async (name) => {
    const { table: read } = await table(name, 'city');
    expect(read.rows).toBe(40);
    for (const [column, bits] of numbers) expect({ column, bits: bitsOf(read, column) }).toEqual({ column, bits });
    expect(textsOf(read, 'city')).toEqual(truth.city);
    expect(read.columns.find(({ name }) => name === 'age')!.faultCounts).toMatchObject({ missing: 3, text: 0 });
    expect(read.columns.map(({ name }) => name).filter((name) => name !== 'index')).toEqual([
      ...['area', 'rooms', 'balance', 'tiny', 'large', 'city', 'age'],
    ]);
  });

  it('values.json has them without names', async () => {
    const { table: read } = await table('values.json', 'x5');
    const names = ['x0', 'x1', 'x2', 'x3', 'x4', 'x6'];
    expect(names.map((name) => bitsOf(read, name))).toEqual(numbers.map(([, bits]) => bits));
    expect(textsOf(read, 'x5')).toEqual(truth.city);
  });

  it.each([
    ...['c.npy', 'fortran.npy', 'single.npy', 'big.npy', 'version2.npy', 'version3.npy'],
    ...['c.npy.gz', 'members-c.npy.gz'],
  ])('%s has the numbers in columns x0 to x5', async (name) => {
    const { table: read, codes } = await table(name);
    expect(numbers.map((_, i) => bitsOf(read, `x${i}`))).toEqual(numbers.map(([, bits]) => bits));
    expect(read.columns).toHaveLength(6);
    expect(codes).toEqual([]);
  });

  it.each(['stored.npz', 'deflated.npz'])('%s names columns after its arrays', async (name) => {
    const { table: read, codes } = await table(name);
    const names = ['X[0]', 'X[1]', 'X[2]', 'X[3]', 'y', 'age'];
    expect(read.columns.map((column) => column.name)).toEqual(names);
    expect(names.map((column) => bitsOf(read, column))).toEqual(numbers.map(([, bits]) => bits));
    expect(codes).toEqual([]);
  });

  it('vector.npy is one column, named.npz one for each field', async () => {
    expect(bitsOf((await table('vector.npy')).table, 'x0')).toEqual(truth.columns.area);
    const { table: named } = await table('named.npz');
    expect(bitsOf(named, 'data.rooms')).toEqual(truth.columns.rooms);
    expect(bitsOf(named, 'data.area')).toEqual(truth.columns.area);
  });
});

describe('types', () => {
  it.each(Object.keys(truth.types))('%s', async (name) => {
    expect(bitsOf((await table(name)).table, 'x0')).toEqual(truth.types[name]);
  });

  it('texts of bytes in UTF-8', async () => {
    const { table: read } = await table('bytes.npy', 'x0');
    expect(textsOf(read, 'x0')).toEqual(truth.city);
    expect(read.columns[0].type).toBe('text');
  });

  it('fields of a padded array, without those of several values', async () => {
    const { table: read, codes } = await table('padded.npy');
    expect(read.columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(codes).toEqual(['skipped-column']);
  });

  it('numbers of parquet, of which those that are null are missing', async () => {
    const { table: read } = await table('types.parquet');
    for (const [column, bits] of Object.entries(truth.parquetNumbers)) {
      expect({ column, bits: bitsOf(read, column) }).toEqual({ column, bits });
    }
  });

  it('texts, dates and times of parquet', async () => {
    const { table: read } = await table('types.parquet', ...Object.keys(truth.parquetTexts));
    for (const [column, texts] of Object.entries(truth.parquetTexts)) {
      expect({ column, texts: textsOf(read, column) }).toEqual({ column, texts });
      expect(read.columns.find(({ name }) => name === column)!.candidate).toBe(false);
    }
    expect(textsOf((await table('int96.parquet', 'stamp')).table, 'stamp')).toEqual(truth.parquetTexts.stamp_ns);
  });

  it('leaves out what is no single value, and the index of pandas', async () => {
    const { problems } = await readFormat('types.parquet');
    expect(problems).toMatchObject([
      {
        severity: 'information',
        code: 'skipped-column',
        message:
          'left out, because only single numbers, truth values and texts can be read: "list" (several values a row), "struct" (several values a row), "raw" (bytes)',
      },
    ]);
    const index = await readFormat('index.parquet');
    expect(index.problems.map(({ message }) => message).join()).toContain('(the index of pandas)');
    expect((await readFormat('nested.parquet')).table).toBeUndefined();
  });
});
