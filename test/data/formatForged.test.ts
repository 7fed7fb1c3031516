import { describe, expect, it, vi } from 'vitest';
import { decodeNpy } from '../../src/data/numpy/decodeNpy';
import { decodeNpz } from '../../src/data/numpy/decodeNpz';
import { decodeParquet } from '../../src/data/parquet/decodeParquet';
import type { Decoded } from '../../src/data/table/decodedTable';
import { formatBytes } from '../helpers/formatFiles';

/** What a decoder may take besides four times the file. */
const constantBytes = 1 << 20;

/** Bytes that arrays made by their length take while something runs. */
async function allocated(run: () => Decoded | Promise<Decoded>): Promise<{ decoded: Decoded; bytes: number }> {
  let bytes = 0;
  for (const name of ['Uint8Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'ArrayBuffer', 'Array'] as const) {
    const original = globalThis[name] as unknown as new (...given: unknown[]) => object;
    const size = 'BYTES_PER_ELEMENT' in original ? (original.BYTES_PER_ELEMENT as number) : name === 'Array' ? 8 : 1;
    const construct = (_: unknown, given: unknown[], target: new (...given: unknown[]) => unknown) => {
      if (typeof given[0] === 'number') bytes += given[0] * size;
      return Reflect.construct<unknown[], object>(original, given, target);
    };
    vi.stubGlobal(name, new Proxy(original, { construct }));
  }
  try {
    return { decoded: await run(), bytes };
  } finally {
    vi.unstubAllGlobals();
  }
}

async function refuses(run: () => Decoded | Promise<Decoded>, message: RegExp, size: number): Promise<void> {
  const { decoded, bytes } = await allocated(run);
  expect(decoded.table).toBeUndefined();
  expect(decoded.findings.map((finding) => finding.message).join()).toMatch(message);
  expect(bytes).toBeLessThanOrEqual(4 * size + constantBytes);
}

const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0));

describe('arrays that declare more than they hold', () => {
  function npy(descr: string, shape: string): Uint8Array {
    const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`;
    return new Uint8Array([
      0x93,
      ...ascii('NUMPY'),
      1,
      0,
      header.length & 255,
      header.length >> 8,
      ...ascii(header),
      1,
      2,
    ]);
  }

  it.each([
    ["'<f8'", '(4000000000,)', /needs 32000000000 bytes, but the file has 2/],
    ["'<f8'", '(1, 4000000000)', /needs 32000000000 bytes/],
    ["'<f8'", '(9007199254740991, 9007199254740991)', /it is cut off/],
    ["'<f8'", '(-1,)', /shape must be a tuple of whole numbers/],
    ["'<U0'", '(4000000000,)', /cannot be read|holds no values/],
    ["[('a', '<U0'), ('b', '<U0')]", '(4000000000,)', /holds no values/],
    ["[('a', '<f8', (4000000000,))]", '(1,)', /needs 32000000000 bytes/],
    ["'<U999999999'", '(1,)', /cannot be read/],
    ["'|u1'", '(2, 0)', /holds no values/],
  ])('%s of shape %s', async (descr, shape, message) => {
    const bytes = npy(descr, shape);
    await refuses(() => decodeNpy(bytes), message, bytes.length);
  });

  it('nests its header beyond any stack', async () => {
    const bytes = npy('('.repeat(20_000), '(1,)');
    await refuses(() => decodeNpy(bytes), /header of this .npy file cannot be read/, bytes.length);
  });

  it.each([
    ['a size that no deflate reaches', 24, 50_000_000, /declares 50000000 bytes, more than its/],
    ['more than the limit', 24, 2 ** 32 - 2, /take \d+ bytes when unpacked, too many/],
    ['packed bytes beyond the end', 20, 2 ** 20, /it is cut off/],
  ])('an archive with %s', async (_, field, value, message) => {
    const bytes = formatBytes('deflated.npz');
    const list = Buffer.from(bytes.buffer).indexOf('PK\x01\x02', 0, 'latin1');
    new DataView(bytes.buffer).setUint32(list + field, value, true);
    // The other arrays of the archive are sound, and unpacked to a few kB.
    const { decoded, bytes: taken } = await allocated(() => decodeNpz(bytes));
    expect(decoded.findings.map((finding) => finding.message).join()).toMatch(message);
    expect(taken).toBeLessThanOrEqual(4 * bytes.length + constantBytes);
  });

  it('an archive of more files than it has bytes', async () => {
    const end = new Uint8Array(56 + 20 + 22);
    const view = new DataView(end.buffer);
    view.setUint32(0, 0x06064b50, true);
    view.setBigUint64(32, 2n ** 40n, true);
    view.setUint32(56, 0x07064b50, true);
    view.setUint32(76, 0x06054b50, true);
    view.setUint16(76 + 10, 0xffff, true);
    await refuses(() => decodeNpz(end), /its list of files is cut off or damaged/, end.length);
  });
});

describe('parquet that declares more than it holds', () => {
  type Field = [id: number, type: number, bytes: number[]];

  function varint(value: number): number[] {
    return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
  }
  const int = (id: number, value: number, type = 5): Field => [id, type, varint(value * 2)];
  const text = (id: number, value: string): Field => [id, 8, [...varint(value.length), ...ascii(value)]];
  const list = (id: number, type: number, items: number[][], count = items.length): Field => [
    id,
    9,
    [0xf0 | type, ...varint(count), ...items.flat()],
  ];
  const struct = (fields: Field[]): number[] => [...fields.flatMap(([id, type, bytes]) => [type, id * 2, ...bytes]), 0];
  const inner = (id: number, fields: Field[]): Field => [id, 12, struct(fields)];

  interface Forged {
    rows: number;
    /** Header of the one page, and what follows it. */
    header: Field[];
    page: number[];
    optional?: boolean;
    codec?: number;
    schemaCount?: number;
  }

  /** A file with one column `a` of whole numbers in one page. */
  function parquet({ rows, header, page, optional = false, codec = 0, schemaCount }: Forged): Uint8Array {
    const chunk = [...struct(header), ...page];
    const root = struct([text(4, 'schema'), int(5, 1)]);
    const column = struct([int(1, 1), int(3, optional ? 1 : 0), text(4, 'a')]);
    const meta = [int(1, 1), list(2, 5, [[0]]), list(3, 8, [[1, 97]]), int(4, codec), int(5, rows, 6)];
    const sizes = [int(6, chunk.length, 6), int(7, chunk.length, 6), int(9, 4, 6)];
    const columns = list(1, 12, [struct([int(2, 4, 6), inner(3, [...meta, ...sizes])])]);
    const group = struct([columns, int(2, chunk.length, 6), int(3, rows, 6)]);
    const schema = list(2, 12, [root, column], schemaCount);
    const footer = struct([int(1, 1), schema, int(3, rows, 6), list(4, 12, [group])]);
    const size = [footer.length & 255, footer.length >> 8, 0, 0];
    return new Uint8Array([...ascii('PAR1'), ...chunk, ...footer, ...size, ...ascii('PAR1')]);
  }
  const plain = (count: number, size: number, encoding = 0) => [
    ...[int(1, 0), int(2, size), int(3, size)],
    inner(5, [int(1, count), int(2, encoding), int(3, 3), int(4, 3)]),
  ];
  const sound = { rows: 2, header: plain(2, 8), page: [1, 0, 0, 0, 254, 255, 255, 255] };

  it('is read where it does not', async () => {
    const { table } = await decodeParquet(parquet(sound));
    expect(Array.from(table!.values[0])).toEqual([1, -2]);
    const optional = { ...sound, optional: true, header: plain(2, 10), page: [2, 0, 0, 0, 3, 2, 7, 0, 0, 0] };
    const { table: second } = await decodeParquet(parquet(optional));
    expect(Array.from(second!.values[0])).toEqual([NaN, 7]);
  });

  it.each<[string, Partial<Forged>, RegExp]>([
    ['billions of rows', { rows: 4e9 }, /declares 4000000000 rows of 1 columns; at most \d+ cells/],
    ['a list of billions', { schemaCount: 2 ** 31 }, /its structure declares more than the file holds/],
    ['a page of more values than rows', { header: plain(1e6, 8) }, /column "a": a page of it is damaged/],
    ['a page beyond the end', { header: plain(2, 2 ** 30) }, /column "a": a page of it is damaged/],
    [
      'a page that unpacks to a gigabyte',
      { codec: 2, header: [int(1, 0), int(2, 2 ** 30), int(3, 8), ...plain(2, 8).slice(3)] },
      /declares more bytes than can be true/,
    ],
    ['an unknown codec', { codec: 3 }, /it is packed with LZO; write the file with compression="snappy"/],
    ['an unknown encoding', { header: plain(2, 8, 1) }, /its encoding GROUP_VAR_INT cannot be read/],
    ['a dictionary that is not there', { header: plain(2, 8, 8) }, /its dictionary is missing/],
    ['fewer values than rows', { rows: 3 }, /it has 2 of 3 values/],
    [
      'differences in billions of blocks',
      { header: plain(2, 8, 5), page: [0x80, 0x80, 0x80, 0x80, 8, 0xff, 0xff, 0x7f] },
      /column "a": a page of it is/,
    ],
  ])('with %s', async (_, forged, message) => {
    const bytes = parquet({ ...sound, ...forged });
    await refuses(() => decodeParquet(bytes), message, bytes.length);
  });

  it('takes runs of billions for as many as there are rows', async () => {
    const page = [6, 0, 0, 0, ...varint(2 ** 32 - 2), 1, ...[1, 0, 0, 0], ...[2, 0, 0, 0]];
    const bytes = parquet({ ...sound, optional: true, header: plain(2, page.length), page });
    const { decoded, bytes: taken } = await allocated(() => decodeParquet(bytes));
    expect(Array.from(decoded.table!.values[0])).toEqual([1, 2]);
    expect(taken).toBeLessThanOrEqual(4 * bytes.length + constantBytes);
  });
});
