import { utf8Text } from '../../data/bytes/bytesText';
import { jsonNumber, jsonValue, replaced } from '../../protocol/postedNumbers';

const marker = '$array';

const arrayTypes = { Float32Array, Float64Array } as const;
type ArrayName = keyof typeof arrayTypes;

/**
 * Plain data as bytes: the length of a JSON text, the text, then the arrays that it refers to.
 * Arrays go in as they are, so that no number, NaN included, changes on the way.
 */
export function encodePayload(data: unknown): Uint8Array {
  const arrays: Uint8Array[] = [];
  let offset = 0;
  const written = replaced(data, (value) => {
    if (typeof value === 'number') return jsonNumber(value);
    if (!(value instanceof Float32Array || value instanceof Float64Array)) return value;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    arrays.push(bytes);
    const reference = { [marker]: value.constructor.name, offset, length: value.length };
    offset += bytes.length;
    return reference;
  });
  const header = encodeText(JSON.stringify(written));
  const payload = new Uint8Array(4 + header.length + offset);
  new DataView(payload.buffer).setUint32(0, header.length, true);
  payload.set(header, 4);
  let at = 4 + header.length;
  for (const bytes of arrays) {
    payload.set(bytes, at);
    at += bytes.length;
  }
  return payload;
}

/** Reads what `encodePayload` wrote. Throws where the bytes are not whole. */
export function decodePayload({ buffer, byteOffset, byteLength }: Uint8Array): unknown {
  // Node's Buffer is a Uint8Array whose slices share memory, at any offset.
  const file = new Uint8Array(buffer, byteOffset, byteLength);
  const body = 4 + new DataView(buffer, byteOffset, byteLength).getUint32(0, true);
  let end = body;
  const data = replaced(JSON.parse(utf8Text(file.subarray(4, body))), (value) => {
    if (!isReference(value)) return jsonValue(value);
    // As numbers were written before they had one form.
    if (value[marker] === 'number') return Number(value.value);
    const type = arrayTypes[value[marker]];
    const start = body + value.offset;
    const stop = start + value.length * type.BYTES_PER_ELEMENT;
    end = Math.max(end, stop);
    return new type(file.slice(start, stop).buffer);
  });
  if (end !== byteLength) throw new RangeError(`${byteLength} bytes where ${end} are needed`);
  return data;
}

type Reference = { [marker]: 'number'; value: string } | { [marker]: ArrayName; offset: number; length: number };

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && marker in value;
}

/** ASCII with everything else escaped, as records have always been written. */
function encodeText(text: string): Uint8Array {
  const escaped = text.replace(/[^\x20-\x7e]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  return new TextEncoder().encode(escaped);
}
