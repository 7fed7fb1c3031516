import { element } from '../page/dom';
import { createCheckbox, setChecked } from '../page/toolkit';
import type { RunColumn } from './columns';

/** A box for each column of the table, by which a person hides and shows it. */
export class ColumnBoxes {
  readonly element: HTMLElement;
  private readonly boxes = element('div', { class: 'compare-boxes' });
  private shown = '';

  constructor(private readonly show: (id: string, shown: boolean) => void) {
    const summary = element('summary', { text: 'Columns' });
    this.element = element('details', { class: 'compare-columns' }, summary, this.boxes);
  }

  update(columns: readonly RunColumn[], hidden: readonly string[]): void {
    const ids = columns.map(({ id }) => id).join();
    if (ids === this.shown) return;
    this.shown = ids;
    this.boxes.replaceChildren(
      ...columns.map(({ id, title }) => {
        const box = createCheckbox({ text: title, onChange: (shown) => this.show(id, shown) });
        setChecked(box, !hidden.includes(id));
        return box;
      }),
    );
  }
}
