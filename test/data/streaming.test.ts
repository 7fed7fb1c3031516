import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/data/bytes/byteSource';
import { headLength } from '../../src/data/csv/dialect';
import { readDataset } from '../../src/data/dataset/fileDataset';
import { readTable } from '../../src/data/readTable';
import type { TableResult } from '../../src/data/table/table';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Bytes that come in blocks cut at the given places. */
function source(bytes: Uint8Array, cuts: number[]): ByteSource {
  const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])].sort(
    (a, b) => a - b,
  );
  const blocks = places.slice(1).map((to, i) => bytes.slice(places[i], to));
  return {
    size: bytes.length,
    async *chunks() {
      await Promise.resolve();
      yield* blocks;
    },
  };
}

/** What can be known of a table; a column's spare room depends on when it grew. */
function plain({ table, ...rest }: TableResult) {
  const columns = table?.columns.map(({ name, data, sum, min, max, faultCounts, places, samples, distinct, texts }) => {
    const numbers = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    const coded = texts && { texts: texts.texts, rows: [...texts.rows].join() };
    return { name, numbers, sum, min, max, faultCounts, places, samples, distinct, coded };
  });
  return { ...rest, rows: table?.rows, columns };
}

const parts = fc.constantFrom(
  ...[
    '1',
    '-2.5e3',
    '',
    'ab',
    '"',
    '""',
    '"x"',
    ',',
    ';',
    '\n',
    '\r\n',
    '\r',
    ' ',
    'NA',
    'NaN',
    '1,5',
    'é',
    '😀',
    '\t',
  ],
);
const texts = fc.array(parts, { maxLength: 80 }).map((list) => list.join(''));
/** A csv that is right, in which some stretches are replaced. */
const mutated = fc
  .tuple(
    fc.array(fc.tuple(fc.float({ noNaN: true }), fc.string({ maxLength: 4 }), fc.integer()), { minLength: 1 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(5), parts), { maxLength: 4 }),
  )
  .map(([rows, changes]) => {
    let text = `a,b,c\n${rows.map(([x, name, y]) => `${x},"${name.replaceAll('"', '""')}",${y}`).join('\n')}\n`;
    for (const [at, length, replacement] of changes) {
      const from = at % text.length;
      text = text.slice(0, from) + replacement + text.slice(from + length);
    }
    return text;
  });
const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), texts.map(utf8), mutated.map(utf8));

/** Longer than the head, after which the dialect is known; of few rows, which are quick to compare. */
const beyondHead = utf8(`a,b,c\n${`1,"${'x'.repeat(8000)}",3\n`.repeat(headLength / 8000 + 1)}`);

describe('a file that comes in blocks', () => {
  it.each([
    ['in its head', new Uint8Array()],
    // The head by which the dialect is told is read as a whole, so this one lies beyond it.
    ['after it', beyondHead],
  ])(
    'gives the very same table wherever it is cut, %s',
    async (_, head) => {
      await fc.assert(
        fc.asyncProperty(anyBytes, fc.array(fc.nat(200)), async (tail, cuts) => {
          const bytes = new Uint8Array(head.length + tail.length);
          bytes.set(head);
          bytes.set(tail, head.length);
          const whole = plain(await readTable(bytes, 'a.csv', { texts: ['b'] }));
          const places = [head.length, ...cuts.map((cut) => head.length + cut)];
          expect(plain(await readTable(source(bytes, places), 'a.csv', { texts: ['b'] }))).toEqual(whole);
        }),
        { numRuns: 150 },
      );
    },
    600_000,
  );

  it('may be cut at every single place', async () => {
    const tail = utf8('1,"é ""b"" ",é\r\n"2\r\n","\n",😀\r\nx\ry,"1"\r\n7,"",1\r\n,"a"b",\r\n1\r\n"');
    const bytes = new Uint8Array([...beyondHead, ...tail]);
    const whole = plain(await readTable(bytes, 'a.csv', { texts: ['b'] }));
    expect(whole.problems.map(({ code }) => code)).toEqual(['ragged', 'quotes', 'ragged', 'quotes']);
    const from = bytes.length - tail.length;
    for (let cut = from; cut < bytes.length; cut++) {
      expect(plain(await readTable(source(bytes, [from, cut]), 'a.csv', { texts: ['b'] })), `${cut}`).toEqual(whole);
    }
  }, 60_000);

  it('gives a dataset or errors, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, fc.constantFrom('a.csv', 'a.tsv'), async (bytes, fileName) => {
        const { dataset, problems } = await readDataset(bytes, { fileName });
        expect(dataset !== undefined).toBe(!problems.some(({ severity }) => severity === 'error'));
        if (dataset) expect([...dataset.inputs, ...dataset.targets].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);

  it('is followed, and can be given up at any block', async () => {
    const bytes = utf8(`x,y\n${'1,2\n'.repeat(100)}`);
    const cuts = [100, 200, 300];
    const seen: [number, number | undefined][] = [];
    await readTable(source(bytes, cuts), 'a.csv', {}, { progress: (read, size) => seen.push([read, size]) });
    expect(seen).toEqual([...cuts, bytes.length].map((read) => [read, bytes.length]));
    for (let turns = 0; turns < 5; turns++) {
      let left = turns;
      const { table, problems } = await readTable(source(bytes, cuts), 'a.csv', {}, { cancelled: () => left-- === 0 });
      expect(table).toBeUndefined();
      expect(problems).toMatchObject([{ code: 'cancelled', message: 'reading a.csv was cancelled' }]);
    }
  });

  it('may break off: the problem says why', async () => {
    const broken: ByteSource = {
      async *chunks() {
        yield await Promise.resolve(utf8('x,y\n1,2\n'));
        throw new Error('the disk is gone');
      },
    };
    expect((await readTable(broken, 'a.csv')).problems).toMatchObject([
      { code: 'unreadable', message: 'the file cannot be read: the disk is gone' },
    ]);
  });

  it('is given up at a line without end, however long that would be', async () => {
    let read = 0;
    const endless: ByteSource = {
      async *chunks() {
        const block = utf8('1,'.repeat(1 << 19));
        for (; read < 100; read++) yield await Promise.resolve(block);
      },
    };
    const { table, problems } = await readTable(endless, 'a.csv');
    expect(table).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'row-too-long', line: 1 }]);
    expect(read).toBeLessThan(20);
  });

  it('may have ten thousand columns', async () => {
    const wide = Array.from({ length: 10_000 }, (_, i) => i);
    const rows = [wide.map((i) => `c${i}`), ...[0, 1, 2].map((row) => wide.map((i) => String((i * 7 + row) % 10)))];
    const { dataset } = await readDataset(utf8(rows.map((row) => row.join(',')).join('\n')), { fileName: 'a.csv' });
    expect(dataset).toMatchObject({ rows: 3 });
    expect(dataset!.inputNames).toHaveLength(9_999);
  });

  it('is told from binary formats by its first bytes', async () => {
    for (const [start, code] of [
      ['PK\x03\x04', 'misnamed'],
      ['\x1f\x8b\x08', 'misnamed'],
      ['\x93NUMPY', 'misnamed'],
      ['PAR1', 'misnamed'],
    ]) {
      const bytes = new Uint8Array(Buffer.from(`${start} x,y\n1,2\n`, 'latin1'));
      expect((await readTable(bytes, 'a.csv')).problems, start).toMatchObject([{ code }]);
    }
  });
});
