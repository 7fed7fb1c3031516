import type { Dataset } from '../dataset';
import { onlyLinear, type ModelShape } from '../nn/layers';
import type { Helper } from './helper';
import { kernelSizes, type Kernels, type KernelSizes, type LinearKernels } from './kernels';
import { NetKernels } from './netKernels';
import { hasKernels } from './netLayout';
import { PlainKernels } from './plainKernels';
import { canRunWasm, WasmKernels } from './wasmKernels';
import { WasmNetKernels } from './wasmNet';

/**
 * Kernels of a linear layer over a dataset, whose arrays may then be views on the kernels' memory. In WebAssembly where
 * there is one with SIMD, otherwise in TypeScript. With a helper, large batches are shared with it.
 * @throws OutOfMemory where the dataset is too large for WebAssembly's 4 GB.
 */
export function createKernels(
  dataset: Pick<Dataset, 'inputs' | 'targets'>,
  sizes: KernelSizes,
  helper?: Helper,
): LinearKernels {
  return canRunWasm() ? new WasmKernels(dataset, sizes, helper) : new PlainKernels(dataset, sizes);
}

/** Makes the kernels of a model over a dataset. */
export type MakeKernels = (dataset: Dataset, shape: ModelShape) => Kernels;

/**
 * The kernels that a model over a dataset takes: those of a linear layer where it is nothing else. With a helper, large batches
 * are shared with it. @throws as `createKernels`.
 */
export function createModelKernels(dataset: Dataset, shape: ModelShape, helper?: Helper): Kernels {
  const linear = onlyLinear(shape.layers);
  if (linear) return createKernels(dataset, kernelSizes(dataset, linear), helper);
  const isKnown = canRunWasm() && hasKernels(shape.layers);
  return isKnown ? new WasmNetKernels(dataset, shape, helper) : new NetKernels(dataset, shape);
}

/** The same in TypeScript, which leaves the dataset's arrays where they are: for rows that are looked at, not trained on. */
export function createPlainKernels(dataset: Dataset, shape: ModelShape): Kernels {
  const linear = onlyLinear(shape.layers);
  return linear ? new PlainKernels(dataset, kernelSizes(dataset, linear)) : new NetKernels(dataset, shape);
}
