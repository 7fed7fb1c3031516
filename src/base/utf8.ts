declare class TextEncoder {
  encode(text: string): Uint8Array;
  encodeInto(text: string, to: Uint8Array): { read: number; written: number };
}

/** The encoder that Node, web workers and pages all have, though no library of types is common to them. */
export const utf8Encoder = new TextEncoder();

/** A text in UTF-8. */
export function utf8Bytes(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}
