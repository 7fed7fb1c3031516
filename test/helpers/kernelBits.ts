import { createKernels } from '../../src/engine/kernels/createKernels';
import { chunkRows, type LinearKernels } from '../../src/engine/kernels/kernels';
import { WasmNetKernels } from '../../src/engine/kernels/wasmNet';
import type { ActivationChoice } from '../../src/engine/nn/activations';
import { sequentialModel } from '../../src/engine/nn/layers';
import { losses } from '../../src/engine/nn/losses';
import { createOptimizer } from '../../src/engine/optim/optimizers';
import { Generator } from '../../src/engine/random/random';
import { activationChoices } from '../engine/nn/activationChoices';

/** The bits of what kernels give for some shapes: orders, losses, parameters, outputs and gradients. */
export function kernelBits(): number[] {
  const shapes: [rows: number, inFeatures: number, outFeatures: number, batchSize: number][] = [
    [10, 6, 1, 1],
    [300, 32, 1, 32],
    [5000, 13, 1, 4500],
    [77, 70, 1, 7],
    [50, 5, 3, 50],
  ];
  return [...shapes.flatMap((shape) => bitsOf(...shape)), ...bent.flatMap(netBits)];
}

const bent = activationChoices.filter(({ type }) => type !== 'Identity');

/** The same for a net of this activation that is trained with Adam. */
function netBits(activation: ActivationChoice, index: number): number[] {
  const [rows, inFeatures, width] = [90, 7, 11];
  const loss = Object.values(losses)[index % 6];
  const outFeatures = loss.targets === 'classes' ? 3 : 1;
  const generator = new Generator(index);
  const draw = (count: number) => Float32Array.from({ length: count }, () => generator.uniform(-1, 1));
  const target = () => (loss.targets === 'classes' ? generator.uint32() % 3 : generator.uniform(0, 1));
  const targets = Float32Array.from({ length: rows }, target);
  const shape = sequentialModel([
    { type: 'Linear', inFeatures, outFeatures: width, hasBias: true },
    activation,
    { type: 'Linear', inFeatures: width, outFeatures, hasBias: true },
  ]);
  const kernels = new WasmNetKernels({ rows, inputs: draw(rows * inFeatures), targets }, shape);
  kernels.parameters.set(draw(kernels.parameters.length));
  for (let row = 0; row < rows; row++) kernels.order[row] = row;
  const optimizer = createOptimizer(
    { type: 'Adam', lr: 0.01, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.01, amsgrad: false },
    kernels.parameters.length,
  );
  const { lossSum } = kernels.train(0, rows, 16, loss.fused!, optimizer, 0);
  kernels.forward(0, rows);
  const numbers = [kernels.parameters, kernels.gradients, kernels.outputs, ...optimizer.buffers];
  return [Float64Array.of(lossSum), ...numbers.map((array) => array.slice())].flatMap((array) => [
    ...new Uint32Array(array.buffer),
  ]);
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
