import type { Dataset } from '../dataset';
import type { Kernels, KernelSizes } from './kernels';
import { PlainKernels } from './plainKernels';
import { canRunWasm, WasmKernels } from './wasmKernels';

/**
 * Kernels over a dataset, whose arrays may then be views on the kernels' memory. In WebAssembly where there is one with
 * SIMD, otherwise in TypeScript.
 * @throws OutOfMemory where the dataset is too large for WebAssembly's 4 GB.
 */
export function createKernels(dataset: Pick<Dataset, 'inputs' | 'targets'>, sizes: KernelSizes): Kernels {
  return canRunWasm() ? new WasmKernels(dataset, sizes) : new PlainKernels(dataset, sizes);
}
