import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportRun } from '../../src/exports/exportRun';
import type { ExportedRun } from '../../src/exports/exportedRun';
import { readModel, type SavedModel } from '../../src/exports/modelFile';
import { predictFile } from '../../src/exports/predictFile';
import fileConfigs from '../fixtures/exports/configs.json';
import runs from '../fixtures/runs.json';
import { exportedRun } from '../helpers/exportedRun';

const folder = path.join(__dirname, '../fixtures/exports');

beforeAll(() => {
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
});

/** A column's cells as the graph takes them: texts, or numbers where the runtime says so. */
type Columns = Record<string, (string | number)[]>;

/** What ONNX Runtime makes of some rows. */
async function runOnnx(exported: ExportedRun, columns: Columns) {
  const session = await InferenceSession.create(exportRun('onnx', exported));
  const feeds = session.inputMetadata.map((input) => {
    if (!input.isTensor) throw new Error(`${input.name} is no tensor`);
    const cells = columns[input.name];
    const shape = [cells.length, 1];
    if (input.type === 'string') return [input.name, new Tensor('string', cells.map(String), shape)] as const;
    const numbers = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
    return input.type === 'float64'
      ? ([input.name, new Tensor('float64', Float64Array.from(numbers), shape)] as const)
      : ([input.name, new Tensor('float32', Float32Array.from(numbers), shape)] as const);
  });
  const found = await session.run(Object.fromEntries<Tensor>(feeds));
  await session.release();
  return found;
}

/** What the saved model predicts for the same rows: numbers and texts by row. */
async function ownPredictions(model: SavedModel, columns: Columns): Promise<string[][]> {
  const names = Object.keys(columns);
  const rows = columns[names[0]].map((_, row) => names.map((name) => columns[name][row]));
  const pieces: string[] = [];
  const output = { write: (text: string) => void pieces.push(text), restart: () => undefined };
  const text = JSON.stringify(rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]]))));
  const result = await predictFile(model, text, 'rows.json', output);
  if ('problems' in result) throw new Error(result.problems[0].message);
  const width = model.classNames ? 1 + model.classNames.length : model.targets.length;
  // No cell of these rows holds a comma.
  return pieces
    .join('')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(names.length, names.length + width));
}

async function expectSame(exported: ExportedRun, columns: Columns) {
  const model = readModel(exportRun('safetensors', exported));
  const own = await ownPredictions(model, columns);
  const found = await runOnnx(exported, columns);
  const { classNames } = model;
  if (classNames) {
    expect(found['label'].data).toEqual(own.map(([label]) => label));
    expectNear(
      found['probabilities'],
      own.map((cells) => cells.slice(1)),
    );
  } else expectNear(found['predictions'], own);
}

/** Compares numbers to a millionth of the largest. */
function expectNear(found: Tensor, own: string[][]) {
  const [numbers, wanted] = [[...(found.data as Float32Array)], own.flat().map(Number)];
  expect(found.dims).toEqual([own.length, own[0].length]);
  const largest = Math.max(1, ...wanted.map(Math.abs));
  numbers.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(1e-6 * largest));
}

describe('an ONNX model in ONNX Runtime', () => {
  // One config of each kind: losses, scalings, several targets, classes, no bias.
  it.each([0, 3, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 47])('predicts as the run does: %i', async (i) => {
    const exported = await exportedRun(runs[i].config);
    const names = exported.run.dataset.inputNames;
    const { inputs } = runs[i].config.dataset.values;
    await expectSame(exported, Object.fromEntries(names.map((name, j) => [name, inputs.map((row) => row[j])])));
  });

  const layers = (activation: object | string) => [{ type: 'Linear', out_features: 7 }, activation, 'Linear'];
  it.each([
    'ReLU',
    { type: 'LeakyReLU', negative_slope: 0.2 },
    { type: 'ELU', alpha: 1.7 },
    { type: 'GELU', approximate: 'none' },
    { type: 'GELU', approximate: 'tanh' },
    'SiLU',
    'Tanh',
    'Sigmoid',
    { type: 'Softplus', beta: 2, threshold: 1 },
    { type: 'Softplus', beta: 1, threshold: 20 },
    'Identity',
  ])('computes the same through $type%s', async (activation) => {
    for (const loss of ['mse_loss', 'cross_entropy']) {
      const exported = await exportedRun({
        seed: 4,
        dataset: { generate: loss === 'mse_loss' ? 'curve' : 'moons', samples: 40, noise: 0.1, scale: 'standard' },
        model: { type: 'Sequential', layers: layers(activation) },
        loss,
        optimizer: { type: 'Adam', lr: 0.05 },
        epochs: 10,
      });
      const { inputNames: names, inputs } = exported.run.dataset;
      const width = names.length;
      const column = (place: number) => Array.from(inputs).filter((_, at) => at % width === place);
      await expectSame(exported, Object.fromEntries(names.map((name, place) => [name, column(place)])));
    }
  });

  it('takes categories by their names, means for gaps, and hostile names', async () => {
    const exported = await exportedRun(fileConfigs[1], folder);
    const text = readFileSync(path.join(folder, fileConfigs[1].dataset.file!), 'utf8');
    expect(text).toContain('東京');
    const [first, second] = exported.run.dataset.source!.inputs.map(({ column }) => column);
    const city = ['O\'Brien "x"', 'Paris', 'Rom;a', '東京', 'Paris'];
    await expectSame(exported, { [first]: ['', 1, 2, 4, 3], [second]: [0, 10, 20, 40, 7], city });
  });

  it('multiplies inputs inside the graph, which takes the columns alone', async () => {
    const [mixed, size, both] = fileConfigs.filter(({ dataset }) => dataset.polynomial && !dataset.validation_file);
    const exported = await exportedRun(mixed, folder);
    const [first, second] = exported.run.dataset.source!.inputs.map(({ column }) => column);
    const city = ['O\'Brien "x"', 'Paris', 'Rom;a', '東京', 'Paris'];
    await expectSame(exported, { [first]: ['', 1, 2, 4, 3], [second]: [0, 10, 20, 40, 7], city });
    const columns = { stamp: [1_700_000_000, 1_700_000_037, 1_700_012_345], size: [6.6043, 6.0622, 7.5] };
    for (const config of [size, both]) await expectSame(await exportedRun(config, folder), columns);
  });

  it('gives NaN, and no label, for what was never seen in training', async () => {
    const place = mkdtempSync(path.join(tmpdir(), 'onnx-'));
    const lines = Array.from(
      { length: 24 },
      (_, i) => `${i % 7},${['Oslo', 'Rome', ''][i % 3]},${[10, 20][i % 2]},${'ab'[i % 2]}`,
    );
    writeFileSync(path.join(place, 'a.csv'), `size,city,code,kind\n${lines.join('\n')}\n`);
    const dataset = {
      file: 'a.csv',
      inputs: ['size', 'city', 'code'],
      targets: ['kind'],
      one_hot: ['city', 'code'],
      missing: 'category',
    };
    const config = { seed: 0, dataset, loss: 'cross_entropy', optimizer: { type: 'SGD', lr: 0.1 }, epochs: 3 };
    const exported = await exportedRun(config, place);
    rmSync(place, { recursive: true });
    await expectSame(exported, { size: [1, 2, 3], city: ['Oslo', '', 'Rome'], code: [10, 20, 10] });
    const { label, probabilities } = await runOnnx(exported, {
      size: [1, '', 1, 1],
      city: ['Oslo', 'Oslo', 'Bern', 'Rome'],
      code: [10, 10, 10, 30],
    });
    expect([...(label.data as string[])].map((one) => one === '')).toEqual([false, true, true, true]);
    expect([...(probabilities.data as Float32Array)].map(Number.isNaN)).toEqual([
      false,
      false,
      ...Array.from({ length: 6 }, () => true),
    ]);
  });

  it('names its inputs as the columns are named and holds the names of its targets', async () => {
    const exported = await exportedRun(runs[0].config);
    const session = await InferenceSession.create(exportRun('onnx', exported));
    expect(session.inputNames).toEqual(exported.run.dataset.inputNames);
    expect(session.outputNames).toEqual(['predictions']);
    await session.release();
  });
});
