/**
 * The engine as a program: `engine FILE WORKLOAD wasm|wasm-alone|wasm-shared|plain` answers each line on standard input with
 * "SECONDS LOSS THREADS", the loss over all rows at the end. `wasm` chooses by itself how many threads train. With `fresh` after it, it trains once from nothing, with what that takes to set up.
 */
import { createInterface } from 'node:readline';
import { parseConfig } from '../../src/config/parseConfig';
import type { Dataset } from '../../src/engine/dataset';
import { Helper } from '../../src/engine/kernels/helper';
import { createModelKernels, type MakeKernels } from '../../src/engine/kernels/createKernels';
import { kernelSizes, type Kernels } from '../../src/engine/kernels/kernels';
import { onlyLinear } from '../../src/engine/nn/layers';
import { PlainKernels } from '../../src/engine/kernels/plainKernels';
import { WasmKernels } from '../../src/engine/kernels/wasmKernels';
import type { Trainer } from '../../src/engine/train/trainer';
import { createTrainer } from '../../src/training/createTrainer';
import { startNodeHelper } from '../../src/worker/nodeHelper';
import { readDataFile } from './dataFile';
import { workloads, type Workload } from './workloads';

const [file, name, kind, fresh] = process.argv.slice(2);
const workload = workloads.find((candidate) => candidate.name === name)!;
const helper = helperOf(kind);
const dataset = readDataFile(file, workload, helper !== undefined);
/** Those of the run at hand. */
let kernels: Kernels | undefined;

function trainerFor({ batchSize, lr, shuffle, seed, epochs }: Workload, rows: Dataset): Trainer {
  const { config } = parseConfig(
    JSON.stringify({
      seed,
      dataset: { file: 'rows.csv' },
      loader: { batch_size: batchSize, shuffle },
      optimizer: { type: 'SGD', lr },
      epochs,
    }),
    'bench.gd.json',
  );
  const plain: MakeKernels = (data, { layers }) => new PlainKernels(data, kernelSizes(data, onlyLinear(layers)!));
  const makeKernels: MakeKernels = (data, shape) =>
    (kernels = kind === 'plain' ? plain(data, shape) : createModelKernels(data, shape, helper));
  return createTrainer({ ...config!, seed }, rows, makeKernels).trainer;
}

function helperOf(name: string): Helper | undefined {
  if (name === 'wasm') return new Helper(startNodeHelper, () => performance.now());
  return name === 'wasm-shared' ? new Helper(startNodeHelper) : undefined;
}

function train(): [seconds: number, trainer: Trainer] {
  const before = performance.now();
  const trainer = trainerFor(workload, dataset);
  const ready = performance.now();
  while (trainer.epoch < workload.epochs) trainer.advance(Infinity);
  return [(performance.now() - (fresh ? before : ready)) / 1000, trainer];
}

function answer(): void {
  const [seconds, trainer] = train();
  const isShared = kernels instanceof WasmKernels && kernels.isShared;
  console.log(`${seconds} ${trainer.fullTrainLoss()} ${isShared ? 2 : 1}`);
}

if (fresh) answer();
else createInterface({ input: process.stdin }).on('line', answer);
