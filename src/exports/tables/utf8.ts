import { strToU8 } from 'fflate/browser';

/** A text in UTF-8. */
export function utf8Bytes(text: string): Uint8Array {
  return strToU8(text);
}
