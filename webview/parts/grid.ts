import type { RunStatus } from '../../src/protocol/protocol';
import { copyButton } from '../export/copyTable';
import { element, icon, setText } from '../page/dom';
import { createGrid, createGridCell, createGridRow } from '../page/toolkit';

/** One column of a table. */
export interface Column {
  title: string;
  /** Longer words for the title. */
  hint?: string;
  /** Names its row; stays in sight when the table is scrolled sideways. */
  rowHeader?: boolean;
  /** Words rather than numbers: aligned to the left. */
  words?: boolean;
  /** Present where a click on the title sorts. */
  onSort?: () => void;
  sorted?: 'ascending' | 'descending' | undefined;
}

/** A word that sets a row apart. */
export interface Mark {
  text: string;
  hint: string;
}

/** One row of a table: a text a column. */
export interface Row {
  cells: readonly string[];
  /** A short word behind the first cell's text, and what it stands for. */
  mark?: Mark | undefined;
  highlighted?: boolean;
}

/** A cell of a row, and what stands in it. */
interface Cell {
  element: HTMLElement;
  /** Absent before anything was written. */
  text?: string;
  mark?: Mark | undefined;
  /** Of a number: before, and from the decimal point on. */
  whole: Text;
  fraction: Text;
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
const maxWords = 24;
/** How far a column may grow where the page has room; beyond it, numbers would stand too far apart to compare. */
const stretch = 1.5;

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
  private status: RunStatus | undefined;

  constructor(label: string, testId: string) {
    this.grid = createGrid(label);
    this.grid.dataset['testid'] = testId;
    const scroller = element('div', { class: 'grid-scroller' }, this.grid);
    this.element = element(
      'div',
      { class: 'grid-box' },
      scroller,
      copyButton(() => this.texts()),
    );
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
  }

  /** The titles, and the texts of the rows that are shown. */
  private texts(): string[][] {
    return [
      this.columns.map(({ title }) => title),
      ...this.lines.map(({ cells }) => cells.map(({ text }) => text ?? '')),
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
      const cell = createGridCell(column.rowHeader ? 'rowheader' : 'default', index);
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
    row.cells.forEach((text, at) => {
      const cell = line.cells[at];
      const mark = at === 0 ? row.mark : undefined;
      if (cell.text === text && cell.mark?.text === mark?.text) return;
      Object.assign(cell, { text, mark });
      const { words, rowHeader } = this.columns[at];
      if (words || rowHeader) this.writeWords(cell, text, mark);
      else this.writeNumber(cell, text);
      this.makeRoomFor(cell, at);
    });
  }

  private writeWords({ element: cell }: Cell, text: string, mark: Mark | undefined): void {
    cell.title = text;
    cell.replaceChildren(element('span', { class: 'words', text }));
    if (mark) cell.append(' ', element('span', { class: 'mark', text: mark.text, attributes: { title: mark.hint } }));
  }

  private writeNumber({ whole, fraction }: Cell, text: string): void {
    const point = text.search(/[.e]/);
    const end = point < 0 ? text.length : point;
    const [front, back] = [text.slice(0, end), text.slice(end)];
    if (whole.data !== front) whole.data = front;
    if (fraction.data !== back) fraction.data = back;
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
      const title = column.title.length * titleWidth + (column.onSort ? 3 : 0);
      const content = Math.max(title, this.before[index] + this.after[index]);
      return column.words || column.rowHeader ? Math.min(maxWords, content) : content;
    });
    const size = (characters: number): string => `calc(${characters.toFixed(1)}ch + 2 * var(--cell-padding))`;
    const tracks = widths.map((width) => `minmax(${size(width)}, ${size(width * stretch)})`);
    setProperty(this.grid, '--columns', tracks.join(' '));
    setProperty(this.grid, '--least-width', `calc(${widths.map(size).join(' + ')})`);
    this.after.forEach((length, index) => setProperty(this.grid, `--fraction-${index}`, `${length.toFixed(1)}ch`));
  }
}

function headerCell(column: Column, index: number): HTMLElement {
  const cell = createGridCell('columnheader', index);
  if (column.words || column.rowHeader) cell.dataset['kind'] = 'words';
  cell.append(element('span', { class: 'words', text: column.title }));
  if (column.hint) cell.title = column.hint;
  if (!column.onSort) return cell;
  cell.dataset['sortable'] = 'true';
  cell.setAttribute('aria-sort', column.sorted ?? 'none');
  if (column.sorted) cell.append(icon(column.sorted === 'ascending' ? 'arrow-small-up' : 'arrow-small-down'));
  cell.addEventListener('click', column.onSort);
  cell.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    column.onSort?.();
  });
  return cell;
}

/** Characters as wide as a digit that a number takes: in no font for reading are its points and commas as wide. */
function widthOf(number: string): number {
  let width = number.length;
  for (const character of number) if (character === '.' || character === ',') width -= 0.5;
  return width;
}

/** Writes a property of the element's own style only where it differs. */
function setProperty(target: HTMLElement, name: string, value: string): void {
  if (target.style.getPropertyValue(name) !== value) target.style.setProperty(name, value);
}
