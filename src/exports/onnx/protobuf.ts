import { joinedBytes } from '../../base/joinedBytes';
import { utf8Bytes } from '../../base/utf8';

/** A field of a protobuf message as bytes: its number and kind, then its value. */
export type Field = Uint8Array;

/** A whole number that is not negative. */
export function numberField(field: number, value: number): Field {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** A single-precision number. */
export function floatField(field: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinedBytes([Uint8Array.from(varint(field * 8 + 5)), bytes]);
}

/** Bytes, or the fields of a message inside the message. */
export function bytesField(field: number, ...parts: Uint8Array[]): Field {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joinedBytes([Uint8Array.from([...varint(field * 8 + 2), ...varint(length)]), ...parts]);
}

/** A text. */
export function textField(field: number, text: string): Field {
  return bytesField(field, utf8Bytes(text));
}

/** Seven bits a byte, the lowest first; all bytes but the last have their highest bit set. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
