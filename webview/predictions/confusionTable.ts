import { formatCount, formatPercent } from '../../src/base/format';
import type { Confusion } from '../../src/protocol/questions';
import { element, setText } from '../page/dom';

/** How often each class was taken for each: a row an actual class, a column a predicted one. */
export class ConfusionTable {
  private readonly words = element('p', { class: 'confusion-words', testId: 'confusion-words' });
  private readonly scroller = element('div', {
    class: 'confusion-scroller',
    attributes: { tabindex: '0', role: 'group', 'aria-label': 'Actual and predicted classes' },
  });
  readonly element = element('div', { class: 'confusion' }, this.words, this.scroller);
  private cells: HTMLElement[] = [];
  private shownClasses = '';

  /** Shows counts; the table stays, and only numbers that differ are written. */
  render(confusion: Confusion, classNames: string[]): void {
    const { classes, counts } = confusion;
    setText(this.words, describe(confusion, classNames.length));
    const names = Array.from(classes, (number) => classNames[number]);
    const key = JSON.stringify(names);
    if (key !== this.shownClasses) {
      this.shownClasses = key;
      this.build(names);
    }
    const largest = Math.max(1, ...counts);
    counts.forEach((count, i) => {
      setText(this.cells[i], formatCount(count));
      this.cells[i].toggleAttribute('data-none', count === 0);
      this.cells[i].style.setProperty('--share', (count / largest).toFixed(3));
    });
  }

  private build(names: string[]): void {
    const title = (text: string, scope: string) => element('th', { text, attributes: { scope, title: text } });
    const corner = element('th', { text: 'Actual ↓\nPredicted →', attributes: { scope: 'row' } });
    const head = element('tr', {}, corner, ...names.map((name) => title(name, 'col')));
    this.cells = [];
    const rows = names.map((name, row) => {
      const cells = names.map((_, column) => {
        const cell = element('td', row === column ? { class: 'right' } : {});
        this.cells.push(cell);
        return cell;
      });
      return element('tr', {}, title(name, 'row'), ...cells);
    });
    const table = element('table', { testId: 'confusion-table' });
    table.append(element('thead', {}, head), element('tbody', {}, ...rows));
    this.scroller.replaceChildren(table);
  }
}

function describe(confusion: Confusion, classCount: number): string {
  const { classes, total, right, validationTotal, validationRight } = confusion;
  const share = (part: number, of: number): string =>
    `${formatCount(part)} of ${formatCount(of)} (${formatPercent(part / of, 3)})`;
  const parts = [`Right: ${share(right, total)}`];
  if (validationTotal > 0) parts.push(`of the validation rows ${share(validationRight, validationTotal)}`);
  const words = `${parts.join(', ')}.`;
  if (classes.length === classCount) return words;
  return `${words} The ${formatCount(classes.length)} of ${formatCount(classCount)} classes that are confused most:`;
}
