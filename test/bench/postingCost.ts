import { MessageChannel } from 'node:worker_threads';
import type { Dataset } from '../../src/engine/dataset';
import { parseConfig } from '../../src/config/parseConfig';
import { createTrainer } from '../../src/training/createTrainer';
import { TrainingLoop } from '../../src/worker/trainingLoop';

const updates = 2000;
/** Updates a second to a view: the setting's largest value. */
const rate = 60;

/** The share of a run's time that goes into posting updates, with the records of ten epochs in each. */
export function postingShare(dataset: Dataset): number {
  const { port1, port2 } = new MessageChannel();
  const text = {
    seed: 0,
    dataset: { file: 'rows.csv' },
    loader: { batch_size: 32 },
    optimizer: { type: 'SGD', lr: 1e-9 },
  };
  const { config } = parseConfig(JSON.stringify(text), 'bench.gd.json');
  const { trainer } = createTrainer({ ...config!, seed: 0 }, dataset);
  const clock = { now: () => performance.now(), later: () => undefined };
  const listener = {
    progress: (progress: object) => port1.postMessage({ type: 'progress', runId: 'bench', progress }),
    status: () => undefined,
  };
  const loop = new TrainingLoop(trainer, Infinity, clock, listener);
  const start = performance.now();
  for (let i = 0; i < updates; i++) loop['postProgress']();
  const seconds = (performance.now() - start) / 1000 / updates;
  port1.close();
  port2.close();
  return seconds * rate;
}
