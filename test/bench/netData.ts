import { readFileSync, writeFileSync } from 'node:fs';
import { numberedNames } from '../../src/engine/data/generate';
import type { Dataset } from '../../src/engine/dataset';
import { allocateDataset } from '../../src/engine/kernels/kernelMemory';
import { sequentialModel, type Layer } from '../../src/engine/nn/layers';
import { Model } from '../../src/engine/nn/model';
import { Generator } from '../../src/engine/random/random';
import type { NetWorkload } from './netWorkloads';

/** Inputs of variance 1; the target is a bent function of them, or the class that one of ten planes gives most to. */
export function makeNetDataset(workload: NetWorkload): Dataset {
  const { rows, widths, loss } = workload;
  const [width, outputs] = [widths[0], widths[widths.length - 1]];
  const dataset = emptyDataset(workload);
  const generator = new Generator(1);
  const draw = (size: number) => (generator.uint32() / 2 ** 31 - 1) * size;
  const planes = Array.from({ length: outputs }, () =>
    Float64Array.from({ length: width }, () => draw(Math.sqrt(3 / width))),
  );
  for (let row = 0; row < rows; row++) {
    const x = dataset.inputs.subarray(row * width, (row + 1) * width);
    for (let i = 0; i < width; i++) x[i] = draw(Math.sqrt(3));
    const sums = planes.map((plane) => plane.reduce((sum, weight, i) => sum + weight * x[i], 0));
    const value = Math.sin(2 * sums[0]) + draw(0.2);
    dataset.targets[row] = loss === 'mse_loss' ? value : sums.indexOf(Math.max(...sums));
  }
  return dataset;
}

function emptyDataset({ rows, widths, loss }: NetWorkload, shares = false): Dataset {
  const [width, outputs] = [widths[0], widths[widths.length - 1]];
  return {
    rows,
    inputNames: numberedNames('x', width),
    targetNames: numberedNames('y', 1),
    ...(loss === 'cross_entropy' && { classNames: Array.from({ length: outputs }, (_, i) => String(i)) }),
    ...allocateDataset(rows, width, 1, shares),
  };
}

/** The layers of the net. */
export function netLayers({ widths, activation }: NetWorkload): Layer[] {
  return widths.slice(1).flatMap((outFeatures, i): Layer[] => {
    const linear = { type: 'Linear', inFeatures: widths[i], outFeatures, hasBias: true } as const;
    return i === widths.length - 2 ? [linear] : [linear, { type: activation }];
  });
}

/** Writes inputs, targets and the parameters that the seed draws, for programs in other languages. */
export function writeNetData(file: string, workload: NetWorkload): void {
  const { inputs, targets } = makeNetDataset(workload);
  const model = new Model(sequentialModel(netLayers(workload)));
  model.resetParameters(new Generator(workload.seed));
  const parts = [inputs, targets, model.parameters];
  writeFileSync(
    file,
    Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))),
  );
}

/** Reads what `writeNetData` wrote. */
export function readNetData(file: string, workload: NetWorkload, shares = false): Dataset {
  const { rows, widths } = workload;
  const bytes = readFileSync(file);
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const [width] = widths;
  const dataset = emptyDataset(workload, shares);
  dataset.inputs.set(numbers.subarray(0, rows * width));
  dataset.targets.set(numbers.subarray(rows * width, rows * width + rows));
  return dataset;
}
