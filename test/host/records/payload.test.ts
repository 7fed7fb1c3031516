import { expect, it } from 'vitest';
import { decodePayload, encodePayload } from '../../../src/host/records/payload';

/** A payload without arrays, as its format is: the length of the text, and the text. */
function payloadOf(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const payload = new Uint8Array(4 + bytes.length);
  new DataView(payload.buffer).setUint32(0, bytes.length, true);
  payload.set(bytes, 4);
  return payload;
}

it('takes every number through, alone and in arrays', () => {
  const data = { loss: NaN, all: [Infinity, -Infinity, 1.5], array: Float32Array.of(NaN, 1, -Infinity), name: 'größe' };
  expect(decodePayload(encodePayload(data))).toEqual(data);
});

it('reads numbers as records had them before', () => {
  const text = '{"loss":{"$array":"number","value":"NaN"},"rate":{"$array":"number","value":"-Infinity"}}';
  expect(decodePayload(payloadOf(text))).toEqual({ loss: NaN, rate: -Infinity });
});

it('refuses bytes that are not whole, and bytes beyond them', () => {
  const payload = encodePayload({ losses: Float64Array.of(1, 2, 3) });
  for (const missing of [1, 8, 20]) expect(() => decodePayload(payload.subarray(0, -missing))).toThrow();
  const longer = Uint8Array.of(...payload, 0);
  expect(() => decodePayload(longer)).toThrow(`${longer.length} bytes where ${payload.length} are needed`);
});
