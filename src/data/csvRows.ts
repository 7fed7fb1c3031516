import { cellsAt } from './cellsAt';
import { type Column } from './column';
import { headerColumns } from './headerColumns';
import { papaparse, type ParsedRows, type ParseFault } from './papaparse';
import { MAX_PROBLEMS } from './problemCap';
import type { Finding } from './table';

const BLOCK_LENGTH = 1 << 20;
/** Beyond this a row is taken for a quote that was never closed. */
const MAX_ROW_LENGTH = 1 << 24;

/** Reads the rows of a delimited text into columns, block by block, and notes where each row starts. */
export class CsvRows {
  /** The header's columns; empty where the text holds nothing. */
  columns: Column[] = [];
  /** Rows with as many cells as the header has; the others are findings and not kept. */
  count = 0;
  /** Offset of the header. */
  headerStart = 0;
  /** What is wrong with the text. */
  readonly findings: Finding[] = [];
  /** Faulty rows beyond those among the findings. */
  unlisted = 0;
  private starts = new Uint32Array(1024);
  /** Offset of the row that comes next. */
  private next = 0;

  constructor(
    private readonly text: string,
    private readonly delimiter: string,
    private readonly newline: string,
  ) {
    this.readBlocks();
    if (this.columns.length === 0) {
      const message = 'the file is empty; a row of column names and rows of numbers are needed';
      this.report('empty', message, 0, 0);
    } else if (this.count === 0 && this.findings.every((finding) => finding.severity !== 'error')) {
      const message = 'the file has column names but no rows of data below them';
      this.report('no-rows', message, this.headerStart, this.lineEnd(this.headerStart));
    }
  }

  /** Offset of a row among those counted. */
  startOf(row: number): number {
    return this.starts[row];
  }

  /** Parses whole rows only: what a block breaks off is read again at the start of the next one. */
  private readBlocks(): void {
    let length = BLOCK_LENGTH;
    while (this.next < this.text.length) {
      const from = this.next;
      const last = from + length >= this.text.length;
      const step = (row: ParsedRows) => this.takeRow(row, from);
      const parser = new papaparse.Parser({ delimiter: this.delimiter, newline: this.newline, step });
      parser.parse(this.text.slice(from, from + length), from, !last);
      if (last) return;
      if (this.next > from) length = BLOCK_LENGTH;
      else if (length < MAX_ROW_LENGTH) length *= 2;
      else return this.refuseRest();
    }
  }

  private refuseRest(): void {
    const size = `${MAX_ROW_LENGTH >> 20} million characters`;
    const message = `this row does not end within ${size}; close the double quote that it opens, or break the line`;
    this.report('row-too-long', message, this.next, this.lineEnd(this.next));
  }

  private takeRow(row: ParsedRows, blockStart: number): void {
    const cells = row.data[0];
    const start = this.next;
    this.next = row.meta.cursor;
    if (cells.length === 1 && cells[0].trim() === '') return;
    if (row.errors.length > 0) this.reportQuotes(row.errors, blockStart);
    if (this.columns.length === 0) this.takeHeader(cells, start);
    else if (row.errors.length > 0) return;
    else if (cells.length !== this.columns.length) this.reportRagged(cells.length, start);
    else this.keepRow(cells, start);
  }

  private takeHeader(cells: string[], start: number): void {
    this.headerStart = start;
    const places = cellsAt(this.text, start, this.delimiter, this.newline, cells.length);
    const { columns, findings } = headerColumns(cells, places);
    this.columns = columns;
    this.findings.push(...findings);
  }

  private keepRow(cells: string[], start: number): void {
    for (let i = 0; i < cells.length; i++) this.columns[i].add(cells[i]);
    if (this.count === this.starts.length) {
      const larger = new Uint32Array(this.starts.length * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[this.count++] = start;
  }

  private reportRagged(found: number, start: number): void {
    const expected = this.columns.length;
    const cells = found === 1 ? '1 cell' : `${found} cells`;
    const message = `this row has ${cells}, but the header has ${expected}; give every row as many cells as the header`;
    this.report('ragged', message, start, this.lineEnd(start));
  }

  /** One finding a cell, though the parser notes every quote in it. */
  private reportQuotes(faults: ParseFault[], blockStart: number): void {
    const message =
      'the double quotes of this cell do not match; a cell that opens with " closes with ", and a " inside is written ""';
    const at = blockStart + faults[0].index - 1;
    this.report('quotes', message, at, at + 1);
  }

  private report(code: string, message: string, start: number, end: number): void {
    if (this.findings.length >= MAX_PROBLEMS) this.unlisted++;
    else this.findings.push({ severity: 'error', code, message, start, end });
  }

  private lineEnd(start: number): number {
    const end = this.text.indexOf(this.newline, start);
    return end < 0 ? this.text.length : end - (this.text[end - 1] === '\r' ? 1 : 0);
  }
}
