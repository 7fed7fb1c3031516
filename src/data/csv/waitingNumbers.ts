import type { Column } from '../table/column';

const blockRows = 64;

/**
 * Numbers of the last rows that their columns did not get yet. A column gets many at once, because in a wide table each
 * column's state is far in memory from the next one's.
 */
export class WaitingNumbers {
  /** 1 for each column whose numbers may wait, as it only appends them. */
  readonly mayWait: Uint8Array;
  /** The rows at hand, row-major. */
  readonly numbers: Float64Array;
  /** Where the next row begins in `numbers`. */
  at = 0;
  /** The first row in `numbers` that each column did not get. */
  private readonly firsts: Uint8Array;
  private hasEnded = false;

  constructor(private readonly columns: readonly Column[]) {
    this.mayWait = new Uint8Array(columns.length);
    this.firsts = new Uint8Array(columns.length);
    this.numbers = new Float64Array(columns.length * blockRows);
  }

  /** A column, which now has all that waited for it, to take its cell of the row at hand itself. */
  before(i: number): Column {
    this.handOver(i);
    return this.columns[i];
  }

  /** The column has taken its cell. */
  after(i: number): void {
    this.firsts[i]++;
    this.mayWait[i] = Number(!this.hasEnded && this.columns[i].onlyAppends);
  }

  /** Ends a row. */
  endRow(): void {
    this.at += this.columns.length;
    if (this.at === this.numbers.length) this.settle();
  }

  /** Hands all that waits to the columns; from now on nothing waits. */
  end(): void {
    this.settle();
    this.hasEnded = true;
    this.mayWait.fill(0);
  }

  private settle(): void {
    for (let i = 0; i < this.columns.length; i++) this.handOver(i);
    this.firsts.fill(0);
    this.at = 0;
  }

  /** A column gets the rows before the one at hand. */
  private handOver(i: number): void {
    const { columns, numbers, firsts, at } = this;
    const rows = at / columns.length;
    const count = rows - firsts[i];
    if (count > 0) columns[i].addNumbers(numbers, firsts[i] * columns.length + i, columns.length, count);
    firsts[i] = rows;
  }
}
