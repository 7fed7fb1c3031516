import type { RunStatus } from '../../src/protocol/protocol';
import { copyButton, copySelected } from '../export/copyTable';
import { element, setText } from '../page/dom';
import { ElementSize } from '../page/elementSize';
import { fitColumns, type FittedColumns } from './columnWidths';
import {
  hasArrow,
  headerCell,
  pin,
  setProperty,
  widthOf,
  writeBar,
  writeNumber,
  writeWords,
  type Cell,
} from './gridCells';
import { createGrid, createGridCell, createGridRow } from './gridElements';

/** One column of a table. */
export interface Column {
  title: string;
  /** Longer words for the title. */
  hint?: string;
  /** Names its row; stays in sight when the table is scrolled sideways. */
  rowHeader?: boolean;
  /** Stays in sight too where the page has room for it; only directly after other pinned columns. */
  pinned?: boolean;
  /** Words rather than numbers: aligned to the left. */
  words?: boolean;
  /** Present where a click on the title sorts. */
  onSort?: () => void;
  sorted?: 'ascending' | 'descending' | undefined;
  /** Sorted so unless a person asks for another order: no arrow says it. */
  inOwnOrder?: boolean;
}

/** A word that sets a row apart. */
export interface Mark {
  text: string;
  hint: string;
}

/** What stands in a cell. */
export interface CellContent {
  text: string;
  /** The number with all its digits, where the text has fewer. */
  full?: string;
  /** A bar below the text, from 0 to 1. */
  bar?: number;
}

/** One row of a table: a text a column. */
export interface Row {
  cells: readonly (string | CellContent)[];
  /** A short word after the first cell's text, and what it stands for. */
  mark?: Mark | undefined;
  highlighted?: boolean;
}

/** A row on screen. */
interface Line {
  element: HTMLElement;
  cells: Cell[];
  /** Its number, counted from 0. */
  index: number;
  highlighted: boolean;
}

/** Widths in characters: of a bold letter in a title, and the most that words may take. */
const titleWidth = 1.2;
/** Characters more for each title: in a short one, wide letters do not even out. */
const titleSlack = 0.6;
/** How large titles are in a narrow table. */
const narrowTitle = 0.85;
const maxWords = 24;
/** Characters of the arrow of a sorted column, and the most that a title takes above numbers in a narrow table. */
const arrowWidth = 3;
const maxNarrowTitle = 10;
/** How far a column may grow where the page has room; beyond it, numbers would stand too far apart to compare. */
const stretch = 1.5;
/** Pixels below which a table has room for few digits only. */
const narrow = 420;
/** Pixels beside a cell's text: `--cell-padding` and the border. */
const padding = { narrow: 5, wide: 7 };

/**
 * A table whose cells are kept from one update to the next: only text that differs is written.
 * Numbers stand with their decimal points below one another.
 */
export class Grid {
  /** Scrolls sideways by itself, and offers to copy what it shows. */
  readonly element: HTMLElement;
  private readonly grid: HTMLElement;
  private columns: readonly Column[] = [];
  private lines: Line[] = [];
  private total = -1;
  /** Characters before and after the decimal point, a column; see `settle`. */
  private before: number[] = [];
  private after: number[] = [];
  private hasOldWidths = true;
  /** The focus was in a cell that new columns have taken away. */
  private hadFocus = false;
  private status: RunStatus | undefined;
  private readonly scroller: HTMLElement;
  private readonly size: ElementSize;
  /** A character of the table's font. */
  private readonly character = element('span', {
    class: 'character',
    text: '0',
    attributes: { 'aria-hidden': 'true' },
  });

  /** @param redraw called where the table has become wide or narrow, so that its rows can be written anew. */
  constructor(label: string, testId: string, redraw: () => void = () => undefined) {
    this.grid = createGrid(label);
    this.grid.dataset['testid'] = testId;
    this.scroller = element('div', { class: 'grid-scroller' }, this.grid, this.character);
    this.element = element(
      'div',
      { class: 'grid-box' },
      this.scroller,
      copyButton(() => this.texts()),
    );
    this.size = new ElementSize(this.scroller, () => {
      const wasNarrow = this.scroller.hasAttribute('data-narrow');
      if (this.scroller.toggleAttribute('data-narrow', this.isNarrow) !== wasNarrow) redraw();
      this.setWidths();
    });
    this.scroller.addEventListener('copy', (event) => copySelected(event, this.lines));
  }

  /** Whether there is room for few digits only; not before the table was laid out. */
  get isNarrow(): boolean {
    return this.size.width > 0 && this.size.width < narrow;
  }

  /** Makes the table anew with these columns. */
  setColumns(columns: readonly Column[]): void {
    this.columns = columns;
    this.before = columns.map(() => 0);
    this.after = columns.map(() => 0);
    this.lines = [];
    this.hasOldWidths = true;
    const header = createGridRow(true);
    header.append(...columns.map((column, index) => headerCell(column, index)));
    this.hadFocus ||= this.grid.contains(document.activeElement);
    this.grid.replaceChildren(header);
  }

  /** Gives a column other words; its cells stay as they are. */
  retitle(index: number, { title, hint = '' }: Pick<Column, 'title' | 'hint'>): void {
    this.columns = this.columns.map((column, at) => (at === index ? { ...column, title, hint } : column));
    const cell = this.grid.firstElementChild!.children[index] as HTMLElement;
    setText(cell.querySelector('.words')!, title);
    cell.title = hint;
    this.hasOldWidths = true;
  }

  /** Shows these rows, the first of which is number `offset` of `total` in all. */
  update(rows: readonly Row[], offset = 0, total = rows.length): void {
    if (total !== this.total) this.grid.setAttribute('aria-rowcount', String(total + 1));
    this.total = total;
    while (this.lines.length > rows.length) this.lines.pop()!.element.remove();
    while (this.lines.length < rows.length) this.addLine();
    rows.forEach((row, index) => this.updateLine(this.lines[index], row, offset + index));
    if (this.hasOldWidths) this.setWidths();
    // It goes to the cell that stands where the old one stood.
    if (this.hadFocus) this.grid.focus();
    this.hadFocus = false;
  }

  /** The titles, and the texts of the rows that are shown. */
  private texts(): string[][] {
    return [
      this.columns.map(({ title }) => title),
      ...this.lines.map(({ cells }) => cells.map(({ text = '', full = text }) => full)),
    ];
  }

  /** Columns only grow while a run trains, so that they do not jump about; where it rests they take what they need. */
  settle(status: RunStatus): void {
    if (status !== this.status && status !== 'running') this.fit();
    this.status = status;
  }

  private fit(): void {
    this.before.fill(0);
    this.after.fill(0);
    for (const { cells } of this.lines) cells.forEach((cell, column) => this.makeRoomFor(cell, column));
    this.setWidths();
  }

  private addLine(): void {
    const row = createGridRow(false);
    const cells = this.columns.map((column, index): Cell => {
      const cell = pin(createGridCell(column.rowHeader ? 'rowheader' : 'gridcell'), column, index);
      const [whole, fraction] = [document.createTextNode(''), document.createTextNode('')];
      if (column.words || column.rowHeader) {
        cell.dataset['kind'] = 'words';
      } else {
        const behind = element('span', { class: 'fraction' }, fraction);
        behind.style.width = `var(--fraction-${index})`;
        cell.append(element('span', { class: 'whole' }, whole), behind);
      }
      return { element: cell, whole, fraction };
    });
    row.append(...cells.map((cell) => cell.element));
    this.lines.push({ element: row, cells, index: -1, highlighted: false });
    this.grid.append(row);
  }

  private updateLine(line: Line, row: Row, index: number): void {
    // The title row is row 1 to assistive technology.
    if (line.index !== index) line.element.setAttribute('aria-rowindex', String(index + 2));
    line.index = index;
    const highlighted = row.highlighted === true;
    if (line.highlighted !== highlighted) line.element.toggleAttribute('data-highlighted', highlighted);
    line.highlighted = highlighted;
    row.cells.forEach((content, at) => {
      const cell = line.cells[at];
      const { text, full, bar } = typeof content === 'string' ? { text: content } : content;
      const mark = at === 0 ? row.mark : undefined;
      if (bar !== cell.bar) writeBar(cell, bar);
      if (cell.text === text && cell.full === full && cell.mark?.text === mark?.text) return;
      Object.assign(cell, { text, full, mark });
      const { words, rowHeader } = this.columns[at];
      if (words || rowHeader) writeWords(cell, text, mark);
      else writeNumber(cell, text, full);
      this.makeRoomFor(cell, at);
    });
  }

  private makeRoomFor({ text = '', mark, whole, fraction }: Cell, column: number): void {
    const { words, rowHeader } = this.columns[column];
    const isWords = words || rowHeader;
    const before = isWords ? text.length + (mark ? mark.text.length + 2 : 0) : widthOf(whole.data);
    const after = isWords ? 0 : widthOf(fraction.data);
    if (before <= this.before[column] && after <= this.after[column]) return;
    this.before[column] = Math.max(this.before[column], before);
    this.after[column] = Math.max(this.after[column], after);
    this.hasOldWidths = true;
  }

  private setWidths(): void {
    this.hasOldWidths = false;
    const widths = this.columns.map((column, index) => {
      const words = column.title.length * titleWidth + titleSlack;
      const title =
        (this.isNarrow ? Math.min(maxNarrowTitle, words * narrowTitle) : words) + (hasArrow(column) ? arrowWidth : 0);
      const content = Math.max(title, this.before[index] + this.after[index]);
      return column.words || column.rowHeader ? Math.min(maxWords, content) : content;
    });
    this.after.forEach((length, index) => setProperty(this.grid, `--fraction-${index}`, `${length.toFixed(1)}ch`));
    const { width } = this.size;
    const ch = width > 0 ? this.character.getBoundingClientRect().width : 0;
    const pixels = widths.map((characters) => characters * ch + 2 * padding[this.isNarrow ? 'narrow' : 'wide']);
    const isWider = ch > 0 && pixels.reduce((sum, each) => sum + each, 0) > width;
    this.scroller.toggleAttribute('data-wider', isWider);
    if (isWider) {
      const isAtStart = this.scroller.scrollLeft === 0;
      this.layOut(fitColumns(pixels, this.pinnedCount(), width));
      // The browser would follow the column that stood beside the pinned ones, past those that are pinned no more.
      if (isAtStart) this.scroller.scrollLeft = 0;
      return;
    }
    const size = (characters: number): string => `calc(${characters.toFixed(1)}ch + 2 * var(--cell-padding) + 2px)`;
    const tracks = widths.map((width) => `minmax(${size(width)}, ${size(width * stretch)})`);
    setProperty(this.grid, '--columns', tracks.join(' '));
    setProperty(this.grid, '--least-width', `calc(${widths.map(size).join(' + ')})`);
  }

  /** Columns at the beginning that are to stay in sight. */
  private pinnedCount(): number {
    const end = this.columns.findIndex(({ rowHeader, pinned }, index) => index > 0 && !rowHeader && !pinned);
    return end < 0 ? this.columns.length : end;
  }

  private layOut({ widths, pinned, starts }: FittedColumns): void {
    setProperty(this.grid, '--columns', widths.map((width) => `${width.toFixed(2)}px`).join(' '));
    let left = 0;
    widths.forEach((width, index) => {
      setProperty(this.grid, `--left-${index}`, index < pinned ? `${left.toFixed(2)}px` : 'auto');
      left += width;
      if (index === pinned - 1) setProperty(this.scroller, '--pinned', `${left.toFixed(2)}px`);
    });
    setProperty(this.grid, '--least-width', `${left.toFixed(2)}px`);
    Array.from(this.grid.firstElementChild!.children).forEach((cell, index) =>
      cell.toggleAttribute('data-start', starts.includes(index)),
    );
  }
}
