import type { Column } from './column';

/** Ends of names of codes: numbers that name places, things or people. */
const codeName =
  /^(.*[_ .-])?(zip|postal|post|area|region|district|country|product|store|branch)?[_ ]?(zip|codes?|plz|sku|ids?)$/i;
const camelCaseCode = /[a-z](Id|ID|Code|Zip)s?$/;

/**
 * Whether numbers of a column are codes that are worth an input each: its name says so, or all are written with as many
 * digits and some begin with a zero; they are whole, and occur twice or more on average.
 */
export function isCode(column: Column): boolean {
  const { name, type, distinct, samples, numbers, data } = column;
  if (type !== 'number' || distinct === undefined || distinct < 2 || 2 * distinct > numbers) return false;
  const isNamed = codeName.test(name) || camelCaseCode.test(name);
  const isWritten =
    samples.some((text) => /^0\d/.test(text)) &&
    samples.every((text) => /^\d+$/.test(text) && text.length === samples[0].length);
  return (isNamed || isWritten) && data.every((value) => Number.isNaN(value) || Number.isInteger(value));
}
