import { element, icon } from '../page/dom';
import { createGridCell } from '../page/toolkit';
import type { Column } from './grid';

/** The title of a column, which sorts where the column says so. */
export function headerCell(column: Column, index: number): HTMLElement {
  const cell = pin(createGridCell('columnheader', index), column, index);
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
