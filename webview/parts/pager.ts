import { formatCount } from '../../src/base/format';
import { element, setText } from '../page/dom';
import type { IconName } from '../page/icons';
import { createButton, createTextField, type Button, type TextField } from '../page/toolkit';

/** What a pager is to say and do. */
export interface PagerOptions {
  /** What is paged, in the plural: `rows`. */
  things: string;
  /** Shows the page that begins at this position, counted from 0. */
  onPage: (offset: number) => void;
  /** Words for the field that goes to one thing; without them there is no field. */
  goTo?: string;
  /** Goes to the thing of the number that a person typed. */
  onGoTo?: (number: number) => void;
}

/** Leafs through something too long for a screen; hidden where one page holds all. */
export class Pager {
  readonly element: HTMLElement;
  private readonly position: HTMLElement;
  private readonly back: Button[];
  private readonly on: Button[];
  private readonly field: TextField | undefined;
  private offset = 0;
  private size = 1;
  private total = -1;

  constructor(private readonly options: PagerOptions) {
    const { things } = options;
    const button = (name: IconName, label: string, target: () => number): Button =>
      createButton({ appearance: 'icon', icon: name, label, onClick: () => this.go(target()) });
    this.back = [
      button('arrow-left', `First ${things}`, () => 0),
      button('chevron-left', `Previous ${things}`, () => this.offset - this.size),
    ];
    this.on = [
      button('chevron-right', `Next ${things}`, () => this.offset + this.size),
      button('arrow-right', `Last ${things}`, () => this.total - 1),
    ];
    this.position = element('span', { class: 'pager-position', testId: `${things}-position` });
    this.element = element('div', {
      class: 'pager',
      attributes: { role: 'group', 'aria-label': `Pages of ${things}` },
    });
    this.element.append(this.position, element('div', { class: 'pager-buttons' }, ...this.back, ...this.on));
    if (options.goTo && options.onGoTo) {
      this.field = createTextField({
        class: 'go-to',
        label: options.goTo,
        placeholder: options.goTo,
        testId: `${things}-go-to`,
        onEnter: (text) => this.goTo(text),
      });
      this.element.append(this.field);
    }
  }

  /** Shows where the page that begins at `offset` stands. */
  update(offset: number, size: number, total: number): void {
    this.element.hidden = total <= size;
    if (this.offset === offset && this.size === size && this.total === total) return;
    this.offset = offset;
    this.size = size;
    this.total = total;
    const last = Math.min(total, offset + size);
    const name = this.options.things[0].toUpperCase() + this.options.things.slice(1);
    setText(this.position, `${name} ${formatCount(offset + 1)}–${formatCount(last)} of ${formatCount(total)}`);
    for (const button of this.back) button.disabled = offset <= 0;
    for (const button of this.on) button.disabled = last >= total;
  }

  private go(target: number): void {
    const within = Math.max(0, Math.min(this.total - 1, target));
    this.options.onPage(pageStart(within, this.size));
  }

  private goTo(text: string): void {
    const number = Number(text.replaceAll(',', ''));
    if (text.trim() === '' || !Number.isInteger(number)) return;
    this.options.onGoTo?.(number);
    if (this.field) this.field.value = '';
  }
}

/** Where the page begins that holds a position. */
export function pageStart(position: number, size: number): number {
  return Math.floor(position / size) * size;
}
