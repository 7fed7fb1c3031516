import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Helper, leastShared, leastSharedBatch, type HelperTask } from '../../src/engine/kernels/helper';
import { allocateDataset } from '../../src/engine/kernels/kernelMemory';
import { chunkRows, type KernelSizes } from '../../src/engine/kernels/kernels';
import { PlainKernels } from '../../src/engine/kernels/plainKernels';
import { WasmKernels, sharedHead } from '../../src/engine/kernels/wasmKernels';
import { Generator } from '../../src/engine/random/random';
import { openRun } from '../../src/training/openRun';
import { startNodeHelper } from '../../src/worker/nodeHelper';

const sizesOf = (inFeatures: number, extraRows: number, hasBias = true): KernelSizes => {
  const rows = Math.max(Math.ceil(leastShared / inFeatures), 3 * chunkRows) + extraRows;
  return { rows, inFeatures, outFeatures: 1, targetFeatures: 1, hasBias };
};

/** Kernels over random rows in a random order: equal sizes, equal numbers. */
function kernelsOf(sizes: KernelSizes, helper?: Helper): WasmKernels {
  return filled(sizes, (dataset) => new WasmKernels(dataset, sizes, helper), helper !== undefined);
}

function plainKernelsOf(sizes: KernelSizes): PlainKernels {
  return filled(sizes, (dataset) => new PlainKernels(dataset, sizes));
}

function filled<K extends WasmKernels | PlainKernels>(
  sizes: KernelSizes,
  make: (dataset: ReturnType<typeof allocateDataset>) => K,
  shares = false,
): K {
  const { rows, inFeatures } = sizes;
  const dataset = allocateDataset(rows, inFeatures, 1, shares);
  const generator = new Generator(rows);
  for (const numbers of [dataset.inputs, dataset.targets]) {
    for (let i = 0; i < numbers.length; i++) numbers[i] = generator.uint32() / 2 ** 31 - 1;
  }
  const kernels = make(dataset);
  for (let row = 0; row < rows; row++) kernels.order[row] = row;
  kernels.shuffle(rows, 3);
  return kernels;
}

/** Trains a batch of all rows, passing this many rows at a time; returns what is known after it. */
function train(kernels: WasmKernels | PlainKernels, slice = Infinity) {
  kernels.beginMse(0, kernels.sizes.rows);
  while (kernels.addMse(slice) < kernels.sizes.rows);
  return stepOf(kernels);
}

function stepOf(kernels: WasmKernels | PlainKernels) {
  const { lastLoss } = kernels.stepMse(0.01, 0);
  return { lastLoss, gradients: kernels.gradients.slice(), parameters: kernels.parameters.slice() };
}

/** Kernels with a thread of Node, and the words that they share with it, once they have engaged it. */
function helpedKernels(sizes: KernelSizes) {
  const tasks: HelperTask[] = [];
  const helper = new Helper((task) => {
    tasks.push(task);
    return startNodeHelper(task);
  });
  return { helper, helped: kernelsOf(sizes, helper), tasks, words: () => wordsOf(tasks[0]) };
}

/** What threads share of a batch: the next chunk to take comes first. */
function wordsOf({ memory, setUp: [[, place]] }: HelperTask): Uint32Array {
  return new Uint32Array(memory.buffer, place[11]);
}

/** A helper without a thread: the test alone knows of its tasks, and of what it shares with the kernels. */
function silentHelper() {
  const tasks: HelperTask[] = [];
  let ended = 0;
  const helper = new Helper((task) => {
    tasks.push(task);
    return () => ended++;
  });
  const words = () => wordsOf(tasks[0]);
  const slots = () => new Uint8Array(tasks[0].memory.buffer, tasks[0].setUp[0][1][12]);
  return { helper, tasks, ended: () => ended, words, slots };
}

/** Resolves when the helper has taken all chunks of the batch under way. */
async function untilAllTaken(words: Uint32Array, chunks: number): Promise<void> {
  while (Atomics.load(words, 0) < chunks) await new Promise(setImmediate);
}

describe('a helper thread', () => {
  it('gives the same bits as one thread, whoever sums a chunk, and those of the twin but for rounding', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3, 7, 32, 33, 100, 257),
        fc.nat(chunkRows),
        fc.boolean(),
        fc.array(fc.constantFrom('helper', 'both', 'slices'), { minLength: 4, maxLength: 4 }),
        async (inFeatures, extraRows, hasBias, who) => {
          const sizes = sizesOf(inFeatures, extraRows, hasBias);
          const [alone, plain] = [kernelsOf(sizes), plainKernelsOf(sizes)];
          const { helper, helped, tasks, words } = helpedKernels(sizes);
          for (const each of who) {
            const expected = train(alone);
            if (each === 'helper') {
              helped.beginMse(0, sizes.rows);
              await untilAllTaken(words(), Math.ceil(sizes.rows / chunkRows));
              expect(stepOf(helped)).toEqual(expected);
            } else expect(train(helped, each === 'both' ? Infinity : chunkRows)).toEqual(expected);
            const twin = train(plain);
            expect(expected.lastLoss / twin.lastLoss).toBeCloseTo(1, 5);
            for (let i = 0; i < twin.parameters.length; i++) {
              expect(Math.abs(expected.parameters[i] - twin.parameters[i])).toBeLessThan(1e-6);
            }
          }
          expect(tasks).toHaveLength(1);
          helper.dismiss();
        },
      ),
      { numRuns: 5 },
    );
  });

  it('gives the same bits in batches of some hundred rows, and those of the twin but for rounding', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3, 32, 33, 257),
        fc.integer({ min: 65, max: chunkRows }),
        fc.nat(chunkRows),
        fc.boolean(),
        async (inFeatures, batchSize, extraRows, hasBias) => {
          const sizes = sizesOf(inFeatures, extraRows, hasBias);
          const [alone, plain] = [kernelsOf(sizes), plainKernelsOf(sizes)];
          const { helper, helped, words } = helpedKernels(sizes);
          // The helper has begun once it has taken all of a batch.
          helped.beginMse(0, sizes.rows);
          await untilAllTaken(words(), Math.ceil(sizes.rows / chunkRows));
          const [expected, actual, twin] = [alone, helped, plain].map((kernels) =>
            kernels.sgdMse(0, sizes.rows, batchSize, 1e-3, 0),
          );
          expect(actual).toEqual(expected);
          expect(helped.parameters).toEqual(alone.parameters);
          expect(expected.lossSum / twin.lossSum).toBeCloseTo(1, 5);
          for (let i = 0; i < plain.parameters.length; i++) {
            expect(Math.abs(alone.parameters[i] - plain.parameters[i])).toBeLessThan(1e-6);
          }
          helper.dismiss();
        },
      ),
      { numRuns: 8 },
    );
  });

  it('that takes rows of every batch and does nothing changes nothing', async () => {
    const sizes = sizesOf(32, 5);
    const alone = kernelsOf(sizes);
    const tasks: HelperTask[] = [];
    const helper = new Helper((task) => {
      tasks.push(task);
      const program = `
        const { memory, setUp: [[, place]] } = require('node:worker_threads').workerData;
        const words = new Uint32Array(memory.buffer, place[11]);
        for (;;) if (Atomics.load(words, 0) < 2) Atomics.add(words, 0, 1);
      `;
      const worker = new Worker(program, { eval: true, workerData: task });
      return () => void worker.terminate();
    });
    const helped = kernelsOf(sizes, helper);
    helped.beginMse(0, sizes.rows);
    await untilAllTaken(wordsOf(tasks[0]), 2);
    expect(train(helped)).toEqual(train(alone));
    const spans = [
      [0, sizes.rows],
      [0, 5000],
      [100, 400],
    ];
    for (const [start, end] of spans) {
      const expected = alone.sgdMse(start, end, 256, 0.01, 0);
      expect(helped.sgdMse(start, end, 256, 0.01, 0)).toEqual(expected);
    }
    expect(helped.parameters).toEqual(alone.parameters);
  });

  it('is not waited for long: what it has taken and not done is done without it', () => {
    const sizes = sizesOf(32, 5);
    const chunks = Math.ceil(sizes.rows / chunkRows);
    const alone = kernelsOf(sizes);
    const { helper, words } = silentHelper();
    const helped = kernelsOf(sizes, helper);
    for (const taken of [1, 3, chunks]) {
      helped.beginMse(0, sizes.rows);
      Atomics.add(words(), 0, taken);
      while (helped.addMse(Infinity) < sizes.rows);
      expect(stepOf(helped)).toEqual(train(alone));
    }
  });

  it('that is late by a batch changes nothing', () => {
    const sizes = sizesOf(32, 5);
    const chunks = Math.ceil(sizes.rows / chunkRows);
    const alone = kernelsOf(sizes);
    const { helper, slots, words } = silentHelper();
    const helped = kernelsOf(sizes, helper);
    expect(train(helped)).toEqual(train(alone));
    const late = words()[1];
    helped.beginMse(0, sizes.rows);
    Atomics.add(words(), 0, chunks);
    const slotBytes = 16 + Math.ceil(helped.parameters.length / 4) * 16;
    for (let chunk = 0; chunk < chunks; chunk++) {
      words()[8 + 2 * chunk + 1] = late;
      slots().fill(77, (2 * chunk + 1) * slotBytes, (2 * chunk + 2) * slotBytes);
    }
    expect(stepOf(helped)).toEqual(train(alone));
  });

  it('never mixes up batches that follow each other closely', async () => {
    const sizes = sizesOf(32, 5);
    const alone = kernelsOf(sizes);
    const { helped, words } = helpedKernels(sizes);
    train(helped);
    train(alone);
    helped.beginMse(0, sizes.rows);
    await untilAllTaken(words(), Math.ceil(sizes.rows / chunkRows));
    const spans = new Generator(5);
    for (let batch = 0; batch < 1000; batch++) {
      const start = spans.uint32() % 1000;
      const end = start + 1 + (spans.uint32() % (3 * chunkRows));
      const [actual, expected] = [helped, alone].map((kernels) => {
        kernels.beginMse(start, end);
        while (kernels.addMse(chunkRows) < end - start);
        return kernels.stepMse(0.01, 0).lastLoss;
      });
      expect(actual).toBe(expected);
    }
    expect(helped.parameters).toEqual(alone.parameters);
  });

  it('is asked for by batches of much work only, once, and let go', () => {
    const { helper, ended, tasks } = silentHelper();
    const kernels = kernelsOf(sizesOf(32, 0), helper);
    kernels.sgdMse(0, 1000, leastSharedBatch / 32 - 1, 0.01, 0);
    kernels.sgdMse(0, 1000, 64, 0.01, 0);
    expect(tasks).toHaveLength(0);
    kernels.sgdMse(0, 1000, leastSharedBatch / 32, 0.01, 0);
    expect([tasks.length, ended()]).toEqual([1, 0]);
    train(kernels);
    expect([tasks.length, ended()]).toEqual([1, 0]);
    train(kernelsOf(sizesOf(33, 0), helper));
    expect([tasks.length, ended()]).toEqual([2, 1]);
    helper.dismiss();
    expect([tasks.length, ended()]).toEqual([2, 2]);
  });

  it('gives the same bits while both ways are tried, and sleeps where it gains nothing', async () => {
    const sizes = sizesOf(32, 5);
    const alone = kernelsOf(sizes);
    const tasks: HelperTask[] = [];
    // Either way takes as long, whatever the rows of a span: what gains nothing is not worth a thread.
    const now = () => 0;
    const helper = new Helper((task) => {
      tasks.push(task);
      return startNodeHelper(task);
    }, now);
    const helped = kernelsOf(sizes, helper);
    const turn = () => {
      const [actual, expected] = [helped, alone].map((kernels) => kernels.sgdMse(0, sizes.rows, 512, 1e-3, 0));
      expect(actual).toEqual(expected);
      expect(helped.parameters).toEqual(alone.parameters);
    };
    turn();
    expect(tasks).toHaveLength(1);
    // Of each chunk the batch in which the helper summed it last: none changes where it has no part.
    const words = wordsOf(tasks[0]).subarray(sharedHead / 4, sharedHead / 4 + 2 * Math.ceil(sizes.rows / chunkRows));
    let [before, idle] = [words.join(), 0];
    // The thread begins when it can, and has its part in every second span until the times of both ways are known.
    for (let turns = 0; turns < 1000 && idle < 20; turns++) {
      turn();
      await new Promise(setImmediate);
      const now = words.filter((_, i) => i % 2 === 1).join();
      [before, idle] = [now, now === before ? idle + 1 : 0];
    }
    expect(idle).toBe(20);
    expect(train(helped)).toEqual(train(alone));
  });

  it('keeps a small dataset in memory of its own thread', () => {
    expect(allocateDataset(leastShared - 1, 1, 1, true).inputs.buffer).toBeInstanceOf(ArrayBuffer);
    expect(allocateDataset(leastShared, 1, 1).inputs.buffer).toBeInstanceOf(ArrayBuffer);
    expect(allocateDataset(leastShared, 1, 1, true).inputs.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('of Node ends when it is let go', async () => {
    const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
    const { helper, helped: kernels, words } = helpedKernels(sizesOf(32, 0));
    kernels.beginMse(0, kernels.sizes.rows);
    await untilAllTaken(words(), Math.ceil(kernels.sizes.rows / chunkRows));
    const exit = started.then((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    await started;
    helper.dismiss();
    await exit;
  });
});

describe('a run with a helper', () => {
  const samples = leastShared / 32 + 1000;
  const dataset = { generate: 'linear', samples, features: 32, noise: 0.5, seed: 2 };
  const config = { dataset, loader: { batch_size: samples }, optimizer: { type: 'SGD', lr: 0.1 } };
  async function trainer(helper?: Helper) {
    const request = { configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 };
    const opened = await openRun(request, { ...(helper && { helper }) });
    if ('problems' in opened) throw new Error(opened.problems[0].message);
    return opened.trainer;
  }

  it('gives the same bits, also where it rests in the middle of a batch and goes on elsewhere', async () => {
    const alone = await trainer();
    const records = Array.from({ length: 6 }, () => alone.advance(Infinity)!);
    const tasks: HelperTask[] = [];
    const helper = new Helper((task) => {
      tasks.push(task);
      return startNodeHelper(task);
    });
    const helped = await trainer(helper);
    const positions = [];
    for (const record of records) {
      positions.push(helped.position());
      // The helper may have done the rest by then, but not in the first epoch, which it is started in.
      const reached = helped.advance(chunkRows);
      if (!reached) {
        await untilAllTaken(wordsOf(tasks[0]), Math.ceil(samples / chunkRows));
        expect(helped.fullTrainLoss()).toBeGreaterThan(0);
        expect(helped.position()).toEqual(positions.at(-1));
      }
      expect(reached ?? helped.advance(Infinity)).toEqual(record);
    }
    const moved = await trainer(helper);
    moved.restore(positions[3]);
    expect(records.slice(3).map(() => moved.advance(Infinity))).toEqual(records.slice(3));
    expect(moved.position()).toEqual(alone.position());
    expect(helped.position()).toEqual(alone.position());
  });

  it('has one trial for kernels that do the same work, and another for other work', () => {
    const helper = new Helper(
      () => () => undefined,
      () => 0,
    );
    const task = (rows: number, memory = new WebAssembly.Memory({ initial: 1 })): Omit<HelperTask, 'id'> => ({
      module: {},
      memory,
      setUp: [['shape', [rows]]],
      help: 'help',
    });
    const first = helper.trialFor(task(1))!;
    expect(helper.trialFor(task(1))).toBe(first);
    expect(helper.trialFor(task(2))).not.toBe(first);
    expect(helper.trialFor(task(1))).not.toBe(first);
    expect(new Helper(() => () => undefined).trialFor(task(1))).toBeUndefined();
  });
});
