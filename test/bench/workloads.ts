/** What is trained: float32, one target, mse_loss, plain SGD. */
export interface Workload {
  name: string;
  title: string;
  rows: number;
  inputs: number;
  batchSize: number;
  epochs: number;
  lr: number;
  shuffle: boolean;
  seed: number;
  /** At most this many times the C kernel's time. */
  mostTimesC: number;
  /** At least this many times faster than the fastest PyTorch loop, and than numpy by hand. */
  leastTimesTorch: number;
  leastTimesNumpy: number;
  /** The share of the work that the DataLoader loop is given; it would take minutes on the whole. */
  loaderShare: { rows: number; epochs: number };
}

const common = { shuffle: true, seed: 0 };

/** The table of targets, as data. */
export const workloads: Workload[] = [
  {
    ...common,
    ...{ name: 'W1', title: 'the tutorial', rows: 10, inputs: 6, batchSize: 1, epochs: 2000, lr: 1e-6 },
    ...{ mostTimesC: 2.5, leastTimesTorch: 1000, leastTimesNumpy: 100, loaderShare: { rows: 1, epochs: 0.1 } },
  },
  {
    ...common,
    ...{ name: 'W2', title: 'small batches', rows: 100_000, inputs: 32, batchSize: 32, epochs: 5, lr: 0.01 },
    ...{ mostTimesC: 2.2, leastTimesTorch: 100, leastTimesNumpy: 10, loaderShare: { rows: 0.2, epochs: 0.2 } },
  },
  {
    ...common,
    ...{ name: 'W3', title: 'large batches', rows: 1_000_000, inputs: 32, batchSize: 256, epochs: 2, lr: 0.01 },
    ...{ mostTimesC: 2, leastTimesTorch: 15, leastTimesNumpy: 4, loaderShare: { rows: 0.1, epochs: 0.5 } },
  },
  {
    ...common,
    shuffle: false,
    ...{ name: 'W4', title: 'full batch', rows: 1_000_000, inputs: 32, batchSize: 1_000_000, epochs: 20, lr: 0.1 },
    ...{ mostTimesC: 1.5, leastTimesTorch: 2.4, leastTimesNumpy: 1.15, loaderShare: { rows: 0.1, epochs: 0.05 } },
  },
  {
    ...common,
    ...{ name: 'W5', title: 'wide', rows: 20_000, inputs: 2000, batchSize: 256, epochs: 2, lr: 0.01 },
    ...{ mostTimesC: 1.9, leastTimesTorch: 4, leastTimesNumpy: 1.5, loaderShare: { rows: 1, epochs: 1 } },
  },
];
