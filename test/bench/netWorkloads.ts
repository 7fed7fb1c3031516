import type { ActivationName } from '../../src/engine/nn/activations';

/** A net that is trained: float32, plain SGD. */
export interface NetWorkload {
  name: string;
  title: string;
  /** The model's inputs, then the outputs of each linear layer. */
  widths: number[];
  activation: ActivationName & ('Tanh' | 'ReLU');
  loss: 'mse_loss' | 'cross_entropy';
  rows: number;
  batchSize: number;
  epochs: number;
  lr: number;
  seed: number;
  /** At least this many times faster than the fastest PyTorch loop. */
  leastTimesTorch: number;
  /** At most this many times the time of C with WebAssembly's instructions. */
  mostTimesC: number;
}

const common = { seed: 0, mostTimesC: 2 };

/** The table of targets for nets, as data. */
export const netWorkloads: NetWorkload[] = [
  {
    ...common,
    ...{ name: 'N1', title: 'playground', widths: [2, 8, 8, 1], activation: 'Tanh', loss: 'mse_loss' },
    ...{ rows: 500, batchSize: 10, epochs: 200, lr: 0.03, leastTimesTorch: 50 },
  },
  {
    ...common,
    ...{ name: 'N2', title: 'table', widths: [32, 64, 64, 1], activation: 'ReLU', loss: 'mse_loss' },
    ...{ rows: 100_000, batchSize: 128, epochs: 2, lr: 0.01, leastTimesTorch: 2 },
  },
  {
    ...common,
    ...{ name: 'N3', title: 'digits', widths: [784, 128, 10], activation: 'ReLU', loss: 'cross_entropy' },
    ...{ rows: 10_000, batchSize: 64, epochs: 2, lr: 0.01, leastTimesTorch: 0.8 },
  },
  {
    ...common,
    ...{ name: 'N4', title: 'tutorial as a net', widths: [6, 16, 1], activation: 'ReLU', loss: 'mse_loss' },
    ...{ rows: 10, batchSize: 1, epochs: 2000, lr: 0.001, leastTimesTorch: 100 },
  },
];

/** Arguments of the programs in other languages, after the data file. */
export function netArguments(workload: NetWorkload): string[] {
  const { rows, batchSize, epochs, lr, seed, activation, loss, widths } = workload;
  return [rows, batchSize, epochs, lr, seed, activation, loss, ...widths].map(String);
}
