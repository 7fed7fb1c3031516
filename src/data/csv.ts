import { LineIndex, type Problem } from '../problem';
import { cellAt } from './cellsAt';
import { CsvRows } from './csvRows';
import { decodeText } from './decodeText';
import { papaparse } from './papaparse';
import type { CellPlace, Finding, TableReader, TableResult } from './table';

const DELIMITERS = [',', ';', '\t', '|'];
const DETECT_LENGTH = 65536;

/** Reads comma-separated values; semicolons, tabs and bars in place of commas are told by the first rows. */
export const readCsv: TableReader = (source, fileName) => readDelimited(source, fileName);

/** Reads tab-separated values. */
export const readTsv: TableReader = (source, fileName) => readDelimited(source, fileName, '\t');

function readDelimited(source: Uint8Array | string, fileName: string, given?: string): TableResult {
  const { text, findings } = decodeText(source);
  const lines = new LineIndex(text);
  const locate = ({ start, end, ...rest }: Finding): Problem => ({
    file: fileName,
    ...lines.range(start, end),
    ...rest,
  });
  if (findings.some((finding) => finding.severity === 'error')) return { problems: findings.map(locate), unlisted: 0 };

  const newline = text.includes('\n') ? '\n' : '\r';
  const delimiter = given ?? detectDelimiter(text, newline);
  const rows = new CsvRows(text, delimiter, newline);
  const { columns, count, unlisted } = rows;
  const problems = [...findings, ...rows.findings].map(locate);
  if (count === 0) return { problems, unlisted };

  const cell = (row: number, column: number): CellPlace => {
    const start = row < 0 ? rows.headerStart : rows.startOf(row);
    const place = cellAt(text, start, delimiter, newline, column);
    return { range: lines.range(place.start, place.end), text: place.text };
  };
  const textOf = (row: number, column: number) => cellAt(text, rows.startOf(row), delimiter, newline, column).text;
  return { table: { fileName, rows: count, columns, cell, text: textOf }, problems, unlisted };
}

function detectDelimiter(text: string, newline: string): string {
  const cut = text.length > DETECT_LENGTH ? text.lastIndexOf(newline, DETECT_LENGTH) : text.length;
  const head = text.slice(0, cut > 0 ? cut : DETECT_LENGTH);
  const options = { preview: 10, newline, delimitersToGuess: DELIMITERS, skipEmptyLines: true };
  return papaparse.parse(head, options).meta.delimiter;
}
