import type { TextRange } from '../../base/problem';
import { formFault } from '../table/cellForms';
import type { CellReader } from '../table/cellReader';
import type { Column } from '../table/column';
import type { CellFault } from '../table/parseCell';
import type { PassedRow } from '../table/rowSink';
import type { CsvRow } from './csvRow';
import type { Dialect } from './dialect';

/** The row of a delimited text at hand, as a sink takes it. */
export class PassedCsvRow implements PassedRow {
  readonly numbers: Float64Array;
  /** Whether rows are written as csv is everywhere, so that they can be handed on as they are. */
  private readonly isPlain: boolean;

  constructor(
    private readonly row: CsvRow,
    private readonly columns: readonly Column[],
    private readonly readers: readonly CellReader[],
    { style, comment }: Dialect,
  ) {
    this.numbers = new Float64Array(columns.length);
    this.isPlain = style.delimiter === ',' && !style.quote && !style.blanksBeforeQuotes && !comment?.inside;
  }

  text(column: number): string {
    return this.row.cellText(column);
  }

  fault(column: number): CellFault {
    const [text, reader] = [this.text(column), this.readers[column]];
    return this.columns[column].form === undefined ? reader.faultOf(text) : formFault(text, reader);
  }

  place(column: number): TextRange {
    return this.row.placeOf(column);
  }

  asWritten(): string | undefined {
    const { row, columns } = this;
    const isWhole = row.length === columns.length && !row.scanner.isFilled;
    return this.isPlain && isWhole ? row.text.slice(row.at, row.end()) : undefined;
  }
}
