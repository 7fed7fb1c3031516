import { textDecoder } from './textDecoder';

const utf8 = textDecoder('utf-8', { ignoreBOM: true });

/** Bytes as UTF-8, with U+FFFD for what is not valid. */
export function utf8Text(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** Bytes as Latin-1, one character each. */
export function latin1Text(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 4096) parts.push(String.fromCharCode(...bytes.subarray(i, i + 4096)));
  return parts.join('');
}
