import { analyzeCurvature } from '../../src/engine/linear/analyzeCurvature';
import { linearModel } from '../../src/engine/nn/layers';
import { predictRows } from '../../src/engine/nn/predictRows';
import { sigmoid } from '../../src/engine/nn/links';
import { losses } from '../../src/engine/nn/losses';
import { emptyColumns, type EpochColumns } from '../../src/protocol/history';
import { Landscape } from '../../src/engine/landscape/landscape';
import { NetLandscape } from '../../src/engine/landscape/netLandscape';
import { parameterWords } from '../../src/answers/landscapeOf';
import { linearOf } from '../../src/protocol/outputs';
import type { LandscapeQuery, LossPlane } from '../../src/engine/report/lossPlane';
import { startCheckpoint } from '../../src/protocol/state';
import type { RunShape, RunSnapshot } from '../../src/protocol/protocol';
import type { RowsPage, RowsQuery } from '../../src/protocol/questions';

/** A linear model and its data, as much of a worker as a page needs on the other side. */
export interface SampleRun {
  snapshot: RunSnapshot;
  inputs: Float32Array;
  targets: Float32Array;
  validation: Uint8Array;
}

/** Numbers in 0…1 that are the same each time. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The tutorial: ten rows, six inputs, SGD with one row a batch. Trains `done` of its 2000 epochs. */
export function tutorialRun(done: number, id = 'tutorial-1'): SampleRun {
  const inputs = Float32Array.from({ length: 60 }, (_, index) => 58 + 5.5 * index);
  const targets = Float32Array.from({ length: 10 }, (_, index) => 6000 + 320.7 * index);
  const initial = Float32Array.of(
    -0.0030564817,
    0.219002187,
    -0.3360068,
    -0.30044585,
    -0.15723862,
    0.109474786,
    -0.0080886967,
  );
  const inputNames = ['x0', 'x1', 'x2', 'x3', 'x4', 'x5'];
  const shape = shapeOf({ inputNames, targetNames: ['y0'], trainRows: 10, epochs: 2000, batchesPerEpoch: 10 });
  const run = sampleRun(id, 'tutorial', shape, initial, { inputs, targets, validation: new Uint8Array(10) });
  train(run, done);
  return run;
}

/** Forty rows of inputs in ±1 whose target is nearly linear. Trains `done` of 200 epochs at a rate. */
export function evenRun(inputCount: number, lr: number, done: number, id = 'even-1'): SampleRun {
  const rows = 40;
  const random = randomNumbers(11);
  const inputs = Float32Array.from({ length: rows * inputCount }, () => 2 * random() - 1);
  const targets = Float32Array.from({ length: rows }, (_, row) => {
    const own = inputs.subarray(row * inputCount, (row + 1) * inputCount);
    return own.reduce((sum, value, index) => sum + (2 - index) * value, 0.5) + 0.3 * random();
  });
  const initial = new Float32Array(inputCount + 1).fill(-0.5);
  const inputNames = ['width', 'depth', 'height', 'age'].slice(0, inputCount);
  const shape = shapeOf({ inputNames, targetNames: ['price'], trainRows: rows, epochs: 200, batchesPerEpoch: rows });
  const run = sampleRun(id, 'even', { ...shape, lr }, initial, { inputs, targets, validation: new Uint8Array(rows) });
  train(run, done);
  return run;
}

/** A larger dataset with a split, at the end of a run whose losses are made up. */
export function largeRun(rows: number, inputCount = 4, epochs = 400): SampleRun {
  const random = randomNumbers(7);
  const inputs = Float32Array.from({ length: rows * inputCount }, () => random() * 20 - 10);
  const targets = Float32Array.from({ length: rows }, (_, row) => 3 * inputs[row * inputCount] + random());
  const validation = Uint8Array.from({ length: rows }, (_, row) => Number(row % 5 === 4));
  const names = ['age', 'income', 'floor_area', 'rooms', 'distance_to_centre'];
  const inputNames = Array.from({ length: inputCount }, (_, index) => names[index] ?? `x${index}`);
  const initial = Float32Array.from({ length: inputCount + 1 }, () => random() - 0.5);
  const trainRows = rows - Math.floor(rows / 5);
  const shape = shapeOf({
    inputNames,
    targetNames: ['price'],
    trainRows,
    epochs,
    batchesPerEpoch: Math.ceil(trainRows / 32),
  });
  shape.validationRows = rows - trainRows;
  const run = sampleRun('large-1', 'houses', shape, initial, { inputs, targets, validation });
  run.snapshot.progress.records = decayingLosses(epochs, 0, true);
  run.snapshot.progress.checkpoint = {
    ...startCheckpoint(initial.map((value, index) => (index === 0 ? 2.98 : value * 0.1))),
    epoch: epochs,
  };
  run.snapshot.progress.seconds = 73.4;
  run.snapshot.status = 'finished';
  return run;
}

/** Records of epochs whose losses fall and wobble. */
export function decayingLosses(count: number, first = 0, validation = false): EpochColumns {
  const random = randomNumbers(first + 1);
  const records = emptyColumns(count, first);
  for (let index = 0; index < count; index++) {
    const epoch = first + index;
    records.loss[index] = 40 * Math.exp(-epoch / 60) + 0.35 + 0.02 * random();
    records.batchLoss[index] = records.loss[index] * (0.5 + random());
    records.valLoss[index] = validation ? 42 * Math.exp(-epoch / 58) + 0.52 + 0.06 * random() : NaN;
    records.lr[index] = 1e-3;
  }
  return records;
}

/** Keeps the parameters of every this many epochs only, as a run does that would have too many. */
export function thin({ snapshot: { initial, progress } }: SampleRun, every: number): void {
  const { weights } = progress.records;
  const kept = Array.from({ length: Math.floor(weights.length / initial.length / every) }, (_, record) => {
    const end = (record + 1) * every * initial.length;
    return Array.from(weights.subarray(end - initial.length, end));
  });
  progress.records = { ...progress.records, weightsEvery: every, weights: Float32Array.from(kept.flat()) };
}

/** Rows of a run as its worker would list them, predicted with `now`. */
export function rowsPage(
  run: SampleRun,
  query: RowsQuery,
  now = run.snapshot.progress.checkpoint.parameters,
): Omit<RowsPage, 'batch'> {
  const { inputs, targets, validation, snapshot } = run;
  const total = validation.length;
  const width = inputs.length / total;
  const targetWidth = targets.length / total;
  const order = Array.from({ length: total }, (_, row) => row);
  if (query.sort === 'error') {
    const predicted = predictions(run, now, order);
    const errors = order.map((row) => Math.abs(predicted[row * targetWidth] - targets[row * targetWidth]));
    order.sort((one, other) => errors[one] - errors[other]);
  }
  if (query.descending) order.reverse();
  const rows = Uint32Array.from(order.slice(query.offset, query.offset + query.count));
  return {
    total,
    offset: query.offset,
    rows,
    inputs: Float32Array.from(
      Array.from(rows).flatMap((row) => Array.from(inputs.subarray(row * width, (row + 1) * width))),
    ),
    targets: Float32Array.from(
      Array.from(rows).flatMap((row) => Array.from(targets.subarray(row * targetWidth, (row + 1) * targetWidth))),
    ),
    before: predictions(run, snapshot.initial, rows),
    now: predictions(run, now, rows),
    validation: Uint8Array.from(rows, (row) => validation[row]),
  };
}

/** The model's outputs for some rows, row-major. */
export function outputs(run: SampleRun, parameters: Float32Array, rows: Iterable<number>): Float32Array {
  return predictRows(run.snapshot.shape!.model.layers, parameters, run.inputs, Uint32Array.from(rows));
}

/** Predictions for some rows: numbers of classes, or a number a target. */
export function predictions(run: SampleRun, parameters: Float32Array, rows: Iterable<number>): Float32Array {
  const found = outputs(run, parameters, rows);
  const count = run.snapshot.shape!.classNames?.length;
  if (losses[run.snapshot.shape!.loss].link === 'sigmoid') return found.map(sigmoid);
  if (count === undefined) return found;
  return Float32Array.from({ length: found.length / count }, (_, row) => {
    const own = found.subarray(row * count, (row + 1) * count);
    return own.indexOf(Math.max(...own));
  });
}

/** The loss in a plane as a run's worker would answer. */
export function lossPlane({ inputs, targets, validation, snapshot }: SampleRun, query: LandscapeQuery): LossPlane {
  const { initial, progress } = snapshot;
  const shape = snapshot.shape!;
  const { parameters } = progress.checkpoint;
  const rows = Uint32Array.from(validation.keys()).filter((row) => validation[row] === 0);
  const data = { inputs, targets, rows, outFeatures: 1, targetFeatures: 1 };
  const parts = { loss: losses[shape.loss], words: parameterWords(shape) };
  const linear = linearOf(shape);
  if (!linear) {
    const landscape = new NetLandscape({ ...parts, data, layers: shape.model.layers });
    return landscape.plane(query, [...pathOf(snapshot), parameters]);
  }
  const { hasBias, inFeatures } = linear;
  const landscape = new Landscape({ ...parts, initial, data: { ...data, inFeatures, hasBias } });
  return landscape.plane(query, parameters);
}

/** The start of a run and what was recorded of its way. */
function pathOf({ initial, progress }: RunSnapshot): Float32Array[] {
  const { weights } = progress.records;
  const path = [initial];
  for (let from = 0; from < weights.length; from += initial.length) {
    path.push(weights.subarray(from, from + initial.length));
  }
  return path;
}

/** Trains this many epochs more. Returns their records. */
export function train(run: SampleRun, epochs: number): EpochColumns {
  const { inputs, targets, snapshot } = run;
  const { progress } = snapshot;
  const { lr } = snapshot.shape!;
  const random = randomNumbers(progress.checkpoint.epoch + 1);
  const records = emptyColumns(epochs, progress.checkpoint.epoch);
  const parameters = progress.checkpoint.parameters.slice();
  const width = inputs.length / targets.length;
  records.weights = new Float32Array(epochs * parameters.length);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(targets.length, random);
    for (const row of order) {
      const error = predict(parameters, inputs, row, width) - targets[row];
      for (let index = 0; index <= width; index++) {
        progress.gradients[index] = 2 * error * (index < width ? inputs[row * width + index] : 1);
        progress.lastChange[index] = -lr * progress.gradients[index];
        parameters[index] += progress.lastChange[index];
      }
      records.loss[epoch] += error ** 2 / targets.length;
      records.batchLoss[epoch] = error ** 2;
    }
    records.valLoss[epoch] = NaN;
    records.lr[epoch] = lr;
    records.weights.set(parameters, epoch * parameters.length);
  }
  progress.checkpoint = { ...startCheckpoint(parameters), epoch: progress.checkpoint.epoch + epochs };
  progress.seconds += epochs * 0.0004;
  progress.records = joined(progress.records, records);
  return records;
}

/** What the data of a run with mse_loss and SGD say about it, as the extension works it out. */
export function curvatureOf(
  { snapshot, inputs, targets, validation }: SampleRun,
  more: { weight_decay?: number } = {},
) {
  const { batchSize, inputNames, targetNames, lr } = snapshot.shape!;
  const rows = targets.length / targetNames.length;
  return analyzeCurvature(
    {
      dataset: { rows, inputNames, targetNames, inputs, targets },
      trainRows: Uint32Array.from(validation.keys()).filter((row) => validation[row] === 0),
      loss: losses.mse_loss,
      hasBias: true,
      optimizer: { type: 'SGD', lr, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false, ...more },
      loader: { batchSize, shuffle: true, dropLast: false },
      initial: snapshot.initial,
    },
    { optimum: true, scaled: true },
  );
}

/** The identity, shape and start of a run before training. */
export function sampleRun(
  id: string,
  name: string,
  shape: RunShape,
  initial: Float32Array,
  data: Omit<SampleRun, 'snapshot'>,
): SampleRun {
  const zeros = (): Float32Array => new Float32Array(initial.length);
  return {
    ...data,
    snapshot: {
      identity: { id, name, configUri: `file:///folder/${name}.gd.json`, startedAt: 0 },
      status: 'ready',
      shape,
      initial,
      progress: {
        records: emptyColumns(),
        checkpoint: startCheckpoint(initial),
        gradients: zeros(),
        lastChange: zeros(),
        seconds: 0,
      },
      trainLoss: NaN,
      validationLoss: NaN,
      batchesPerSecond: null,
      problems: [],
    },
  };
}

/** A shape with what most runs here have in common. */
export function shapeOf(
  part: Pick<RunShape, 'inputNames' | 'targetNames' | 'trainRows' | 'epochs' | 'batchesPerEpoch'>,
): RunShape {
  return {
    seed: 0,
    logEvery: 30,
    batchSize: 1,
    validationRows: 0,
    model: linearModel(part.inputNames.length, part.targetNames.length),
    loss: 'mse_loss',
    optimizer: 'SGD',
    lr: 1e-6,
    fingerprint: 0,
    ...part,
  };
}

function predict(parameters: Float32Array, inputs: Float32Array, row: number, width: number): number {
  let sum = parameters[width];
  for (let index = 0; index < width; index++) sum += parameters[index] * inputs[row * width + index];
  return sum;
}

/** The numbers from 0 to `count - 1` in an order that `random` gives. */
export function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let index = 0; index < count - 1; index++) {
    const other = index + Math.floor(random() * (count - index));
    [order[index], order[other]] = [order[other], order[index]];
  }
  return order;
}

function joined(one: EpochColumns, other: EpochColumns): EpochColumns {
  const all = emptyColumns(one.loss.length + other.loss.length);
  for (const name of ['loss', 'batchLoss', 'valLoss', 'lr'] as const) {
    all[name].set(one[name]);
    all[name].set(other[name], one.loss.length);
  }
  all.weights = new Float32Array(one.weights.length + other.weights.length);
  all.weights.set(one.weights);
  all.weights.set(other.weights, one.weights.length);
  return all;
}
