import type { ComparedRun } from '../../src/compare/comparedRun';
import { element, icon, setText } from '../page/dom';
import type { RunColumn } from './columns';
import type { RunMark } from './runMarks';

/** A row of the table. */
export interface TableRow {
  run: ComparedRun;
  mark: RunMark;
  isBest: boolean;
  isChosen: boolean;
}

/** What the table shows. */
export interface TableInput {
  rows: readonly TableRow[];
  columns: readonly RunColumn[];
  sort: { id: string; descending: boolean } | undefined;
}

/** What a person does with the table. */
export interface TableListener {
  sort(id: string): void;
  open(run: ComparedRun): void;
  choose(run: ComparedRun, chosen: boolean): void;
  /** A row is under the pointer or has the focus; undefined where none is any more. */
  highlight(id: string | undefined): void;
}

/** A table with a row a run. Rows are kept from one update to the next, so that what has the focus keeps it. */
export class CompareTable {
  readonly element: HTMLElement;
  private readonly head = element('tr');
  private readonly body = element('tbody');
  private readonly lines = new Map<string, HTMLTableRowElement>();
  private shownColumns = '';

  constructor(private readonly listener: TableListener) {
    const table = element(
      'table',
      { class: 'compare-table', testId: 'compare-table', attributes: { 'aria-label': 'Runs' } },
      element('thead', {}, this.head),
      this.body,
    );
    this.element = element('div', { class: 'compare-scroller', attributes: { tabindex: '-1' } }, table);
    this.body.addEventListener('pointerleave', () => this.listener.highlight(undefined));
    this.body.addEventListener('focusout', () => this.listener.highlight(undefined));
  }

  update({ rows, columns, sort }: TableInput): void {
    this.updateHead(columns, sort);
    const ids = new Set(rows.map(({ run }) => run.id));
    for (const [id, line] of this.lines) {
      if (ids.has(id)) continue;
      line.remove();
      this.lines.delete(id);
    }
    rows.forEach((row, at) => {
      const line = this.lineOf(row.run);
      // Moving a row takes the focus from it.
      if (this.body.children[at] !== line) this.body.insertBefore(line, this.body.children[at] ?? null);
      this.write(line, row, columns);
    });
  }

  private updateHead(columns: readonly RunColumn[], sort: TableInput['sort']): void {
    const shown = JSON.stringify([columns.map(({ id }) => id), sort]);
    if (shown === this.shownColumns) return;
    const focused = document.activeElement?.closest('th')?.dataset['column'];
    this.shownColumns = shown;
    this.head.replaceChildren(
      element('th', { attributes: { scope: 'col' } }, element('span', { class: 'visually-hidden', text: 'Chosen' })),
      ...columns.map((column) => this.headCell(column, sort?.id === column.id ? sort.descending : undefined)),
    );
    if (focused) this.head.querySelector<HTMLElement>(`th[data-column="${CSS.escape(focused)}"] button`)?.focus();
    // Columns have moved.
    for (const line of this.lines.values()) line.remove();
    this.lines.clear();
  }

  private headCell({ id, title, hint, words }: RunColumn, descending: boolean | undefined): HTMLElement {
    const button = element('button', { class: 'compare-sort', text: title, attributes: { type: 'button' } });
    if (hint) button.title = hint;
    if (descending !== undefined) button.append(icon(descending ? 'arrow-small-down' : 'arrow-small-up'));
    button.addEventListener('click', () => this.listener.sort(id));
    const cell = element('th', { attributes: { scope: 'col', 'data-column': id } }, button);
    if (words) cell.dataset['kind'] = 'words';
    if (descending !== undefined) cell.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    return cell;
  }

  private lineOf(run: ComparedRun): HTMLTableRowElement {
    const known = this.lines.get(run.id);
    if (known) return known;
    const line = element('tr', { attributes: { 'data-run': run.id } });
    const highlight = () => this.listener.highlight(run.id);
    line.addEventListener('pointerenter', highlight);
    line.addEventListener('focusin', highlight);
    line.addEventListener('keydown', (event) => this.move(event, line));
    const box = element('input', { attributes: { type: 'checkbox' } });
    box.addEventListener('change', () => this.listener.choose(run, box.checked));
    line.append(element('td', { class: 'compare-choice' }, box));
    this.lines.set(run.id, line);
    return line;
  }

  private write(line: HTMLTableRowElement, row: TableRow, columns: readonly RunColumn[]): void {
    const { run, mark, isBest, isChosen } = row;
    const box = line.querySelector('input')!;
    box.checked = isChosen;
    box.setAttribute('aria-label', `Choose ${run.name}`);
    line.toggleAttribute('data-best', isBest);
    columns.forEach((column, at) => {
      const cell = line.cells[at + 1] ?? line.insertCell();
      if (column.id === 'name') return this.writeName(cell, { run, mark, isBest });
      setText(cell, column.textOf(run));
      const full = column.fullOf?.(run) ?? '';
      if (full !== '' && full !== cell.textContent) cell.title = full;
      else cell.removeAttribute('title');
      cell.toggleAttribute('data-words', column.words === true);
    });
  }

  private writeName(cell: HTMLElement, { run, mark, isBest }: Pick<TableRow, 'run' | 'mark' | 'isBest'>): void {
    let [sign, button, best] = cell.children as unknown as (HTMLElement | undefined)[];
    if (!sign || !button || !best) {
      sign = element('span', { class: 'compare-sign', attributes: { 'aria-hidden': 'true' } });
      button = element('button', { class: 'compare-open', attributes: { type: 'button' } });
      button.addEventListener('click', () => this.listener.open(run));
      best = element('span', { class: 'compare-best', text: 'best' });
      cell.dataset['words'] = '';
      cell.append(sign, button, best);
    }
    sign.style.color = mark.colour;
    setText(sign, mark.sign);
    setText(button, run.name);
    button.title = `Open ${run.name}`;
    best.hidden = !isBest;
  }

  /** Up and down go to the same control of the next row. */
  private move(event: KeyboardEvent, line: HTMLElement): void {
    const to = { ArrowUp: line.previousElementSibling, ArrowDown: line.nextElementSibling }[event.key];
    if (!to || !(event.target instanceof HTMLElement)) return;
    event.preventDefault();
    to.querySelector<HTMLElement>(event.target.tagName === 'INPUT' ? 'input' : 'button')?.focus();
  }
}
