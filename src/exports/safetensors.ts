/** The safetensors format: the length of a JSON header in 8 bytes, the header, then all numbers one after the other. */
import { utf8Text } from '../data/bytes/bytesText';
import { utf8Bytes } from '../base/utf8';
import type { Tensor } from './tensors';

/** Bytes that no header is longer than; the format's own readers refuse longer ones too. */
const maxHeader = 100_000_000;

/** Bytes that numbers begin at a multiple of, so that a reader may look at them in place. */
const alignment = 8;

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** Writes float32 tensors, and texts about them. */
export function writeSafetensors(tensors: readonly Tensor[], metadata: Record<string, string>): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, shape, data }) => {
    const start = end;
    end += 4 * data.length;
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }] as const;
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const plain = utf8Bytes(text);
  const length = Math.ceil(plain.length / alignment) * alignment;
  const bytes = new Uint8Array(8 + length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length);
  bytes.set(plain, 8);
  let at = 8 + length;
  for (const { data } of tensors) {
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/** Reads what `writeSafetensors` or another program wrote. @throws Error with a sentence where it is no such file */
export function readSafetensors(bytes: Uint8Array): { tensors: Tensor[]; metadata: Record<string, string> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? NaN : Number(view.getBigUint64(0, true));
  if (!(length <= Math.min(maxHeader, bytes.length - 8))) throw new Error('it is not a safetensors file');
  const header = parseHeader(utf8Text(bytes.subarray(8, 8 + length)));
  const { __metadata__: metadata, ...entries } = header;
  const tensors = Object.entries(entries).map(([name, entry]) => readTensor(name, entry, view, 8 + length));
  const texts = Object.entries(metadata ?? {}).filter(([, value]) => typeof value === 'string');
  return { tensors, metadata: Object.fromEntries(texts) };
}

function parseHeader(text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    header = undefined;
  }
  if (typeof header !== 'object' || header === null) throw new Error('its safetensors header is not JSON');
  return header as Record<string, unknown>;
}

function readTensor(name: string, entry: unknown, view: DataView, base: number): Tensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<HeaderEntry>;
  const fault = (what: string) => new Error(`its tensor ${JSON.stringify(name)} ${what}`);
  if (dtype !== 'F32') throw fault(`is ${JSON.stringify(dtype)}; only "F32" is read`);
  if (!Array.isArray(shape) || !Array.isArray(offsets)) throw fault('has no shape or no place');
  const count = shape.reduce((product, size) => product * size, 1);
  const [start, end] = offsets;
  const fits = Number.isSafeInteger(count) && start >= 0 && end - start === 4 * count && base + end <= view.byteLength;
  if (!fits) throw fault('does not fit into the file');
  return {
    name,
    shape,
    data: Float32Array.from({ length: count }, (_, i) => view.getFloat32(base + start + 4 * i, true)),
  };
}
