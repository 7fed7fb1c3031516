import type { TextRange } from '../../base/problem';
import { LineIndex } from '../../base/problem';
import type { Note } from './guessLayout';
import { isNumberish } from '../table/numberish';
import { foreignByText } from '../bytes/foreignKinds';

const numberPattern = '[+-]?[\\d.]+(?:[eE][+-]?\\d+)?';
const sparsePattern = new RegExp(`^${numberPattern}(\\s+(qid:)?\\d+:${numberPattern})+\\s*$`);
const namedPattern = new RegExp(
  `^\\s*[\\p{L}_][\\w ]*[:=]\\s*${numberPattern}([,;\\s]+[\\p{L}_]\\w*\\s*[:=]\\s*${numberPattern})+\\s*$`,
  'u',
);
const jsonPattern = /^\s*(\{\s*"|\[\s*\{)/;
const jsonAdvice = 'JSON; rename the file to .json, or to .jsonl if each line holds one object';
const sampleLines = 50;
/** Characters that may stand between cells but are not looked for. */
const otherDelimiters = [':', '~', '^', '!', '\x01', '\x1f', '/', '&', '*'];

/** Why a text cannot be a table of delimited rows, and what to do; undefined where it may be one. */
export function foreignText(text: string): Note | undefined {
  const index = new LineIndex(text);
  const found = foreignByText(text) ?? (jsonPattern.test(text) ? jsonAdvice : undefined);
  if (found !== undefined) return fault(index.range(0, 0), `this is ${found}`);
  const nul = text.indexOf('\0');
  if (nul >= 0)
    return fault(
      index.range(nul, nul + 1),
      'characters of code 0 begin here, as a file has after a crash; delete them',
    );
  const lines = linesOf(text);
  const places = lines.map(({ start, line }) => index.range(start, start + line.length));
  if (lines.length === 0) return undefined;
  if (lines.every(({ line }) => sparsePattern.test(line))) {
    return fault(
      places[0],
      'this is sparse text (LIBSVM, svmlight); write every number of a row, with the same columns in each',
    );
  }
  if (lines.length > 1 && lines.every(({ line }) => namedPattern.test(line))) {
    return fault(
      places[0],
      'the cells hold a name and a number each; write the names once in the first row, and numbers alone below',
    );
  }
  return undefined;
}

/** What to do about a text that has but one column as it was read, though its lines seem to hold several. */
export function hiddenCells(text: string): Note | undefined {
  const lines = linesOf(text);
  const index = new LineIndex(text);
  const places = lines.map(({ start, line }) => index.range(start, start + line.length));
  if (lines.length < 2) return undefined;
  if (areQuoted(lines.map(({ line }) => line))) {
    const cure = 'delete the quotes at the ends of each row';
    return fault(places[0], `each row is one cell in double quotes, with delimiters within it; ${cure}`);
  }
  const sign = otherDelimiters.find((one) => {
    const rows = lines.map(({ line }) => line.split(one));
    const cells = rows.slice(1).flatMap((row) => row.filter((cell) => cell !== ''));
    return (
      rows[0].length > 1 &&
      rows.every((row) => row.length === rows[0].length) &&
      2 * cells.filter(isNumberish).length >= cells.length
    );
  });
  if (sign !== undefined)
    return fault(
      places[0],
      `the cells seem to stand between ${JSON.stringify(sign)}; set dataset.delimiter to ${JSON.stringify(sign)}`,
    );
  const blanks = lines.map(({ line }) => line.trim().split(/\s+/));
  const numeric = (row: string[]) => row.length > 1 && row.every(isNumberish);
  const first = blanks.findIndex((row, i) => numeric(row) && i + 3 < blanks.length && blanks.slice(i).every(numeric));
  if (first < 0) return undefined;
  const rows = blanks.slice(first);
  const isPaired = rows.every((row, i) => row.length === rows[i % 2].length) && rows[0].length !== rows[1].length;
  const message = isPaired
    ? `each record stands on two lines, of ${rows[0].length} and ${rows[1].length} numbers; join them to one line a record, and delete the lines above this one`
    : 'blanks seem to stand between the numbers of these lines, but not as many in each; give every line as many numbers, and delete the lines above this one';
  return fault(places[first], message);
}

/** Whether all lines stand in quotes as a whole, with as many cells in each. */
function areQuoted(lines: readonly string[]): boolean {
  if (!lines.every((line) => /^"[^"]*"$/.test(line.trim()))) return false;
  return [',', ';', '\t', '|'].some((sign) => {
    const [first, ...others] = lines.map((line) => line.split(sign).length);
    return first > 1 && others.every((cells) => cells === first);
  });
}

function linesOf(text: string): { line: string; start: number }[] {
  const lines: { line: string; start: number }[] = [];
  let start = 0;
  for (const piece of text.split(/(\r\n?|\n)/, 4 * sampleLines)) {
    if (piece.trim() !== '' && lines.length < sampleLines) lines.push({ line: piece, start });
    start += piece.length;
  }
  return lines;
}

function fault(range: TextRange, message: string): Note {
  return { ...range, severity: 'error', message, code: 'other-kind' };
}
