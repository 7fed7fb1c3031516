import { createKernels } from '../../src/engine/kernels/createKernels';
import { chunkRows, type LinearKernels } from '../../src/engine/kernels/kernels';
import { Generator } from '../../src/engine/random/random';

/** The bits of what kernels give for some shapes: orders, losses, parameters, outputs and gradients. */
export function kernelBits(): number[] {
  const shapes: [rows: number, inFeatures: number, outFeatures: number, batchSize: number][] = [
    [10, 6, 1, 1],
    [300, 32, 1, 32],
    [5000, 13, 1, 4500],
    [77, 70, 1, 7],
    [50, 5, 3, 50],
  ];
  return shapes.flatMap((shape) => bitsOf(...shape));
}

function trainOnce(kernels: LinearKernels, rows: number, batchSize: number): number {
  if (batchSize <= chunkRows) return kernels.sgdMse(0, rows, batchSize, 0.01, 0).lossSum;
  kernels.beginMse(0, batchSize);
  kernels.addMse(batchSize);
  kernels.addMse(batchSize);
  return kernels.stepMse(0.01, 0).lossSum;
}

function bitsOf(rows: number, inFeatures: number, outFeatures: number, batchSize: number): number[] {
  const generator = new Generator(rows);
  const draw = (count: number) => Float32Array.from({ length: count }, () => generator.uniform(-1, 1));
  const dataset = { inputs: draw(rows * inFeatures), targets: draw(rows) };
  const kernels = createKernels(dataset, { rows, inFeatures, outFeatures, targetFeatures: 1, hasBias: true });
  if (kernels.kind !== 'wasm') throw new Error('WebAssembly is refused here');
  kernels.parameters.set(draw(kernels.parameters.length));
  for (let row = 0; row < rows; row++) kernels.order[row] = row;
  kernels.shuffle(rows, rows);
  const sums = outFeatures === 1 ? [trainOnce(kernels, rows, batchSize)] : [];
  const last = Math.min(rows, 4096);
  kernels.forward(0, last);
  kernels.outputGradients.set(kernels.outputs);
  kernels.begin();
  kernels.backward(0, last);
  kernels.end();
  const floats = [kernels.parameters, kernels.gradients, kernels.outputs.subarray(0, 100)];
  const words = [Float64Array.from(sums), ...floats.map((array) => array.slice())].flatMap((array) => [
    ...new Uint32Array(array.buffer),
  ]);
  return [...kernels.order.subarray(0, 300), ...words];
}
