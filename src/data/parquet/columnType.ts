import type { SchemaElement } from 'hyparquet/src/types.js';
import { utf8Text } from '../bytes/bytesText';
import { halfToNumber } from '../numpy/npyType';
import type { RawValue } from './pageValues';

/** What the values of a column are, and how one is made of what a page stores. */
export interface ColumnType {
  kind: 'number' | 'other';
  convert(raw: RawValue): number | string | boolean;
}

const numberType: ColumnType = { kind: 'number', convert: Number };
const textType: ColumnType = { kind: 'other', convert: (raw) => utf8Text(raw as Uint8Array) };

/**
 * The type of a flat column; undefined where its values are neither numbers, truth values nor texts.
 *
 * Dates and times become texts in ISO form: as numbers they would be days or nanoseconds since 1970, which a linear model
 * cannot learn from without scaling, and which would be taken for an input unasked. A text column is left out unless it is
 * named, and the message about it then shows a date.
 */
export function columnType(element: SchemaElement): ColumnType | undefined {
  const { type, converted_type: converted, logical_type: logical } = element;
  const meaning = logical?.type ?? converted;
  if (type === 'BOOLEAN') return { kind: 'other', convert: Boolean };
  if (meaning === 'DECIMAL') {
    const scale = logical?.type === 'DECIMAL' ? logical.scale : element.scale;
    return { kind: 'number', convert: (raw) => decimal(raw, scale ?? 0) };
  }
  if (type === 'FLOAT' || type === 'DOUBLE') return numberType;
  if (type === 'INT96') return { kind: 'other', convert: (raw) => isoText(julianMilliseconds(raw)) };
  if (type === 'INT32' || type === 'INT64') return wholeType(element);
  if (type === 'BYTE_ARRAY') return isBinary(meaning) ? undefined : textType;
  if (type !== 'FIXED_LEN_BYTE_ARRAY') return undefined;
  if (meaning === 'FLOAT16') return { kind: 'number', convert: half };
  return meaning === 'UUID' ? { kind: 'other', convert: hex } : undefined;
}

function wholeType({ converted_type: converted, logical_type: logical }: SchemaElement): ColumnType {
  if (converted === 'DATE' || logical?.type === 'DATE') {
    return { kind: 'other', convert: (raw) => isoText(Number(raw) * 86_400_000).slice(0, -14) };
  }
  if (logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP')) {
    const perMillisecond = partsOf(logical, converted);
    return { kind: 'other', convert: (raw) => isoText(Number(raw) / perMillisecond) };
  }
  if (logical?.type === 'TIME' || converted?.startsWith('TIME_')) {
    const perMillisecond = partsOf(logical, converted);
    return { kind: 'other', convert: (raw) => isoText(Number(raw) / perMillisecond).slice(11, -1) };
  }
  const unsigned = converted?.startsWith('UINT') || (logical?.type === 'INTEGER' && !logical.isSigned);
  return unsigned ? { kind: 'number', convert: toUnsigned } : numberType;
}

/** How many units of a time a millisecond has. */
function partsOf(logical: SchemaElement['logical_type'], converted: SchemaElement['converted_type']): number {
  const unit = logical && 'unit' in logical ? logical.unit : converted?.endsWith('MICROS') ? 'MICROS' : 'MILLIS';
  return { MILLIS: 1, MICROS: 1e3, NANOS: 1e6 }[unit];
}

function isBinary(meaning: string | undefined): boolean {
  return ['BSON', 'INTERVAL', 'GEOMETRY', 'GEOGRAPHY', 'VARIANT'].includes(meaning ?? '');
}

function toUnsigned(raw: RawValue): number {
  if (typeof raw === 'bigint') return Number(BigInt.asUintN(64, raw));
  const value = Number(raw);
  return value < 0 && value >= -(2 ** 31) ? value + 2 ** 32 : value;
}

/** Divided, not multiplied by a power of ten: so that 1.1 stays the double next to 1.1. */
function decimal(raw: RawValue, scale: number): number {
  let whole = raw;
  if (whole instanceof Uint8Array) {
    const digits = BigInt(`0x0${hex(whole)}`);
    whole = BigInt.asIntN(whole.length * 8, digits);
  }
  return Number(whole) / 10 ** scale;
}

function half(raw: RawValue): number {
  const bytes = raw as Uint8Array;
  return halfToNumber(bytes[0] | (bytes[1] << 8));
}

function hex(raw: RawValue): string {
  return Array.from(raw as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Nanoseconds of a day and, above them, the day by Julian count. */
function julianMilliseconds(raw: RawValue): number {
  const value = BigInt(raw as bigint);
  return (Number(value >> 64n) - 2_440_588) * 86_400_000 + Number(BigInt.asUintN(64, value)) / 1e6;
}

/** `YYYY-MM-DDTHH:MM:SS.sssZ`; the plain number beyond the years that have such a form. */
function isoText(milliseconds: number): string {
  const date = new Date(Math.floor(milliseconds));
  return Number.isNaN(date.getTime()) ? String(milliseconds).padStart(24) : date.toISOString();
}
