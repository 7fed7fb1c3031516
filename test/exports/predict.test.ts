import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataSource } from '../../src/data/bytes/byteSource';
import { RowsPager } from '../../src/answers/rowsPager';
import { exportRun } from '../../src/exports/exportRun';
import type { ExportedRun } from '../../src/exports/exportedRun';
import { readModel } from '../../src/exports/modelFile';
import { predictFile } from '../../src/exports/predictFile';
import { csvLine } from '../../src/exports/tables/delimitedText';
import fileConfigs from '../fixtures/exports/configs.json';
import runs from '../fixtures/runs.json';
import { exportedRun } from '../helpers/exportedRun';

const folder = path.join(__dirname, '../fixtures/exports');

/** What a run's model predicts for a text: the parsed lines, and what was found. */
async function predict(exported: ExportedRun, content: DataSource, name = 'new.csv') {
  const model = readModel(await exportRun('safetensors', exported));
  let pieces: string[] = [];
  const output = { write: (text: string) => void pieces.push(text), restart: () => void (pieces = []) };
  const result = await predictFile(model, content, name, output);
  if ('problems' in result) return { problems: result.problems, rows: [], result: undefined };
  return { problems: [], rows: parseCsv(pieces.join('')), result, notes: result.notes };
}

/** Rows of a csv text by the names of its columns. */
function parseCsv(text: string): Record<string, string>[] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\n]*))(,|\n)/g)) {
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\n') lines.push([]);
  }
  const [head, ...rows] = lines.slice(0, -1);
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
}

/** What the run itself predicts for its rows, a text each. */
function ownPredictions({ run, parameters }: ExportedRun): string[][] {
  const query = { offset: 0, count: Infinity, sort: 'row', descending: false } as const;
  const { now, total } = new RowsPager(run).page(query, parameters);
  const width = run.dataset.targetNames.length;
  const text = (value: number) => run.dataset.classNames?.[value] ?? String(value);
  return Array.from({ length: total }, (_, row) => Array.from(now.subarray(row * width, (row + 1) * width), text));
}

function predictionsIn(rows: Record<string, string>[], { run }: ExportedRun): string[][] {
  return rows.map((row) => run.dataset.targetNames.map((name) => row[`predicted ${name}`]));
}

describe('predictions for the file that a model was trained on', () => {
  it.each(runs.map(({ config }, i) => ({ i, config })))('are those of the run, bit for bit: $i', async ({ config }) => {
    const exported = await exportedRun(config);
    const { inputs } = config.dataset.values;
    const names = exported.run.dataset.inputNames;
    const text = [names, ...inputs].map((row) => csvLine(row) + '\n').join('');
    const { rows, result } = await predict(exported, text);
    expect(predictionsIn(rows, exported)).toEqual(ownPredictions(exported));
    expect(result?.unpredicted).toBe(0);
  });

  const files = fileConfigs.filter(({ dataset }) => 'file' in dataset);
  it.each(files.map((config, i) => ({ i, config })))('read from the file itself: $i', async ({ config }) => {
    const exported = await exportedRun(config, folder);
    const { file, validation_file: second } = config.dataset;
    const textOf = (name: string) => readFileSync(path.join(folder, name), 'utf8');
    // One without names can only be matched by order, which a model does not do.
    const isNamed = second !== undefined && !/^\d/.test(textOf(second));
    const read = (name: string) => predict(exported, textOf(name), name);
    const predicted = [await read(file!), ...(isNamed ? [await read(second)] : [])];
    const rows = predicted.flatMap((one) => one.rows);
    const unpredicted = predicted.reduce((sum, { result }) => sum + result!.unpredicted, 0);
    const own = ownPredictions(exported);
    if (second !== undefined && !isNamed) own.splice(-textOf(second).trim().split('\n').length);
    const isDropped = config.dataset.missing === 'drop';
    const known = rows.filter(({ note }) => !note.includes('is empty'));
    // A row that says not what it counts was dropped, and is predicted like any other.
    const counted = known.filter((row) => !isDropped || row[config.dataset.sample_weight ?? ''] !== '');
    expect(predictionsIn(counted, exported)).toEqual(own);
    expect(unpredicted).toBe(isDropped ? rows.length - known.length : 0);
  });
});

const shop = {
  seed: 1,
  dataset: {
    file: 'shop.csv',
    targets: ['price'],
    one_hot: ['city'],
    scale: 'standard',
  },
  optimizer: { type: 'SGD', lr: 0.01 },
  epochs: 5,
};
const cities = ['Oslo', 'Rome', 'Bern'];
const lines = Array.from({ length: 24 }, (_, i) => [i / 2, (i * 7) % 5, cities[i % 3], i * 3 + (i % 4)] as const);
const names = ['size', 'age', 'city', 'price'];

async function shopRun(): Promise<ExportedRun> {
  const place = mkdtempSync(path.join(tmpdir(), 'predict-'));
  writeFileSync(path.join(place, 'shop.csv'), [names, ...lines].map((line) => csvLine(line) + '\n').join(''));
  const exported = await exportedRun(shop, place);
  rmSync(place, { recursive: true });
  return exported;
}

describe('predictions for other files', () => {
  it('multiply what a file holds, and need no column for a product', async () => {
    const dataset = { ...shop.dataset, polynomial: { degree: 3 } };
    const place = mkdtempSync(path.join(tmpdir(), 'predict-'));
    writeFileSync(path.join(place, 'shop.csv'), [names, ...lines].map((line) => csvLine(line) + '\n').join(''));
    const exported = await exportedRun({ ...shop, dataset }, place);
    rmSync(place, { recursive: true });
    const own = ownPredictions(exported).flat();
    const swapped = lines.map(([size, age, city]) => `${city};${age};${size}`);
    const { rows, result } = await predict(exported, `city;age;size\n${swapped.join('\n')}\n`);
    expect(rows.map((row) => row['predicted price'])).toEqual(own);
    expect(result?.unpredicted).toBe(0);
    const strange = await predict(exported, 'city;age;size\nParis;1;2\nOslo;;2\nOslo;1;99\nOslo;1;1e20\n');
    expect(strange.rows.map(({ note }) => note)).toEqual([
      '"city" is "Paris", which was never seen in training',
      '"age" is empty',
      '"size" is 99, outside the training range 0 to 11.5',
      '"size" is 1e20, outside the training range 0 to 11.5; "size^2" is 1e40, more than a float32 can hold',
    ]);
    expect(strange.rows[3]['predicted price']).toBe('');
  });

  it('are the same for other orders of columns, further columns, delimiters and missing levels', async () => {
    const exported = await shopRun();
    const own = ownPredictions(exported).flat();
    let random = 7;
    const next = (below: number) => (random = (random * 48271) % 2147483647) % below;
    for (let round = 0; round < 60; round++) {
      const order = names.map((_, i) => i).sort(() => next(3) - 1);
      const kept = order.filter((i) => i !== 3 || next(2) === 0);
      const chosen = lines
        .map((_, row) => row)
        .filter((row) => next(3) > 0 && (next(2) > 0 || lines[row][2] !== 'Rome'));
      if (chosen.length < 4) continue;
      const delimiter = [',', ';', '\t', '|'][next(4)];
      const extra = next(2) === 0 ? ['id of row'] : [];
      const table = [
        [...extra, ...kept.map((i) => names[i])],
        ...chosen.map((row) => [...extra.map(() => `r${row}x`), ...kept.map((i) => String(lines[row][i]))]),
      ];
      const text = table.map((cells) => cells.join(delimiter) + '\n').join('');
      const { rows } = await predict(exported, text);
      expect(rows.map((row) => row['predicted price'])).toEqual(chosen.map((row) => own[row]));
      if (extra.length > 0) expect(rows.map((row) => row['id of row'])).toEqual(chosen.map((row) => `r${row}x`));
    }
  });

  it('name a column that is missing, and those that there are', async () => {
    const { problems } = await predict(await shopRun(), 'size,city\n1,Oslo\n2,Rome\n');
    expect(problems).toMatchObject([
      {
        ...{ file: 'new.csv', line: 1, column: 1, severity: 'error' },
        message: 'the model needs a column "age"; the file has "size", "city"',
      },
    ]);
  });

  it('say at the row, and at its place, what keeps it from being predicted', async () => {
    const text = 'size,age,city\n1,2,Oslo\nbig,2,Oslo\n1,,Rome\n1,2,Paris\n99,2,Bern\n3,2,Bern\n';
    const { rows, result } = await predict(await shopRun(), text);
    expect(rows.map(({ note }) => note)).toEqual([
      '',
      '"size" is "big", not a number',
      '"age" is empty',
      '"city" is "Paris", which was never seen in training',
      '"size" is 99, outside the training range 0 to 11.5',
      '',
    ]);
    expect(rows.map((row) => row['predicted price'] === '')).toEqual([false, true, true, true, false, false]);
    expect(result).toMatchObject({ rows: 6, unpredicted: 3 });
    expect(result!.faults.map(({ line, severity }) => [line, severity])).toEqual([
      ...[
        [3, 'error'],
        [4, 'error'],
        [5, 'error'],
      ],
      [6, 'warning'],
    ]);
  });

  it('give the probability of each class', async () => {
    const kinds = ['high', 'low', 'mid'];
    const exported = await exportedRun(fileConfigs[2], folder);
    const { rows } = await predict(exported, 'stamp,size,note\n1700000037,12,a\n1700000074,3,b\n');
    expect(Object.keys(rows[0])).toEqual([
      ...['stamp', 'size', 'note', 'predicted kind'],
      ...kinds.map((kind) => `probability of ${kind}`),
      'note 2',
    ]);
    for (const row of rows) {
      const probabilities = kinds.map((kind) => Number(row[`probability of ${kind}`]));
      expect(probabilities.reduce((sum, one) => sum + one)).toBeCloseTo(1, 12);
      expect(kinds[probabilities.indexOf(Math.max(...probabilities))]).toBe(row['predicted kind']);
    }
  });
});

it('predicts rows by their dates, as the model was trained', async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'predict-'));
  const days = Array.from({ length: 24 }, (_, i) => [`${i + 1}/6/2023`, i * 3 + (i % 4)] as const);
  writeFileSync(path.join(place, 'days.csv'), ['day,sold', ...days.map((row) => row.join(','))].join('\n'));
  const dataset = {
    file: 'days.csv',
    inputs: ['day'],
    parse_dates: ['day'],
    date_origin: '2023-06-01',
    dayfirst: true,
  };
  const exported = await exportedRun({ ...shop, dataset: { ...dataset, scale: 'standard' } }, place);
  rmSync(place, { recursive: true });
  const { rows } = await predict(exported, 'shop;day\nA;2/6/2023\nB;2023-06-24\nC;soon\n');
  const own = ownPredictions(exported).flat();
  expect(rows.map((row) => row['predicted sold'])).toEqual([own[1], own[23], '']);
  expect(rows[2].note).toBe('"day" is "soon", not a number');
});
