import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import { readAll, type ByteSource, type DataSource } from '../../src/data/bytes/byteSource';
import { datasetOfTable } from '../../src/data/dataset/fileDataset';
import { readTable } from '../../src/data/readTable';
import { unpackedSource } from '../../src/data/bytes/unpackedSource';
import type { Dataset } from '../../src/engine/dataset';
import { formatProblem } from '../../src/base/problem';
import { readRunDataset } from '../../src/training/readDataset';
import { formatBytes, formatFiles, textsOf } from '../helpers/formatFiles';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** What NumPy and pandas say the files hold: float32 bits, null for no value. */
const truth = JSON.parse(readFileSync(path.join(__dirname, '../fixtures/formats.json'), 'utf8')) as {
  columns: Record<string, (number | null)[]>;
  city: string[];
};
const numberNames = ['area', 'rooms', 'balance', 'tiny', 'large'];
const cities = ['Bonn', 'Zürich', 'Ōsaka'];
const knownAge = truth.columns.age.flatMap((bits, row) => (bits === null ? [] : row));

function source(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 777) yield await Promise.resolve(bytes.subarray(at, at + 777));
    },
  };
}

async function read(name: string, dataset: object, loss = 'mse_loss', content: DataSource = source(formatBytes(name))) {
  const config = { dataset: { file: name, ...dataset }, loss, optimizer: { type: 'SGD', lr: 0.1 } };
  const parsed = parseConfig(JSON.stringify(config), 'a.gd.json');
  expect(parsed.problems).toEqual([]);
  return readRunDataset(parsed, parsed.config!, { name, content });
}

const bits = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)];
/** The true bits of columns in some rows, row after row. */
const trueBits = (columns: string[], rows: number[]) =>
  rows.flatMap((row) => columns.map((column) => truth.columns[column][row]!));

/** The names that files give the columns of the table, where they are not its own. */
const renamed: Record<string, Record<string, string>> = {
  'values.json': { area: 'x0', rooms: 'x1', balance: 'x2', tiny: 'x3', large: 'x4', city: 'x5', age: 'x6' },
};
const unnamed = ['c.npy', 'fortran.npy', 'single.npy', 'big.npy', 'version2.npy', 'version3.npy'];
for (const name of [...unnamed, 'c.npy.gz', 'members-c.npy.gz']) {
  renamed[name] = { area: 'x0', rooms: 'x1', balance: 'x2', tiny: 'x3', large: 'x4', age: 'x5' };
}
for (const name of ['stored.npz', 'deflated.npz']) {
  renamed[name] = { area: 'X[0]', rooms: 'X[1]', balance: 'X[2]', tiny: 'X[3]', large: 'y', age: 'age' };
}
const apart = ['types.parquet', 'int96.parquet', 'nested.parquet'];
const withTexts = [
  ...formatFiles('json', 'jsonl', 'csv'),
  ...formatFiles('parquet').filter((name) => !apart.includes(name)),
  ...['records.npy', 'table.csv.gz', 'members-table.csv.gz'],
];

describe('a dataset of the same table', () => {
  it.each([...new Set([...withTexts, ...Object.keys(renamed)])])('has the same bits from %s', async (name) => {
    const called = (column: string) => renamed[name]?.[column] ?? column;
    const dataset = { inputs: numberNames.map(called), targets: [called('age')], missing: 'drop' };
    const { dataset: found } = await read(name, dataset);
    expect(found).toMatchObject({ rows: knownAge.length, inputNames: dataset.inputs, targetNames: dataset.targets });
    expect(bits(found!.inputs)).toEqual(trueBits(numberNames, knownAge));
    expect(bits(found!.targets)).toEqual(trueBits(['age'], knownAge));
  });

  it.each(withTexts)('has the same classes and categories from %s', async (name) => {
    const city = renamed[name]?.city ?? 'city';
    const [area, rooms] = ['area', 'rooms'].map((column) => renamed[name]?.[column] ?? column);
    const classes = await read(name, { inputs: [area], targets: [city] }, 'cross_entropy');
    expect(classes.dataset).toMatchObject({ classNames: cities });
    expect([...classes.dataset!.targets]).toEqual(truth.city.map((one) => cities.indexOf(one)));
    const dummies = await read(name, { inputs: [rooms], one_hot: [city], targets: [area] });
    expect(dummies.dataset?.inputNames).toEqual([rooms, ...cities.map((one) => `${city}=${one}`)]);
    const all = truth.city.map((_, row) => row);
    expect(bits(dummies.dataset!.inputs.filter((_, i) => i % 4 === 0))).toEqual(trueBits(['rooms'], all));
    expect([...dummies.dataset!.inputs.filter((_, i) => i % 4 > 0)]).toEqual(
      truth.city.flatMap((one) => cities.map((other) => (one === other ? 1 : 0))),
    );
  });
});

/** An array of one dimension as NumPy writes it; `values` are its bytes. */
function npy(descr: string, length: number, values: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${length},), }\n`;
  return new Uint8Array([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0, ...Buffer.from(header), ...values]);
}

/** Texts of at most three characters, each of four bytes. */
function npyTexts(texts: string[]): Uint8Array {
  const codes = texts.flatMap((text) => [0, 1, 2].map((i) => text.charCodeAt(i) || 0));
  return npy('<U3', texts.length, new Uint8Array(Uint32Array.from(codes).buffer));
}

describe('texts of NumPy', () => {
  const kinds = npyTexts(['b', 'a', 'abc', 'a']);
  const numbers = npy('<f4', 4, new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
  const archive = zipSync({ 'kind.npy': kinds, 'x.npy': numbers });

  it('are kept of an array', async () => {
    const { table, problems } = await readTable(kinds, 'a.npy', { texts: ['x0'] });
    expect(problems).toEqual([]);
    expect(textsOf(table!, 'x0')).toEqual(['b', 'a', 'abc', 'a']);
  });

  it('are classes and categories in an archive', async () => {
    const classes = await read('a.npz', { targets: ['kind'] }, 'cross_entropy', archive);
    expect(classes.dataset).toMatchObject({
      inputs: Float32Array.of(1, 2, 3, 4),
      targets: Float32Array.of(2, 0, 1, 0),
      classNames: ['a', 'abc', 'b'],
    });
    const { dataset } = await read('a.npz', { one_hot: ['kind'], targets: ['x'] }, 'mse_loss', archive);
    expect(dataset?.inputNames).toEqual(['kind=a', 'kind=abc', 'kind=b']);
    expect([...dataset!.inputs]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0]);
  });
});

describe('cells', () => {
  const rows = '[{"x": 1, "k": "b", "y": 2},\n {"x": -999, "k": "?", "y": 5}, {"x": 3, "k": "a", "y": 7}]';

  it('are missing where na_values say so, as numbers and as texts', async () => {
    const given = { inputs: ['x'], targets: ['y'], missing: 'drop', na_values: ['-999'] };
    expect((await read('a.json', given, 'mse_loss', rows)).dataset?.inputs).toEqual(Float32Array.of(1, 3));
    const lines = '{"x": "none", "y": 1}\n{"x": "4", "y": 2}\n{"x": true, "y": 3}';
    const words = { inputs: ['x'], targets: ['y'], missing: 'drop', na_values: ['none'] };
    expect((await read('a.jsonl', words, 'mse_loss', lines)).dataset?.inputs).toEqual(Float32Array.of(4, 1));
  });

  it('are missing in single precision too', async () => {
    const column = (...values: number[]) => npy('<f4', 2, new Uint8Array(Float32Array.from(values).buffer));
    const bytes = zipSync({ 'x.npy': column(1, 3), 'y.npy': column(-999.9, 4) });
    const { dataset } = await read('a.npz', { missing: 'drop', na_values: ['-999.9'] }, 'mse_loss', bytes);
    expect(dataset).toMatchObject({ rows: 1, inputs: Float32Array.of(3), targets: Float32Array.of(4) });
  });

  it('that are no probabilities are named at their place in a text, and by row elsewhere', async () => {
    const loss = 'binary_cross_entropy_with_logits';
    const way = '; write 0 and 1, or set loss to "cross_entropy" if its values are classes';
    const given = { inputs: ['x'], targets: ['y'] };
    const { problems } = await read('a.json', given, loss, '[{"x": 1, "y": 1},\n{"x": 2, "y": 1.5}]');
    expect(problems.map(formatProblem)).toEqual([
      `a.json:2:15: column "y" must hold numbers from 0 to 1 for ${loss}, got "1.5"${way}`,
    ]);
    const array = await read('c.npy', { inputs: ['x0'], targets: ['x1'] }, loss);
    const row = truth.columns.rooms.findIndex((one) => one !== 0x3f800000);
    const rooms = new Float32Array(Uint32Array.of(truth.columns.rooms[row]!).buffer)[0];
    expect(array.problems[0].message).toBe(
      `row ${row + 1}: column "x1" must hold numbers from 0 to 1 for ${loss}, got "${rooms}"${way}`,
    );
  });

  it('without a value are named by row and column where the file is no text', async () => {
    for (const name of ['zstd.parquet', 'records.npy']) {
      const { problems } = await read(name, { inputs: ['area'], targets: ['age'] });
      const gaps = truth.columns.age.flatMap((value, row) => (value === null ? [row + 1] : []));
      expect(problems.map(({ message }) => message)).toEqual(
        gaps.map(
          (row) => `row ${row}: column "age" has no value here; fill it in, or set dataset.missing to "drop" or "mean"`,
        ),
      );
    }
  });
});

describe('a file whose name says something else', () => {
  const table = formatBytes('table.csv');
  const packed = new Uint8Array(gzipSync(table));
  it.each<[string, Uint8Array, string]>([
    ['a.csv', formatBytes('c.npy'), 'this is a npy file; rename it to .npy'],
    ['a.json', formatBytes('none.parquet'), 'this is a parquet file; rename it to .parquet'],
    ['a.jsonl', formatBytes('stored.npz'), 'this is a npz file; rename it to .npz'],
    ['a.npy', formatBytes('deflated.npz'), 'this is a npz file; rename it to .npz'],
    ['a.pq', formatBytes('c.npy'), 'this is a npy file; rename it to .npy'],
    ['a.csv', packed, 'this is a gzip file; rename it to .csv.gz'],
    ['a.csv.gz', table, 'this is no gzip file; take .gz off its name'],
    ['a.csv.gz', formatBytes('none.parquet'), 'this is a parquet file; rename it to .parquet'],
    ['a.csv.gz', formatBytes('c.npy.gz'), 'this is a npy file; rename it to .npy.gz'],
  ])('%s is told by its first bytes', async (name, bytes, message) => {
    for (const content of [bytes, source(bytes)]) {
      expect((await readTable(content, name)).problems).toMatchObject([{ code: 'misnamed', message }]);
    }
  });
});

describe('a gzip file', () => {
  const text = 'x,y\n' + Array.from({ length: 200_000 }, (_, i) => `${i % 97},${i % 89}\n`).join('');
  const packed = new Uint8Array(gzipSync(text));

  it('gives the table of its content and tells progress by its own bytes', async () => {
    const seen: [number, number | undefined][] = [];
    const progress = (bytes: number, size?: number) => seen.push([bytes, size]);
    const [plain, unpacked] = [
      await readTable(utf8(text), 'a.csv'),
      await readTable(source(packed), 'a.csv.gz', {}, { progress }),
    ];
    expect(unpacked.table!.rows).toBe(200_000);
    unpacked.table!.columns.forEach((column, i) => expect(column.data).toEqual(plain.table!.columns[i].data));
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.at(-1)).toEqual([packed.length, packed.length]);
  });

  it('that is cut off or damaged is refused as a whole', async () => {
    const damaged = packed.slice();
    damaged[packed.length - 6] ^= 1;
    for (const bytes of [packed.subarray(0, packed.length / 2), damaged]) {
      const { table, problems } = await readTable(source(bytes), 'a.csv.gz');
      expect(table).toBeUndefined();
      expect(problems).toMatchObject([{ severity: 'error', code: 'gzip-damaged', line: 1, column: 1 }]);
    }
  });

  it('can be given up', async () => {
    let turns = 0;
    const watch = { cancelled: () => ++turns > 1 };
    expect((await readTable(source(packed), 'a.csv.gz', {}, watch)).problems).toMatchObject([{ code: 'cancelled' }]);
  });

  it('is unpacked no further than its limit', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(20_000_000)));
    await expect(readAll(unpackedSource(bomb, 5_000_000))).rejects.toMatchObject({ finding: { code: 'too-large' } });
    expect(await readAll(unpackedSource(bomb, 20_000_000))).toHaveLength(20_000_000);
  });
});

describe('the text of an editor', () => {
  let fromText: Dataset | undefined;
  beforeAll(async () => {
    fromText = datasetOfTable(await readTable('[{"x": 1, "y": 2}, {"x": 2, "y": 3}]', 'a.json'), {}).dataset;
  });

  it('is read where the format is text', () => {
    expect(fromText).toMatchObject({ inputs: Float32Array.of(1, 2), targets: Float32Array.of(2, 3) });
  });

  it.each([
    ['a.parquet', 'binary'],
    ['a.npz', 'binary'],
    ['a.csv.gz', 'gzip'],
  ])('is no %s', async (name, kind) => {
    const message = `a ${kind} file cannot be read from the text of an editor; save or close the editor, so that the file itself is read`;
    expect((await readTable('PAR1', name)).problems).toMatchObject([{ code: 'editor', message }]);
  });
});
