import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Dataset } from '../../src/engine/dataset';
import { arange, numberedNames } from '../../src/engine/data/generate';
import { allocateDataset } from '../../src/engine/kernels/kernelMemory';
import { linearModel } from '../../src/engine/nn/layers';
import { Model } from '../../src/engine/nn/model';
import { Generator } from '../../src/engine/random/random';
import type { Workload } from './workloads';

/** Inputs of variance 1 and a linear target with noise; the tutorial's own rows for W1. */
export function makeDataset({ name, rows, inputs: width }: Workload): Dataset {
  const names = { rows, inputNames: numberedNames('x', width), targetNames: numberedNames('y', 1) };
  if (name === 'W1') return { ...names, inputs: arange(58, 387, 5.5), targets: arange(6000, 9000, 320.7) };
  const dataset = { ...names, ...allocateDataset(rows, width, 1) };
  const generator = new Generator(1);
  const draw = (size: number) => (generator.uint32() / 2 ** 31 - 1) * size;
  const weight = Float64Array.from({ length: width }, () => draw(1));
  for (let row = 0; row < rows; row++) {
    let target = 0.5 + draw(0.5);
    for (let i = 0; i < width; i++) {
      const value = draw(Math.sqrt(3));
      dataset.inputs[row * width + i] = value;
      target += value * weight[i];
    }
    dataset.targets[row] = target;
  }
  return dataset;
}

/** Writes inputs, targets and the parameters that the seed draws, for programs in other languages. */
export function writeDataFile(file: string, { inputs, targets, inputNames }: Dataset, seed: number): void {
  const model = new Model(linearModel(inputNames.length, 1));
  model.resetParameters(new Generator(seed));
  const handle = openSync(file, 'w');
  for (const numbers of [inputs, targets, model.parameters]) {
    writeSync(handle, new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }
  closeSync(handle);
}

/** Reads what `writeDataFile` wrote. @param shares whether a helper will train on it too. */
export function readDataFile(file: string, { rows, inputs: width }: Workload, shares: boolean): Dataset {
  const bytes = readFileSync(file);
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const dataset = allocateDataset(rows, width, 1, shares);
  dataset.inputs.set(numbers.subarray(0, rows * width));
  dataset.targets.set(numbers.subarray(rows * width, rows * width + rows));
  return { rows, inputNames: numberedNames('x', width), targetNames: numberedNames('y', 1), ...dataset };
}
