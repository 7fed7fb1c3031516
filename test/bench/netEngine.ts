/**
 * The engine on a net as a program: `netEngine FILE WORKLOAD wasm|wasm-alone|wasm-shared|plain` answers each line on standard
 * input with "SECONDS LOSS", the loss over all rows at the end. `wasm` chooses by itself how many threads train.
 */
import { createInterface } from 'node:readline';
import { parseConfig } from '../../src/config/parseConfig';
import { NetKernels } from '../../src/engine/kernels/netKernels';
import { createModelKernels, type MakeKernels } from '../../src/engine/kernels/createKernels';
import { Helper } from '../../src/engine/kernels/helper';
import type { Trainer } from '../../src/engine/train/trainer';
import { createTrainer } from '../../src/training/createTrainer';
import { startNodeHelper } from '../../src/worker/nodeHelper';
import { readNetData } from './netData';
import { netWorkloads } from './netWorkloads';

const [file, name, kind] = process.argv.slice(2);
const workload = netWorkloads.find((candidate) => candidate.name === name)!;
const helper = helperOf(kind);
const dataset = readNetData(file, workload, helper !== undefined);

function trainerOf(): Trainer {
  const { activation, batchSize, epochs, loss, lr, seed, widths } = workload;
  const layers = widths
    .slice(1)
    .flatMap((out_features, i) => [
      { type: 'Linear', ...(i < widths.length - 2 && { out_features }) },
      ...(i < widths.length - 2 ? [{ type: activation }] : []),
    ]);
  const { config, problems } = parseConfig(
    JSON.stringify({
      ...{ seed, dataset: { file: 'rows.csv' }, loader: { batch_size: batchSize, shuffle: true } },
      ...{ model: { type: 'Sequential', layers }, loss, optimizer: { type: 'SGD', lr }, epochs },
    }),
    'bench.gd.json',
  );
  if (!config) throw new Error(JSON.stringify(problems));
  const makeKernels: MakeKernels = (data, shape) =>
    kind === 'plain' ? new NetKernels(data, shape) : createModelKernels(data, shape, helper);
  return createTrainer({ ...config, seed }, dataset, makeKernels).trainer;
}

function helperOf(name: string): Helper | undefined {
  if (name === 'wasm') return new Helper(startNodeHelper, () => performance.now());
  return name === 'wasm-shared' ? new Helper(startNodeHelper) : undefined;
}

createInterface({ input: process.stdin }).on('line', () => {
  const trainer = trainerOf();
  const before = performance.now();
  while (trainer.epoch < workload.epochs) trainer.advance(Infinity);
  console.log(`${(performance.now() - before) / 1000} ${trainer.fullTrainLoss()}`);
});
