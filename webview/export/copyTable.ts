import { clipboardText } from '../../src/exports/tables/delimitedText';
import { createButton, type Button } from '../page/toolkit';

/** How long the button says that it has copied, in milliseconds. */
const saidFor = 1500;
const label = 'Copy the rows shown';

/** A button that copies a table's rows as a spreadsheet takes them. @param rows its titles, then a row a line. */
export function copyButton(rows: () => string[][]): Button {
  const button = createButton({
    ...{ class: 'copy-table', testId: 'copy-table', appearance: 'icon', icon: 'copy', label },
    onClick: () => {
      void navigator.clipboard.writeText(clipboardText(rows())).then(
        () => say('Copied'),
        () => say('The clipboard cannot be written to'),
      );
    },
  });
  const say = (words: string) => {
    button.title = words;
    button.setAttribute('aria-label', words);
    setTimeout(() => {
      button.title = label;
      button.setAttribute('aria-label', label);
    }, saidFor);
  };
  return button;
}

/** What is known of a cell: all digits of its number are in `full` where its text has fewer. */
interface CopiedCell {
  element: Node;
  text?: string | undefined;
  full?: string | undefined;
}

/** Puts the selected cells of a table on the clipboard with all their digits, a line for each row. */
export function copySelected(event: ClipboardEvent, rows: readonly { cells: readonly CopiedCell[] }[]): void {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !event.clipboardData) return;
  const lines = rows.map(({ cells }) =>
    cells.filter((cell) => selection.containsNode(cell.element, true)).map(({ text = '', full = text }) => full),
  );
  const copied = lines.filter((cells) => cells.length > 0);
  if (copied.length === 0) return;
  event.clipboardData.setData('text/plain', clipboardText(copied).trimEnd());
  event.preventDefault();
}
