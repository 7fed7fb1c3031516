import { formatCount } from '../../src/base/format';
import type { RunState } from '../../src/protocol/state';
import type { Host } from '../page/connectHost';
import { element, setText } from '../page/dom';
import { createButton } from '../page/toolkit';

/** How much of a data file is read, while that takes long, and a way to give it up. */
export class Reading {
  private readonly text = element('span', { testId: 'reading' });
  private readonly bar = element('progress', {
    testId: 'reading-progress',
    attributes: { 'aria-label': 'Data file read' },
  });
  readonly element: HTMLElement;

  constructor(host: Host) {
    const cancel = createButton({
      appearance: 'secondary',
      text: 'Cancel',
      label: 'Cancel: stop reading the data file',
      testId: 'cancel-reading-button',
      onClick: () => host.act('stop'),
    });
    this.element = element('div', { class: 'reading' }, this.text, cancel, this.bar);
    this.element.hidden = true;
  }

  /** Shows how far reading is, or nothing. */
  render({ reading }: RunState): void {
    this.element.hidden = !reading;
    if (!reading) return;
    const { bytes, size } = reading;
    setText(this.text, `Reading ${megabytes(bytes)}${size === undefined ? '' : ` of ${megabytes(size)}`} MB`);
    if (size) {
      this.bar.max = size;
      this.bar.value = Math.min(bytes, size);
    } else this.bar.removeAttribute('value');
  }
}

/** A tenth at a time up to ten, then whole ones. */
function megabytes(bytes: number): string {
  const amount = bytes / 1e6;
  return amount < 10 ? amount.toFixed(1) : formatCount(Math.round(amount));
}
