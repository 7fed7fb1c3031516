/** More runs, and answers to questions about their data. */
import { linearModel, sequentialModel } from '../../src/engine/nn/layers';
import { columnDistribution } from '../../src/answers/columnDistribution';
import { confusion, scatterPoints, type PredictedRows } from '../../src/answers/predictionPlots';
import { runMetrics } from '../../src/training/runMetrics';
import type { RunMetrics } from '../../src/engine/report/metrics';
import type { RunShape } from '../../src/protocol/protocol';
import type { Answer, BatchOrder, OrderQuery, WorkerQuestion } from '../../src/protocol/questions';
import { startCheckpoint } from '../../src/protocol/state';
import {
  decayingLosses,
  lossPlane,
  outputs,
  predictions,
  randomNumbers,
  rowsPage,
  sampleRun,
  shapeOf,
  shuffled,
  type SampleRun,
} from './sampleRuns';

/** One input, a scaled one, with a split: the price of this many houses by their size, after `epochs` epochs. */
export function lineRun(rows = 60, epochs = 12): SampleRun {
  const random = randomNumbers(5);
  const inputs = Float32Array.from({ length: rows }, () => 40 + 120 * random());
  const targets = inputs.map((size) => 3.1 * size + 20 + 80 * (random() + random() - 1));
  const validation = Uint8Array.from({ length: rows }, (_, row) => Number(row % 4 === 1));
  const validationRows = validation.reduce((sum, value) => sum + value);
  const shape = shapeOf({
    inputNames: ['size'],
    targetNames: ['price'],
    trainRows: rows - validationRows,
    epochs: 40,
    batchesPerEpoch: Math.ceil((rows - validationRows) / 8),
  });
  shape.validationRows = validationRows;
  shape.batchSize = 8;
  const run = sampleRun('line-1', 'size', shape, Float32Array.of(0.2, 30), { inputs, targets, validation });
  run.snapshot.progress.checkpoint = { ...startCheckpoint(Float32Array.of(2.9, 31)), epoch: epochs };
  run.snapshot.progress.records = decayingLosses(epochs, 0, true);
  run.snapshot.status = 'paused';
  return run;
}

/** Three classes with names, four inputs, a split. */
export function classRun(rows = 150): SampleRun {
  const random = randomNumbers(9);
  const classNames = ['setosa', 'versicolor', 'virginica'];
  const targets = Float32Array.from({ length: rows }, (_, row) => Math.floor((3 * row) / rows));
  const inputs = Float32Array.from({ length: rows * 4 }, (_, i) => {
    const centre = [5, 5.9, 6.6, 3.4, 2.8, 3, 1.5, 4.3, 5.5, 0.2, 1.3, 2][3 * (i % 4) + targets[Math.floor(i / 4)]];
    return Math.round(10 * (centre + 0.9 * (random() - 0.5) + 0.9 * (random() - 0.5))) / 10;
  });
  const validation = Uint8Array.from({ length: rows }, (_, row) => Number(row % 5 === 2));
  const validationRows = validation.reduce((sum, value) => sum + value);
  const shape = shapeOf({
    inputNames: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'],
    targetNames: ['species'],
    trainRows: rows - validationRows,
    epochs: 100,
    batchesPerEpoch: Math.ceil((rows - validationRows) / 16),
  });
  const model = linearModel(4, 3);
  Object.assign(shape, { validationRows, classNames, model, loss: 'cross_entropy', batchSize: 16 });
  const parameters = Float32Array.of(0.3, 1, -1.2, -0.6, 0.5, -0.5, 0.2, -0.5, -0.9, -0.8, 1.1, 1.4, 0.5, 0.9, -1.6);
  const run = sampleRun('classes-1', 'iris', shape, new Float32Array(15), { inputs, targets, validation });
  run.snapshot.progress.checkpoint = { ...startCheckpoint(parameters), epoch: 100 };
  run.snapshot.progress.records = decayingLosses(100, 0, true);
  run.snapshot.status = 'finished';
  return run;
}

/** What a worker would answer, with these parameters. */
export function sampleAnswer(
  run: SampleRun,
  question: WorkerQuestion,
  parameters = run.snapshot.progress.checkpoint.parameters,
): Answer {
  const { inputs, targets, validation, snapshot } = run;
  const { inputNames, targetNames, classNames } = snapshot.shape!;
  const rows = Array.from(validation, (_, row) => row);
  const data: PredictedRows = {
    rows: validation.length,
    inputs,
    targets,
    targetColumns: targetNames.length,
    validation,
    predict: (wanted) => predictions(run, parameters, wanted),
  };
  switch (question.kind) {
    case 'rows': {
      const page = rowsPage(run, question.query, parameters);
      const order = epochOrder(run);
      const { batchSize } = snapshot.shape!;
      return { ...page, batch: Int32Array.from(page.rows, (row) => Math.floor(order.indexOf(row) / batchSize)) };
    }
    case 'batch':
      return null;
    case 'mistake':
    case 'sharpness':
      throw new Error('This host trains nothing.');
    case 'order':
      return sampleOrder(run, question.query);
    case 'column': {
      const { of, index } = question.query;
      const width = (of === 'inputs' ? inputNames : targetNames).length;
      const part = (held: number): Float32Array =>
        Float32Array.from(rows.filter((row) => validation[row] === held).map((row) => run[of][row * width + index]));
      return columnDistribution(part(0), part(1), of === 'targets' ? classNames?.length : undefined);
    }
    case 'landscape':
      return lossPlane(run, question.query);
    case 'scatter':
      return scatterPoints(data, question.query);
    case 'confusion':
      return confusion(data, classNames!.length, question.query.classes);
    case 'metrics':
      return metricsOf(run, parameters);
  }
}

/** A net that tells XOR apart, as it came out of its training. */
export function netRun(rows = 200): SampleRun {
  const random = randomNumbers(4);
  const inputs = Float32Array.from({ length: 2 * rows }, () => 2 * random() - 1);
  const targets = Float32Array.from({ length: rows }, (_, row) =>
    Number(inputs[2 * row] > 0 !== inputs[2 * row + 1] > 0),
  );
  const validation = Uint8Array.from({ length: rows }, (_, row) => Number(row % 5 === 2));
  const validationRows = validation.reduce((sum, value) => sum + value);
  const model = sequentialModel([
    { type: 'Linear', inFeatures: 2, outFeatures: 4, hasBias: true },
    { type: 'Tanh' },
    { type: 'Linear', inFeatures: 4, outFeatures: 1, hasBias: true },
  ]);
  const shape: RunShape = {
    ...shapeOf({
      ...{ inputNames: ['x0', 'x1'], targetNames: ['y'], trainRows: rows - validationRows },
      ...{ epochs: 100, batchesPerEpoch: Math.ceil((rows - validationRows) / 20) },
    }),
    ...{ validationRows, model, loss: 'binary_cross_entropy_with_logits', batchSize: 20, lr: 0.03 },
  };
  const trained = Float32Array.of(3, 3, 3, 3, 3, -3, 3, -3, 2, -2, 2, -2, 2, -2, -2, 2, 0);
  const run = sampleRun(
    'net-1',
    'xor',
    shape,
    trained.map((value) => value / 10),
    { inputs, targets, validation },
  );
  run.snapshot.progress.checkpoint = { ...startCheckpoint(trained), epoch: 100 };
  run.snapshot.progress.records = decayingLosses(100, 0, true);
  run.snapshot.status = 'finished';
  run.snapshot.trainLoss = 0.12;
  run.snapshot.validationLoss = 0.15;
  run.snapshot.metrics = metricsOf(run);
  return run;
}

/** How well a run's model predicts all rows. */
export function metricsOf(run: SampleRun, parameters = run.snapshot.progress.checkpoint.parameters): RunMetrics {
  const { inputs, targets, validation, snapshot } = run;
  const { targetNames, classNames, loss } = snapshot.shape!;
  const rows = Uint32Array.from(validation.keys());
  return runMetrics({
    dataset: { inputs, targets, targetNames, ...(classNames && { classNames }) },
    loss,
    trainRows: rows.filter((row) => validation[row] === 0),
    validationRows: rows.filter((row) => validation[row] === 1),
    outFeatures: (classNames ?? targetNames).length,
    predict: (wanted) => predictions(run, parameters, wanted),
    outputs: (wanted) => outputs(run, parameters, wanted),
  });
}

function sampleOrder({ snapshot, validation }: SampleRun, query: OrderQuery): BatchOrder {
  const { batchSize, trainRows } = snapshot.shape!;
  const { epoch, batch } = snapshot.progress.checkpoint;
  const total = Math.ceil(trainRows / batchSize);
  const order = epochOrder({ snapshot, validation });
  const done = batch > 0 ? batch : total;
  const known = order.length > 0 ? total : 0;
  const first = Math.max(0, Math.min(done - Math.floor(query.batches / 2), known - query.batches));
  const listed = Array.from({ length: Math.min(query.batches, known) }, (_, i) => {
    const start = (first + i) * batchSize;
    return order.slice(start, start + batchSize);
  });
  return {
    batchSize,
    shuffle: true,
    dropLast: false,
    epoch: batch > 0 ? epoch : epoch - 1,
    done: known && done,
    total,
    leftOut: 0,
    first,
    sizes: Uint32Array.from(listed, (rows) => rows.length),
    rows: Uint32Array.from(listed.flatMap((rows) => rows.slice(0, query.rows))),
    rowsEach: query.rows,
  };
}

/** Training rows in the order of the epoch under way, or of the last one; none before the first. */
function epochOrder({ snapshot, validation }: Pick<SampleRun, 'snapshot' | 'validation'>): number[] {
  const { epoch, batch } = snapshot.progress.checkpoint;
  if (epoch === 0 && batch === 0) return [];
  const training = Array.from(validation, (_, row) => row).filter((row) => !validation[row]);
  const random = randomNumbers(100 + (batch > 0 ? epoch : epoch - 1));
  return shuffled(training.length, random).map((position) => training[position]);
}
