import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import { expect } from 'vitest';
import { exportRun } from '../../src/exports/exportRun';
import type { ExportedRun } from '../../src/exports/exportedRun';
import { readModel, type SavedModel } from '../../src/exports/modelFile';
import { predictFile } from '../../src/exports/predictFile';

env.wasm.numThreads = 1;
env.logLevel = 'error';

/** A column's cells as the graph takes them: texts, or numbers where the runtime says so. */
type Columns = Record<string, (string | number)[]>;

/** What ONNX Runtime makes of some rows. */
export async function runOnnx(exported: ExportedRun, columns: Columns) {
  const session = await InferenceSession.create(await exportRun('onnx', exported));
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

/** Expects of the graph what the saved model predicts. */
export async function expectSame(exported: ExportedRun, columns: Columns) {
  const model = readModel(await exportRun('safetensors', exported));
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
