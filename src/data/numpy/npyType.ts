import { latin1Text, utf8Text } from '../bytes/bytesText';

/** A NumPy type of which every value is a number, a truth value or a text. */
export interface NpyType {
  /** As NumPy writes it, e.g. `<f8`. */
  name: string;
  kind: 'number' | 'bool' | 'text';
  /** Bytes of a value. */
  size: number;
  /** The value that begins at an offset. */
  read(view: DataView, offset: number): number | boolean | string;
  /** Whether every value is a float32 too, so that half the memory holds them. */
  single: boolean;
}

/** Longest text of a cell, in characters. */
const maxText = 1 << 20;

type Reader = (view: DataView, offset: number, little: boolean) => number;

const numberTypes: Record<string, { size: number; single: boolean; read: Reader }> = {
  i1: { size: 1, single: true, read: (view, at) => view.getInt8(at) },
  i2: { size: 2, single: true, read: (view, at, little) => view.getInt16(at, little) },
  i4: { size: 4, single: false, read: (view, at, little) => view.getInt32(at, little) },
  i8: { size: 8, single: false, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u1: { size: 1, single: true, read: (view, at) => view.getUint8(at) },
  u2: { size: 2, single: true, read: (view, at, little) => view.getUint16(at, little) },
  u4: { size: 4, single: false, read: (view, at, little) => view.getUint32(at, little) },
  u8: { size: 8, single: false, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  f2: { size: 2, single: true, read: (view, at, little) => halfToNumber(view.getUint16(at, little)) },
  f4: { size: 4, single: true, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { size: 8, single: false, read: (view, at, little) => view.getFloat64(at, little) },
};

/** The type that NumPy writes as `name`; undefined where its values are none of these, like dates and complex numbers. */
export function npyType(name: string): NpyType | undefined {
  const match = /^([<>|=])?([a-zA-Z?])(\d*)$/.exec(name);
  if (!match) return undefined;
  const [, order, letter, digits] = match;
  const little = order !== '>';
  const length = Number(digits);
  if (letter === 'b' && length === 1) {
    return { name, kind: 'bool', size: 1, single: true, read: (view, at) => view.getUint8(at) !== 0 };
  }
  const number = numberTypes[`${letter}${digits}`];
  if (number !== undefined) {
    const { size, single, read } = number;
    return { name, kind: 'number', size, single, read: (view, at) => read(view, at, little) };
  }
  if (digits === '' || length > maxText) return undefined;
  if (letter === 'U') {
    const read = (view: DataView, at: number) => codePoints(view, at, length, little);
    return { name, kind: 'text', size: length * 4, single: false, read };
  }
  if (letter === 'S' || letter === 'a') {
    const read = (view: DataView, at: number) => bytesText(view, at, length);
    return { name, kind: 'text', size: length, single: false, read };
  }
  return undefined;
}

/** Bytes of a value of a type that cannot be read, so that it can be passed over; undefined where that is not known. */
export function npyTypeSize(name: string): number | undefined {
  const match = /^[<>|=]?([fciumMV])(\d+)(\[.*\])?$/.exec(name);
  return match ? Number(match[2]) : undefined;
}

/** The number that 16 bits are in IEEE 754 half precision. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Characters of 4 bytes each; zeros fill the end. */
function codePoints(view: DataView, at: number, length: number, little: boolean): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    const code = view.getUint32(at + i * 4, little);
    if (code === 0 && restIsZero(view, at + i * 4, (length - i) * 4)) break;
    text += String.fromCodePoint(code > 0x10ffff ? 0xfffd : code);
  }
  return text;
}

/** Bytes as UTF-8 where they are that, else as Latin-1; zeros fill the end. */
function bytesText(view: DataView, at: number, length: number): string {
  let end = at + length;
  while (end > at && view.getUint8(end - 1) === 0) end--;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, end - at);
  const text = utf8Text(bytes);
  return text.includes('\uFFFD') ? latin1Text(bytes) : text;
}

function restIsZero(view: DataView, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (view.getUint8(at + i) !== 0) return false;
  return true;
}
