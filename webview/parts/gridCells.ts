import { element, icon } from '../page/dom';
import type { Column, Mark } from './grid';
import { createGridCell } from './gridElements';

/** A cell of a row, and what stands in it. */
export interface Cell {
  element: HTMLElement;
  /** Absent before anything was written. */
  text?: string;
  full?: string | undefined;
  bar?: number | undefined;
  mark?: Mark | undefined;
  /** Of a number: before, and from the decimal point on. */
  whole: Text;
  fraction: Text;
}

/** The title of a column, which sorts where the column says so. */
export function headerCell(column: Column, index: number): HTMLElement {
  const cell = pin(createGridCell('columnheader'), column, index);
  if (column.words || column.rowHeader) cell.dataset['kind'] = 'words';
  cell.append(element('span', { class: 'words', text: column.title }));
  if (column.hint) cell.title = column.hint;
  if (!column.onSort) return cell;
  cell.dataset['sortable'] = 'true';
  cell.setAttribute('aria-sort', column.sorted ?? 'none');
  if (hasArrow(column)) cell.append(icon(column.sorted === 'ascending' ? 'arrow-small-up' : 'arrow-small-down'));
  cell.addEventListener('click', column.onSort);
  cell.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    column.onSort?.();
  });
  return cell;
}

/** Whether an arrow says how a column is sorted. */
export function hasArrow({ sorted, inOwnOrder }: Column): boolean {
  return sorted !== undefined && !inOwnOrder;
}

/** A cell that stays in sight where its column does; see `layOut`. */
export function pin<T extends HTMLElement>(cell: T, { pinned }: Column, index: number): T {
  cell.toggleAttribute('data-pinned', pinned === true);
  cell.style.left = `var(--left-${index}, ${index === 0 ? '0' : 'auto'})`;
  return cell;
}

/** Writes words into a cell, and a mark after them. */
export function writeWords({ element: cell }: Cell, text: string, mark: Mark | undefined): void {
  cell.title = text;
  cell.replaceChildren(element('span', { class: 'words', text }));
  if (mark) cell.append(' ', element('span', { class: 'mark', text: mark.text, attributes: { title: mark.hint } }));
}

/** Draws a cell's bar, from 0 to 1, or takes it away. */
export function writeBar(cell: Cell, bar: number | undefined): void {
  cell.bar = bar;
  cell.element.toggleAttribute('data-bar', bar !== undefined);
  cell.element.style.setProperty('--bar', (bar ?? 0).toFixed(3));
}

/** Writes a number into a cell. @param full the number with all its digits, which is read out and shown on hover. */
export function writeNumber({ element: cell, whole, fraction }: Cell, text: string, full = text): void {
  // Its parts stand in two elements, which would be read as two numbers.
  cell.setAttribute('aria-label', full);
  if (full !== text) cell.title = full;
  else cell.removeAttribute('title');

  const point = text.search(/[.e]/);
  const end = point < 0 ? text.length : point;
  const [front, back] = [text.slice(0, end), text.slice(end)];
  if (whole.data !== front) whole.data = front;
  if (fraction.data !== back) fraction.data = back;
}

/** Characters as wide as a digit that a number takes: in no font for reading are its points and commas as wide. */
export function widthOf(number: string): number {
  let width = number.length;
  for (const character of number) if (character === '.' || character === ',') width -= 0.5;
  return width;
}

/** Writes a property of the element's own style only where it differs. */
export function setProperty(target: HTMLElement, name: string, value: string): void {
  if (target.style.getPropertyValue(name) !== value) target.style.setProperty(name, value);
}
