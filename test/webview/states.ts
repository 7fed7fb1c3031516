/** The states that a page can show: every kind of run in every status. Also runs in the page. */
import { linearModel } from '../../src/engine/nn/layers';
import { emptyColumns } from '../../src/protocol/history';
import type { RunStatus } from '../../src/protocol/protocol';
import { classRun, lineRun, metricsOf } from './sampleData';
import { curvatureOf, decayingLosses, largeRun, randomNumbers, sampleRun, shapeOf, tutorialRun } from './sampleRuns';
import type { SampleRun } from './sampleRuns';

/** What there can be to learn, by its name. */
export const runKinds = {
  'six inputs': () => tutorialRun(740),
  'one input': () => lineRun(),
  'two classes': () => classesRun(2, 90),
  'many classes': () => classesRun(12, 240),
  'three classes': () => classRun(),
  'several targets': () => targetsRun(),
  '60 inputs': () => largeRun(60, 60),
  '2,000 inputs': () => largeRun(24, 2000, 20),
} satisfies Record<string, () => SampleRun>;

/** Name of a kind of run. */
export type RunKind = keyof typeof runKinds;

/** Statuses of a run whose data are read. */
export const openedStatuses = ['ready', 'running', 'paused', 'finished', 'diverged'] as const satisfies RunStatus[];

/** A run of a kind in a status, with what a host would have worked out about it. */
export function stateOf(kind: RunKind, status: RunStatus): SampleRun {
  const run = runKinds[kind]();
  const { snapshot } = run;
  snapshot.identity = { ...snapshot.identity, id: `${kind}-${status}` };
  snapshot.status = status;
  const { shape, initial, progress } = snapshot;
  if (shape!.loss === 'mse_loss' && shape!.inputNames.length < 100) snapshot.curvature = curvatureOf(run);
  if (status === 'ready') {
    progress.records = emptyColumns();
    progress.checkpoint = { ...progress.checkpoint, epoch: 0, batch: 0, parameters: initial };
    return run;
  }
  if (status === 'diverged') snapshot.divergence = { epoch: shape!.epochs - 1, batch: 2, what: 'loss' };
  if (status === 'finished' || status === 'paused')
    Object.assign(snapshot, { trainLoss: 3895.02, metrics: metricsOf(run) });
  return run;
}

/** A run whose data are not read: it is being opened, or could not be. */
export function unopened(status: 'opening' | 'failed'): SampleRun {
  const run = tutorialRun(0, status);
  const { snapshot } = run;
  snapshot.status = status;
  delete snapshot.shape;
  if (status === 'opening') snapshot.reading = { bytes: 20_400_000, size: 61_000_000 };
  else {
    const at = {
      line: 3,
      column: 14,
      endLine: 3,
      endColumn: 20,
      file: 'file:///folder/a_file_with_quite_a_long_name.csv',
    };
    snapshot.problems = [
      { severity: 'warning', message: 'column 2 has no header; call it "Unnamed: 1" to use it', ...at },
      {
        severity: 'error',
        message: 'target "prices" is no column of a_file_with_quite_a_long_name.csv',
        ...at,
        line: 9,
      },
      { severity: 'information', message: '12 rows without a value are left out', ...at },
      { severity: 'warning', message: 'column "constant" never changes', ...at },
    ];
  }
  return run;
}

function classesRun(count: number, rows: number): SampleRun {
  const random = randomNumbers(count);
  const classNames = Array.from(
    { length: count },
    (_, i) => `${['yes', 'no', 'perhaps', 'unknown_breed'][i % 4]}${i > 3 ? ` ${i}` : ''}`,
  );
  const targets = Float32Array.from({ length: rows }, (_, row) => row % count);
  const inputs = Float32Array.from({ length: rows * 3 }, (_, i) => targets[Math.floor(i / 3)] * (i % 3) + 2 * random());
  const validation = Uint8Array.from({ length: rows }, (_, row) => Number(row % 5 === 2));
  const validationRows = validation.filter(Boolean).length;
  const trainRows = rows - validationRows;
  const shape = shapeOf({
    inputNames: ['resting_heart_rate', 'age', 'bmi'],
    targetNames: ['outcome'],
    trainRows,
    epochs: 100,
    batchesPerEpoch: Math.ceil(trainRows / 16),
  });
  const model = linearModel(3, count);
  Object.assign(shape, { validationRows, classNames, model, loss: 'cross_entropy', batchSize: 16 });
  const parameters = Float32Array.from({ length: count * 4 }, () => random() - 0.5);
  const run = sampleRun(`classes-${count}`, 'outcome', shape, new Float32Array(count * 4), {
    inputs,
    targets,
    validation,
  });
  run.snapshot.progress.checkpoint = { ...run.snapshot.progress.checkpoint, parameters, epoch: 100 };
  run.snapshot.progress.records = decayingLosses(100, 0, true);
  return run;
}

function targetsRun(): SampleRun {
  const rows = 50;
  const random = randomNumbers(3);
  const inputs = Float32Array.from({ length: rows * 2 }, () => 2 * random() - 1);
  const targets = Float32Array.from(
    { length: rows * 3 },
    (_, i) => 1e5 * (inputs[2 * Math.floor(i / 3)] * (1 + (i % 3)) + random()),
  );
  const shape = shapeOf({
    inputNames: ['temperature', 'wind'],
    targetNames: ['energy_per_day', 'noise', 'yield'],
    trainRows: rows,
    epochs: 200,
    batchesPerEpoch: rows,
  });
  const validation = new Uint8Array(rows);
  const run = sampleRun('targets-1', 'several', shape, new Float32Array(9).fill(0.1), { inputs, targets, validation });
  const parameters = Float32Array.of(1e5, 3, 2e5, -4, 3e5, 2, 5e4, 5e4, 5e4);
  run.snapshot.progress.checkpoint = { ...run.snapshot.progress.checkpoint, parameters, epoch: 140 };
  run.snapshot.progress.records = decayingLosses(140);
  return run;
}
