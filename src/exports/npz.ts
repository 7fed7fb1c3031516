import { utf8Bytes } from '../base/utf8';
import type { ExportedRun } from './exportedRun';
import { originalTensors, parameterTensors, type Tensor } from './tensors';

/**
 * An archive for `numpy.load`: `weight` and `bias` as trained; with scaling also `weight_original` and `bias_original` in
 * the columns' own units, and the scaling of inputs and targets, `scaled = (value - offset) / scale`.
 */
export async function writeNpz(exported: ExportedRun): Promise<Uint8Array> {
  const { scaling } = exported.run.shape;
  const vector = (name: string, data: Float64Array): Tensor => ({ name, shape: [data.length], data });
  const scalings = scaling
    ? [
        vector('input_offset', scaling.inputs.offset),
        vector('input_scale', scaling.inputs.scale),
        vector('target_offset', scaling.targets.offset),
        vector('target_scale', scaling.targets.scale),
      ]
    : [];
  const tensors = [...parameterTensors(exported), ...originalTensors(exported), ...scalings];
  const files = Object.fromEntries(tensors.map((tensor) => [`${tensor.name}.npy`, npy(tensor)]));
  const { zipSync } = await import('../data/bytes/packing');
  // The earliest time that a zip archive can name, so that equal runs give equal files.
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** The npy format, version 1.0: magic bytes, the length of the header, a Python literal padded to a multiple of 64, numbers. */
function npy({ shape, data }: Tensor): Uint8Array {
  const size = data.BYTES_PER_ELEMENT;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const literal = `{'descr': '<f${size}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const headerLength = Math.ceil((10 + literal.length + 1) / 64) * 64 - 10;
  const header = utf8Bytes(literal.padEnd(headerLength - 1) + '\n');
  const bytes = new Uint8Array(10 + headerLength + size * data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, headerLength, true);
  bytes.set(header, 10);
  const start = 10 + headerLength;
  data.forEach((value: number, i: number) => {
    if (size === 4) view.setFloat32(start + 4 * i, value, true);
    else view.setFloat64(start + 8 * i, value, true);
  });
  return bytes;
}
