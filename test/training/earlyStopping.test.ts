import { describe, expect, it } from 'vitest';
import { judge } from '../../src/advice/verdicts/verdict';
import { applyRunEvent, openingRun, trainedEpochs, type RunState } from '../../src/protocol/state';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import { Answerer } from '../../src/answers/answerer';
import { TrainingLoop } from '../../src/worker/trainingLoop';
import { emptyColumns } from '../../src/protocol/history';
import type { TrainerPosition } from '../../src/engine/train/trainer';

/** Few rows and many inputs: the validation loss falls, and then rises. */
const config = {
  seed: 3,
  dataset: { generate: 'linear', samples: 24, features: 10, noise: 1, seed: 2 },
  split: [12, 12],
  loader: { batch_size: 4 },
  optimizer: { type: 'Adam', lr: 0.05 },
  scheduler: { type: 'ExponentialLR', gamma: 0.99 },
  epochs: 400,
};

async function opened(more: object = {}): Promise<OpenedRun> {
  const result = await openRun({
    configText: JSON.stringify({ ...config, ...more }),
    configFile: 'a.gd.json',
    seed: 0,
  });
  if ('problems' in result) throw new Error(result.problems[0].message);
  return result;
}

/** Trains a run in a loop until it rests; its state then. */
async function trained(more: object, goOn?: TrainerPosition): Promise<{ run: OpenedRun; state: RunState }> {
  const run = await opened(more);
  const runId = 'a';
  const { shape, initial, trainer } = run;
  let state = openingRun({ id: runId, name: 'a', startedAt: 0 });
  const hear = (event: Parameters<typeof applyRunEvent>[1]) => void (state = applyRunEvent(state, event));
  hear({ type: 'opened', runId, shape, initial, trainLoss: NaN, validationLoss: NaN });
  const tasks: (() => void)[] = [];
  const clock = { now: () => 0, later: (task: () => void) => void tasks.push(task) };
  const loop: TrainingLoop = new TrainingLoop(trainer, run.config.epochs, clock, {
    progress(progress) {
      hear({ type: 'progress', runId, progress });
      loop.taken();
    },
    status: (status) => hear({ type: 'status', runId, status, trainLoss: NaN, validationLoss: NaN }),
  });
  if (goOn) {
    trainer.restore(goOn);
    state.history.append(emptyColumns(goOn.epoch));
  }
  loop.resume();
  for (let task = tasks.shift(); task; task = tasks.shift()) task();
  return { run, state };
}

/** The validation losses of a run without a rule, and its positions after each epoch. */
async function alone() {
  const { trainer } = await opened();
  const losses: number[] = [];
  const positions = [];
  while (trainer.epoch < config.epochs) {
    losses.push(trainer.advance(Infinity)!.valLoss);
    positions.push(trainer.position());
  }
  return { losses, positions, best: losses.indexOf(Math.min(...losses)) };
}

it('a run without a rule knows its best epoch by the rows held out', async () => {
  const { losses, positions, best } = await alone();
  expect(positions.at(-1)!.monitored).toMatchObject({ bestEpoch: best, best: losses[best] });
});

const rule = { early_stopping: { patience: 7 } };

describe('a run with early_stopping', () => {
  it('ends with the best epoch’s parameters and optimizer, bit for bit', async () => {
    const { losses, positions, best } = await alone();
    const { state, run } = await trained(rule);
    expect(best).toBeLessThan(300);
    expect(state.status).toBe('early_stopped');
    expect(Array.from(state.history.column('valLoss'))).toEqual(losses.slice(0, best + 8));
    const { monitored: _, best: __, ...position } = state.checkpoint;
    const { monitored: ___, ...expected } = positions[best];
    expect(position).toEqual(expected);
    // So that it can go on, and still end with it.
    expect(state.checkpoint.best?.parameters).toEqual(expected.parameters);
    expect(run.trainer.parts.model.parameters).toEqual(expected.parameters);
    expect(trainedEpochs(state)).toBe(best + 8);
    expect(judge(state).sentence).toMatch(
      new RegExp(
        `^Stopped early after ${best + 8} epochs: the validation loss has not improved for 7 epochs. The weights are those after ${best + 1} epochs, the best with `,
      ),
    );
  });

  it('keeps the last parameters where it is told to', async () => {
    const { positions, best } = await alone();
    const { state } = await trained({ early_stopping: { patience: 7, restore_best: false } });
    expect(state.checkpoint.parameters).toEqual(positions[best + 7].parameters);
    expect(judge(state).sentence).toContain(`The weights are the last ones, not those after ${best + 1} epochs`);
  });

  it('goes back to the best epoch too where all epochs were trained', async () => {
    const { positions, best } = await alone();
    const { state } = await trained({ early_stopping: { patience: 1000 } });
    expect([state.status, trainedEpochs(state)]).toEqual(['finished', config.epochs]);
    expect(state.checkpoint.parameters).toEqual(positions[best].parameters);
    expect(judge(state).sentence).toContain(`The weights are those after ${best + 1} epochs`);
  });

  it('stops and restores the same when it goes on from a position in between', async () => {
    const whole = await trained(rule);
    const part = await opened(rule);
    const stop = trainedEpochs(whole.state);
    for (const epochs of [1, stop - 9, stop - 7, stop - 3]) {
      while (part.trainer.epoch < epochs) part.trainer.advance(Infinity);
      const position = part.trainer.position();
      const { state } = await trained(rule, position);
      expect(state.status).toBe('early_stopped');
      expect(state.checkpoint).toEqual(whole.state.checkpoint);
    }
  });

  it('trains no more once it has stopped, unless it goes back', async () => {
    const { trainer } = await opened(rule);
    const start = trainer.position();
    while (!trainer.isStopped) trainer.advance(Infinity);
    const end = trainer.position();
    expect(trainer.advance(Infinity)).toBeUndefined();
    expect(trainer.position()).toEqual(end);
    trainer.restore(start);
    expect(trainer.isStopped).toBe(false);
    expect(trainer.advance(Infinity)).toBeDefined();
  });

  it('that keeps the last parameters keeps them too where it goes on from the best epoch', async () => {
    const { positions, best } = await alone();
    const { trainer } = await opened({ early_stopping: { patience: 7, restore_best: false } });
    trainer.restore(positions[best]);
    for (let i = 0; i < 3; i++) trainer.advance(Infinity);
    trainer.restoreBest();
    expect(trainer.epoch).toBe(best + 4);
  });

  it('stops at a target', async () => {
    const { losses } = await alone();
    const target = losses[20];
    const { state } = await trained({ early_stopping: { stopping_threshold: target } });
    const first = losses.findIndex((loss) => loss < target);
    expect([state.status, trainedEpochs(state)]).toEqual(['early_stopped', first + 1]);
    expect(judge(state).sentence).toMatch(/: the validation loss came to .*, better than /);
  });

  it.each(['r2', 'rmse', 'mae'] as const)('watches %s of the rows held out', async (monitor) => {
    const mode = monitor === 'r2' ? 'max' : 'min';
    const { trainer, ...run } = await opened({ early_stopping: { monitor, mode, patience: 1000 } });
    const answerer = new Answerer({ ...run, trainer }, () => 0);
    const values: number[] = [];
    for (let i = 0; i < 30; i++) {
      trainer.advance(Infinity);
      const metrics = answerer.metrics();
      values.push((metrics.validation!.model as unknown as Record<string, number>)[monitor]);
    }
    const best = mode === 'max' ? Math.max(...values) : Math.min(...values);
    expect(trainer.position().monitored).toMatchObject({ best, bestEpoch: values.indexOf(best) });
  });
});

describe('a stop rule that cannot be', () => {
  const problemOf = async (more: object) => {
    const text = JSON.stringify({ ...config, ...more });
    const result = await openRun({ configText: text, configFile: 'a.gd.json', seed: 0 });
    return 'problems' in result ? result.problems[0].message : '';
  };

  it.each([
    [{ split: undefined, early_stopping: {} }, 'early_stopping.monitor is "val_loss", but there is no split'],
    [{ early_stopping: { monitor: 'accuracy' } }, 'early_stopping.monitor is "accuracy", which mse_loss does not have'],
    [{ early_stopping: { monitor: 'r2' } }, 'early_stopping.mode is "min", but r2 is better the higher it is'],
    [
      {
        split: undefined,
        loss: 'cross_entropy',
        dataset: { values: { inputs: [[1], [2], [3]], targets: [[0], [1], [2]] } },
        early_stopping: { monitor: 'roc_auc', mode: 'max' },
      },
      'early_stopping.monitor is "roc_auc", which is for two classes, but there are 3',
    ],
    [
      {
        split: undefined,
        loss: 'binary_cross_entropy_with_logits',
        dataset: { values: { inputs: [[1], [2]], targets: [[0.5], [1]] } },
        early_stopping: { monitor: 'accuracy', mode: 'max' },
      },
      'early_stopping.monitor is "accuracy", a metric of classes, but the targets are probabilities',
    ],
  ])('is named at its key: %j', async (more, words) => {
    expect(await problemOf(more)).toContain(words);
  });
});
