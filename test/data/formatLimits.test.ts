import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/data/bytes/byteSource';
import { maxColumns } from '../../src/data/table/columnLimit';
import { maxBytes, type DatasetFormat } from '../../src/base/datasetFormats';
import { datasetOfTable } from '../../src/data/dataset/fileDataset';
import { readTable } from '../../src/data/readTable';

const errorOf = async (name: string, source: string | Uint8Array | ByteSource) => {
  const { table, problems } = await readTable(source, name);
  expect(table).toBeUndefined();
  return problems[0];
};
const listOf = <T>(length: number, item: (i: number) => T) => Array.from({ length }, (_, i) => item(i));

describe('a file with more bytes than its format takes', () => {
  const whole = (Object.keys(maxBytes) as DatasetFormat[]).filter((format) => format !== 'csv' && format !== 'tsv');

  it.each(whole)('of the format %s is refused before it is read', async (format) => {
    let reads = 0;
    const source = {
      size: maxBytes[format] + 1,
      async *chunks() {
        reads++;
        await Promise.resolve();
        yield new Uint8Array(1);
      },
    };
    const { code, message } = await errorOf(`a.${format}`, source);
    expect(code).toBe('too-large');
    expect(message).toMatch(/^the file is too large: it has [\d,]+ bytes, more than the [\d,]+ bytes that can be read/);
    expect(reads).toBe(0);
  });

  it('that does not say how many it has is read no further than that', async () => {
    let blocks = 0;
    const block = new Uint8Array(1 << 24).fill(32);
    const source = {
      async *chunks() {
        await Promise.resolve();
        for (; blocks < 1000; blocks++) yield block;
      },
    };
    expect((await errorOf('a.jsonl', source)).code).toBe('too-large');
    expect(blocks).toBe(Math.floor(maxBytes.jsonl / block.length));
  });
});

describe('a table with more columns than can be read', () => {
  const names = listOf(maxColumns + 1, (i) => `c${i}`);
  const row = Object.fromEntries(names.map((name) => [name, 1]));
  const npy = () => {
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (1, ${names.length}), }`.padEnd(117) + '\n';
    return new Uint8Array(
      Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00' + header, 'latin1'), Buffer.alloc(names.length)]),
    );
  };

  it.each([
    ['csv', () => `${names.join()}\n${names.map(() => 1).join()}\n`],
    ['csv', () => `${names.map(() => 1).join()}\n`],
    ['json', () => JSON.stringify([row])],
    ['json', () => JSON.stringify([names, names.map(() => 1)])],
    ['json', () => JSON.stringify(Object.fromEntries(names.map((name) => [name, [1]])))],
    ['json', () => JSON.stringify(Object.fromEntries(names.map((name) => [name, { 0: 1 }])))],
    ['jsonl', () => JSON.stringify(row)],
    ['npy', npy],
  ])('is refused in %s', async (format, content) => {
    const { code, message } = await errorOf(`a.${format}`, content());
    expect([code, message]).toEqual([
      'too-many-columns',
      expect.stringContaining('there are 100,001 columns or more; at most 100,000 can be read'),
    ]);
  });

  it('is what twenty thousand columns of one name are not', async () => {
    const header = listOf(20_000, () => 'x');
    const result = await readTable(`${header.join()}\n${header.map((_, i) => i % 9).join()}\n`, 'a.csv');
    expect(result.table?.columns.at(-1)?.name).toBe('x.19999');
    expect(datasetOfTable(result, {}).dataset?.inputNames).toHaveLength(19_999);
  });
});

describe('JSON', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it('that is nested too deep is refused where it is', async () => {
    for (const text of [deep(1001), '['.repeat(2e6)]) {
      const { code, column, message } = await errorOf('a.json', text);
      expect([code, column]).toEqual(['json-depth', 1001]);
      expect(message).toContain('nested more than 1000 deep');
    }
    expect((await errorOf('a.json', deep(1000))).code).toBe('nested');
    const { code, line, column } = await errorOf('a.jsonl', `\n${deep(1001)}\n`);
    expect([code, line, column]).toEqual(['json-depth', 2, 1001]);
  });

  it('counts no brackets in texts', async () => {
    const text = JSON.stringify([{ a: '['.repeat(2000) + '"\\' + '{'.repeat(2000), b: 1, c: 2 }]);
    expect((await readTable(text, 'a.json')).table?.columns).toHaveLength(3);
  });

  it('lists the first broken lines and counts the others', async () => {
    const { table, problems, unlisted } = await readTable('{"a":\n'.repeat(5000) + '{"a":1,"b":NaN}\n', 'a.jsonl');
    expect([table?.rows, problems.length, unlisted]).toEqual([1, 100, 4900]);
  });
});
