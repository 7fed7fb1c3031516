import { strToU8 } from 'fflate/browser';

/** A text in UTF-8. */
export function utf8Bytes(text: string): Uint8Array {
  return strToU8(text);
}

/** Bytes one after the other. */
export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
