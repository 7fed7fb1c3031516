import type { TextRange } from '../../base/problem';
import { LineIndex } from '../../base/problem';
import type { Note } from './guessLayout';
import { isNumberish } from '../table/numberish';

/** Texts of other kinds by how they begin, what they are, and what to do with them. */
const kindPatterns: [RegExp, string][] = [
  [
    /^\s*<(!doctype\s+html|html|head|body)/i,
    'this is a web page (HTML), not the data; download the file itself, for instance by the link called "Raw"',
  ],
  [
    /^version https:\/\/git-lfs/,
    'this is a pointer of Git LFS, not the data; fetch the file itself with "git lfs pull"',
  ],
  [
    /^(?:\s|%[^\r\n]*[\r\n])*@relation\b/i,
    'this is an ARFF file (Weka); save it as CSV, or delete the lines up to @data and write the names of the attributes in their place',
  ],
  [/^\s*<\?xml/i, 'this is an XML file; save its rows as CSV'],
  [/^\{\\rtf/, 'this is a formatted document (RTF), not plain text; save it as plain text (CSV)'],
  [/^\s*(\{\s*"|\[\s*\{)/, 'this is JSON; rename the file to .json, or to .jsonl if each line holds one object'],
  [/^HEADER RECORD\*{7}LIB/, 'this is a SAS transport file; save it as CSV'],
  [/^\$FL[23]/, 'this is an SPSS file; save it as CSV'],
];
const numberPattern = '[+-]?[\\d.]+(?:[eE][+-]?\\d+)?';
const sparsePattern = new RegExp(`^${numberPattern}(\\s+(qid:)?\\d+:${numberPattern})+\\s*$`);
const namedPattern = new RegExp(
  `^\\s*[\\p{L}_][\\w ]*[:=]\\s*${numberPattern}([,;\\s]+[\\p{L}_]\\w*\\s*[:=]\\s*${numberPattern})+\\s*$`,
  'u',
);
const sampleLines = 50;
/** Characters that may stand between cells but are not looked for. */
const otherDelimiters = [':', '~', '^', '!', '\x01', '\x1f', '/', '&', '*'];

/** Why a text cannot be a table of delimited rows, and what to do; undefined where it may be one. */
export function foreignText(text: string): Note | undefined {
  const index = new LineIndex(text);
  const found = kindPatterns.find(([pattern]) => pattern.test(text));
  if (found) return fault(index.range(0, 0), found[1]);
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
