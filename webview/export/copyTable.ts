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
