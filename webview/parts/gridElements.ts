import { element } from '../page/dom';

/**
 * A table's outer element, without rows. One stop of the Tab key, at the cell that had the focus last; arrow keys, Home, End,
 * Page Up and Page Down move from there. Plain elements, because a large table has thousands of cells, and a custom element
 * with a shadow root for each takes a browser many times as long.
 */
export function createGrid(label: string): HTMLElement {
  const grid = element('div', { class: 'grid', attributes: { role: 'grid', tabindex: '0', 'aria-label': label } });
  let [row, column] = [0, 0];
  const focus = (toRow: number, toColumn: number): void => {
    const line = grid.children[Math.max(0, Math.min(grid.children.length - 1, toRow))];
    const cell = line?.children[Math.max(0, Math.min(line.children.length - 1, toColumn))];
    (cell as HTMLElement | undefined)?.focus();
  };
  grid.addEventListener('focusin', ({ target }) => {
    if (target === grid) return focus(row, column);
    const cell = (target as Element).closest('.grid-cell');
    if (!cell?.parentElement) return;
    column = Array.prototype.indexOf.call(cell.parentElement.children, cell);
    row = Array.prototype.indexOf.call(grid.children, cell.parentElement);
    grid.tabIndex = -1;
  });
  grid.addEventListener('focusout', ({ relatedTarget }) => {
    if (!grid.contains(relatedTarget as Node | null)) grid.tabIndex = 0;
  });
  grid.addEventListener('keydown', (event) => {
    const place = event.defaultPrevented ? undefined : moved(event, row, column);
    if (!place) return;
    event.preventDefault();
    focus(...place);
  });
  return grid;
}

/** Where a key leads from a cell, beyond the last one included; undefined where it leads nowhere. */
function moved(
  { key, ctrlKey }: KeyboardEvent,
  row: number,
  column: number,
): [row: number, column: number] | undefined {
  switch (key) {
    case 'ArrowUp':
      return [row - 1, column];
    case 'ArrowDown':
      return [row + 1, column];
    case 'ArrowLeft':
      return [row, column - 1];
    case 'ArrowRight':
      return [row, column + 1];
    case 'PageUp':
      return [0, column];
    case 'PageDown':
      return [Infinity, column];
    case 'Home':
      return [ctrlKey ? 0 : row, 0];
    case 'End':
      return [ctrlKey ? Infinity : row, Infinity];
    default:
      return undefined;
  }
}

/** A row for `createGrid`. */
export function createGridRow(isHeader: boolean): HTMLElement {
  return element('div', { class: isHeader ? 'grid-row grid-titles' : 'grid-row', attributes: { role: 'row' } });
}

/** A cell for `createGridRow`. */
export function createGridCell(role: 'gridcell' | 'columnheader' | 'rowheader'): HTMLElement {
  return element('div', { class: 'grid-cell', attributes: { role, tabindex: '-1' } });
}
