import type { Finding } from '../../base/problem';
import { textDecoder } from './textDecoder';

const binaryProbe = 4096;

/** A text without its byte order mark; or a finding that says why the bytes are no text. */
export interface DecodedText {
  text: string;
  findings: Finding[];
}

/** Decodes UTF-8, or UTF-16 with a byte order mark. A text is taken as it is. */
export function decodeText(source: Uint8Array | string): DecodedText {
  if (typeof source === 'string') return checked(source.startsWith('\uFEFF') ? source.slice(1) : source);
  return checked(textDecoder(encodingOf(source)).decode(source));
}

function checked(text: string): DecodedText {
  if (text.slice(0, binaryProbe).includes('\0')) {
    return failed('this is a binary file, not a text with columns; export it as csv in UTF-8', 'binary');
  }
  const broken = text.indexOf('\uFFFD');
  if (broken < 0) return { text, findings: [] };
  const message = 'the file is not UTF-8: this character cannot be read; save the file as UTF-8';
  return { text, findings: [{ message, code: 'encoding', severity: 'warning', start: broken, end: broken + 1 }] };
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function failed(message: string, code: string): DecodedText {
  return { text: '', findings: [{ message, code, severity: 'error', start: 0, end: 0 }] };
}
