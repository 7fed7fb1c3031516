import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableOfDecoded } from '../../src/data/table/tableOfDecoded';
import { decoders, formatBytes, formatFiles, gunzipWhole } from '../helpers/formatFiles';

/** A table or an error, with cells of the right count and problems inside the text; nothing thrown. */
async function readsOrRefuses(ending: string, bytes: Uint8Array): Promise<void> {
  const decoded = await decoders[ending](bytes);
  const { table, problems } = await tableOfDecoded(decoded, `a.${ending}`);
  if (!table) expect(problems.filter(({ severity }) => severity === 'error')).not.toEqual([]);
  else {
    expect(table.rows).toBeGreaterThan(0);
    expect(table.columns.length).toBeGreaterThan(0);
    table.columns.forEach((column, i) => {
      expect(column.data).toHaveLength(table.rows);
      expect(typeof table.cell(table.rows - 1, i).text).toBe('string');
    });
    for (const row of [-1, 0, table.rows - 1]) table.cell(row, table.columns.length - 1);
  }
  const length = decoded.text?.length ?? 0;
  for (const { start, end, message } of decoded.findings) {
    expect(start >= 0 && start <= end && end <= length).toBe(true);
    expect(message).not.toMatch(/undefined|NaN|\[object/);
  }
}

interface Damage {
  at: number;
  byte: number;
}

const damages = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { minLength: 1, maxLength: 4 });

function damaged(bytes: Uint8Array, changes: Damage[], cut: number | undefined): Uint8Array {
  const copy = bytes.slice(0, cut === undefined ? bytes.length : cut % (bytes.length + 1));
  if (copy.length > 0) for (const { at, byte } of changes) copy[at % copy.length] = byte;
  return copy;
}

describe('any bytes', () => {
  const random = fc.uint8Array({ maxLength: 400 });

  it.each(Object.keys(decoders))('are read as %s or refused', async (ending) => {
    await fc.assert(
      fc.asyncProperty(random, (bytes) => readsOrRefuses(ending, bytes)),
      { numRuns: 300 },
    );
  });

  it.each(Object.keys(decoders))('of damaged files are read as %s or refused', async (ending) => {
    const files = formatFiles(ending).map(formatBytes);
    const file = fc.constantFrom(...files);
    await fc.assert(
      fc.asyncProperty(file, damages, fc.option(fc.nat(), { nil: undefined, freq: 3 }), (bytes, changes, cut) =>
        readsOrRefuses(ending, damaged(bytes, changes, cut)),
      ),
      { numRuns: 600 },
    );
  });

  it('after the start of a file are read or refused', async () => {
    const starts = [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0], [0x50, 0x4b, 3, 4], [...Buffer.from('PAR1')]];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        random,
        fc.constantFrom('npy', 'npz', 'parquet'),
        (start, rest, ending) =>
          readsOrRefuses(ending, new Uint8Array([...start, ...rest, ...(ending === 'parquet' ? start : [])])),
      ),
      { numRuns: 300 },
    );
  });

  it('of a damaged gzip file are unpacked or refused', async () => {
    const files = formatFiles('gz').map(formatBytes);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        damages,
        fc.option(fc.nat(), { nil: undefined }),
        async (bytes, changes, cut) => {
          const result = await gunzipWhole(damaged(bytes, changes, cut), 1e6);
          if ('finding' in result) expect(result.finding.severity).toBe('error');
          else expect(result.bytes.length).toBeLessThanOrEqual(1e6);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('any JSON', () => {
  const cell = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 1 }));
  const key = fc.constantFrom('a', 'b', '7', '', '__proto__', 'constructor');
  const row = fc.oneof(fc.dictionary(key, cell), fc.array(cell, { maxLength: 3 }));
  const value = fc.oneof(
    fc.jsonValue(),
    fc.array(row, { maxLength: 6 }),
    fc.dictionary(key, fc.array(cell, { maxLength: 3 })),
  );

  it('gives a table or an error, and every place is the value that the cell tells', async () => {
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(undefined, 1), async (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        const bytes = new TextEncoder().encode(text);
        await readsOrRefuses('json', bytes);
        const { table } = await decoders.json(bytes);
        table?.values.forEach((column, i) => {
          for (let row = 0; row < table.rows; row++) {
            const { start, end } = table.place!(row, i);
            const there = text.slice(start, end);
            if (column[row] === undefined) expect(there).toMatch(/^[{[]$/);
            else expect(JSON.parse(there)).toEqual(column[row]);
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it('in lines gives a table or an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), (rows) =>
        readsOrRefuses('jsonl', new TextEncoder().encode(rows.map((one) => JSON.stringify(one)).join('\n'))),
      ),
      { numRuns: 300 },
    );
  });
});
