import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import type { ByteSource } from '../../src/data/bytes/byteSource';
import { exportRun } from '../../src/exports/exportRun';
import { readModel } from '../../src/exports/modelFile';
import { predictFile, type PredictionOutput } from '../../src/exports/predictFile';
import { RowsPager } from '../../src/answers/rowsPager';
import { exportedRun } from '../helpers/exportedRun';

const samples = 40;
const exported = exportedRun({
  seed: 2,
  dataset: { generate: 'linear', samples, features: 3, noise: 0.2, scale: 'standard' },
  optimizer: { type: 'SGD', lr: 0.05 },
  epochs: 3,
});
const names = ['x0', 'x1', 'x2'];

/** What is written, and how much of it when each block was asked for. */
class Written implements PredictionOutput {
  text = '';
  restarts = 0;
  write(text: string) {
    this.text += text;
  }
  restart() {
    this.text = '';
    this.restarts++;
  }
}

/** Bytes in blocks of some size. */
function stream(bytes: Uint8Array, size: number, asked?: (block: number) => void): ByteSource {
  return {
    size: bytes.length,
    async *chunks() {
      for (let from = 0, block = 0; from < bytes.length; from += size, block++) {
        asked?.(block);
        yield bytes.subarray(from, from + size);
        await Promise.resolve();
      }
    },
  };
}

/** The run's own rows, as numbers, and what it predicts for them. */
async function own() {
  const { run, parameters } = await exported;
  const page = new RowsPager(run).page({ offset: 0, count: Infinity, sort: 'row', descending: false }, parameters);
  const rows = Array.from({ length: samples }, (_, row) => [...run.dataset.inputs.subarray(3 * row, 3 * row + 3)]);
  return { rows, predictions: [...page.now] };
}

async function savedModel() {
  return readModel(await exportRun('safetensors', await exported));
}

/** A cell that is no number or lies far out, and what the row's note says of it. */
const faults: { cell: string; note: string; isFatal: boolean }[] = [
  { cell: '', note: 'is empty', isFatal: true },
  { cell: 'NA', note: 'is empty', isFatal: true },
  { cell: 'inf', note: 'is "inf", not a number', isFatal: true },
  { cell: '1e39', note: 'is "1e39", more than a float32 can hold', isFatal: true },
  { cell: '7 apples', note: 'is "7 apples", not a number', isFatal: true },
  { cell: '5000', note: 'is 5,000, outside the training range', isFatal: false },
];

describe('predictions for a file that is read as a stream', () => {
  it('are those of each row, whatever stands in others and however the bytes come', async () => {
    const model = await savedModel();
    const { rows, predictions } = await own();
    const changed = fc.record({ column: fc.nat(2), fault: fc.constantFrom(...faults) });
    const line = fc.record({ row: fc.nat(samples - 1), changed: fc.option(changed, { freq: 3, nil: undefined }) });
    const property = fc.asyncProperty(
      fc.array(line, { minLength: 30, maxLength: 60 }),
      fc.shuffledSubarray(['x0', 'x1', 'x2', 'more', 'name'], { minLength: 5 }),
      fc.constantFrom(',', ';', '\t'),
      fc.integer({ min: 50, max: 5000 }),
      async (lines, order, delimiter, size) => {
        // Enough sound rows first that nothing is guessed by the others.
        const all = [...rows.map((_, row) => ({ row, changed: undefined })), ...lines];
        const cellsOf = ({ row, changed: { column, fault } = { column: -1, fault: faults[0] } }: (typeof lines)[0]) =>
          order.map((name) => {
            const place = names.indexOf(name);
            if (place < 0) return name === 'name' ? `"a ""${row}"" b"` : `m${row}`;
            return place === column ? fault.cell : String(rows[row][place]);
          });
        const text = [order, ...all.map(cellsOf)].map((cells) => cells.join(delimiter) + '\n').join('');
        const output = new Written();
        const result = await predictFile(model, stream(new TextEncoder().encode(text), size), 'new.csv', output);
        if ('problems' in result) throw new Error(result.problems[0].message);
        const [head, ...found] = output.text.split('\n').slice(0, -1);
        expect(head).toBe([...order, 'predicted y', 'note'].join(','));
        const noted = all.flatMap(({ changed: one }, row) => (one ? [{ row, ...one }] : []));
        expect(result).toMatchObject({
          rows: all.length,
          unpredicted: noted.filter(({ fault }) => fault.isFatal).length,
        });
        found.forEach((written, i) => {
          const { row, changed: one } = all[i];
          const [predicted, ...note] = written.split(',').slice(5);
          if (!one) expect([Number(predicted), note.join(',')]).toEqual([predictions[row], '']);
          else {
            expect(predicted === '').toBe(one.fault.isFatal);
            expect(note.join(',').replaceAll('""', '"')).toContain(`"x${one.column}" ${one.fault.note}`);
          }
        });
        const places = noted.map(({ row, column, fault }) => {
          const place = order.indexOf(`x${column}`);
          const before = cellsOf(all[row]).slice(0, place).join(delimiter).length + Math.min(place, 1);
          return { line: row + 2, column: before + 1, severity: fault.isFatal ? 'error' : 'warning' };
        });
        expect(result.faults).toMatchObject(places.slice(0, 100));
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('are written before the file has been read to its end', async () => {
    const { rows, predictions } = await own();
    const row = rows[5].join(',');
    const bytes = new TextEncoder().encode(`x0,x1,x2\n${`${row}\n`.repeat(30_000)}`);
    const output = new Written();
    const lengths: number[] = [];
    const source = stream(bytes, 1 << 16, () => void lengths.push(output.text.length));
    const result = await predictFile(await savedModel(), source, 'new.csv', output);
    expect(result).toMatchObject({ rows: 30_000, unpredicted: 0 });
    const answer = `${row},${predictions[5]},\n`;
    expect(output.text).toBe(`x0,x1,x2,predicted y,note\n${answer.repeat(30_000)}`);
    // What waits is never more than a few blocks.
    const written = lengths.map((length) => (length / output.text.length) * lengths.length);
    written.forEach((blocks, block) => expect(blocks).toBeGreaterThan(block - 12));
  });

  it('begin again where the file turns out late to be in another encoding', async () => {
    const { rows, predictions } = await own();
    const line = `${rows[0].join(',')},`;
    const text = `x0,x1,x2,place\n${`${line}Rome\n`.repeat(20_000)}${line}K\u00f6ln\n`;
    const output = new Written();
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const result = await predictFile(await savedModel(), stream(bytes, 1 << 16), 'new.csv', output);
    expect(result).toMatchObject({ rows: 20_001, unpredicted: 0 });
    expect(output.restarts).toBe(1);
    const lines = output.text.trimEnd().split('\n');
    expect(lines).toHaveLength(20_002);
    expect(lines.at(-1)).toBe(`${line}K\u00f6ln,${predictions[0]},`);
  });

  it('end with what the output throws', async () => {
    const { rows } = await own();
    const output = {
      write: () => Promise.reject(new Error('no space left')),
      restart: () => undefined,
    };
    const text = `x0,x1,x2\n${rows.map((row) => row.join(',') + '\n').join('')}`;
    await expect(predictFile(await savedModel(), text, 'new.csv', output)).rejects.toThrow('no space left');
  });
});

describe('predictions of numbers that float32 does not hold', () => {
  // Seconds since 1970, of which float32 has only every 128th.
  const stamps = Array.from({ length: 30 }, (_, i) => 1.7e9 + 37 * i + (i % 3) / 8);
  const inputs = stamps.map((stamp, i) => [stamp, (i * 7) % 11]);

  it('are those of the run, bit for bit', async () => {
    const timed = await exportedRun({
      seed: 0,
      dataset: { values: { inputs, targets: inputs.map((_, i) => [i]) }, scale: 'standard' },
      optimizer: { type: 'SGD', lr: 0.1 },
      epochs: 20,
    });
    const { now } = new RowsPager(timed.run).page(
      { offset: 0, count: Infinity, sort: 'row', descending: false },
      timed.parameters,
    );
    const output = new Written();
    const text = `x0,x1\n${inputs.map((row) => row.join(',') + '\n').join('')}`;
    await predictFile(readModel(await exportRun('safetensors', timed)), text, 'new.csv', output);
    const found = output.text.trimEnd().split('\n').slice(1);
    expect(found.map((line) => Number(line.split(',')[2]))).toEqual([...now]);
  });
});

describe('categories of another file', () => {
  const cells = ['1', '2.5', '10'];
  const table = (rows: string[]) => `kind,size\n${rows.map((kind, i) => `${kind},${i % 5}\n`).join('')}`;

  it.each([
    ['numbers written in another way', ['1.0', '2.50', '1e1'], ['', '', '']],
    ['gaps and unknown ones', ['', '3', 'x'], ['is empty', 'is "3", which', 'is "x", which']],
  ])('are known by what they mean: %s', async (_, written, notes) => {
    const values = Array.from({ length: 12 }, (__, i) => cells[i % 3]);
    const folder = mkdtempSync(path.join(tmpdir(), 'kinds-'));
    writeFileSync(
      path.join(folder, 'kinds.csv'),
      `kind,size,y\n${values.map((kind, i) => `${kind},${i % 5},${i}\n`).join('')}`,
    );
    const dataset = { file: 'kinds.csv', inputs: ['size', 'kind'], targets: ['y'], one_hot: ['kind'] };
    const kinds = await exportedRun({ seed: 0, dataset, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 2 }, folder);
    rmSync(folder, { recursive: true });
    const output = new Written();
    await predictFile(
      readModel(await exportRun('safetensors', kinds)),
      table([...cells, ...written]),
      'new.csv',
      output,
    );
    const found = output.text.trimEnd().split('\n').slice(4);
    found.forEach((line, i) =>
      notes[i] === '' ? expect(line).toMatch(/,$/) : expect(line.replaceAll('""', '"')).toContain(notes[i]),
    );
  });
});
