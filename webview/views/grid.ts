import { element, icon, setText } from '../dom';
import { createGrid, createGridCell, createGridRow } from '../toolkit';

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
  /** Scrolls sideways by itself. */
  readonly element: HTMLElement;
  private readonly grid: HTMLElement;
  private columns: readonly Column[] = [];
  private rows: HTMLElement[] = [];
  /** Characters before and after the decimal point, a column; they only grow, so that columns do not jump about. */
  private before: number[] = [];
  private after: number[] = [];

  constructor(label: string, testId: string) {
    this.grid = createGrid(label);
    this.grid.dataset['testid'] = testId;
    this.element = element('div', { class: 'grid-scroller' }, this.grid);
  }

  /** Makes the table anew with these columns. */
  setColumns(columns: readonly Column[]): void {
    this.columns = columns;
    this.before = columns.map(() => 0);
    this.after = columns.map(() => 0);
    this.rows = [];
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
  }

  /** Shows these rows, the first of which is number `offset` of `total` in all. */
  update(rows: readonly Row[], offset = 0, total = rows.length): void {
    this.grid.setAttribute('aria-rowcount', String(total + 1));
    while (this.rows.length > rows.length) this.rows.pop()!.remove();
    while (this.rows.length < rows.length) this.addRow();
    rows.forEach((row, index) => this.updateRow(this.rows[index], row, offset + index));
    this.setWidths();
  }

  private addRow(): void {
    const row = createGridRow(false);
    row.append(
      ...this.columns.map((column, index) => {
        const cell = createGridCell(column.rowHeader ? 'rowheader' : 'default', index);
        if (column.words || column.rowHeader) {
          cell.dataset['kind'] = 'words';
          return cell;
        }
        const fraction = element('span', { class: 'fraction' });
        fraction.style.width = `var(--fraction-${index})`;
        cell.append(element('span', { class: 'whole' }), fraction);
        return cell;
      }),
    );
    this.rows.push(row);
    this.grid.append(row);
  }

  private updateRow(target: HTMLElement, row: Row, index: number): void {
    // The title row is row 1 to assistive technology.
    const position = String(index + 2);
    if (target.getAttribute('aria-rowindex') !== position) target.setAttribute('aria-rowindex', position);
    target.toggleAttribute('data-highlighted', row.highlighted === true);
    row.cells.forEach((text, column) => {
      const cell = target.children[column] as HTMLElement;
      if (cell.dataset['kind'] === 'words') this.writeWords(cell, column, text, column === 0 ? row.mark : undefined);
      else this.writeNumber(cell, column, text);
    });
  }

  private writeWords(cell: HTMLElement, column: number, text: string, mark: Mark | undefined): void {
    this.before[column] = Math.max(this.before[column], text.length + (mark ? mark.text.length + 2 : 0));
    if (cell.dataset['text'] === text && cell.dataset['mark'] === (mark?.text ?? '')) return;
    cell.dataset['text'] = text;
    cell.dataset['mark'] = mark?.text ?? '';
    cell.title = text;
    cell.replaceChildren(element('span', { class: 'words', text }));
    if (mark) cell.append(' ', element('span', { class: 'mark', text: mark.text, attributes: { title: mark.hint } }));
  }

  private writeNumber(cell: HTMLElement, column: number, text: string): void {
    const point = text.search(/[.e]/);
    const whole = point < 0 ? text : text.slice(0, point);
    const fraction = point < 0 ? '' : text.slice(point);
    this.before[column] = Math.max(this.before[column], whole.length);
    this.after[column] = Math.max(this.after[column], fraction.length);
    setText(cell.firstChild!, whole);
    setText(cell.lastChild!, fraction);
  }

  private setWidths(): void {
    const widths = this.columns.map((column, index) => {
      const title = column.title.length * titleWidth + (column.onSort ? 3 : 0);
      const content = Math.max(title, this.before[index] + this.after[index]);
      return column.words || column.rowHeader ? Math.min(maxWords, content) : content;
    });
    const size = (characters: number): string => `calc(${characters.toFixed(1)}ch + 2 * var(--cell-padding))`;
    const tracks = widths.map((width) => `minmax(${size(width)}, ${size(width * stretch)})`);
    setProperty(this.grid, '--columns', tracks.join(' '));
    setProperty(this.grid, '--least-width', `calc(${widths.map(size).join(' + ')})`);
    this.after.forEach((length, index) => setProperty(this.grid, `--fraction-${index}`, `${length}ch`));
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

/** Writes a property of the element's own style only where it differs. */
function setProperty(target: HTMLElement, name: string, value: string): void {
  if (target.style.getPropertyValue(name) !== value) target.style.setProperty(name, value);
}
