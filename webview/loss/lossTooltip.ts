import { element } from '../page/dom';

/** Pixels between the pointer and its tooltip. */
const gap = 12;

/** The values of an epoch at the pointer, on top of the plot. */
export class LossTooltip {
  readonly element = element('div', {
    class: 'loss-tooltip',
    testId: 'loss-tooltip',
    attributes: { 'aria-hidden': 'true' },
  });

  /** Shows lines beside a place, in pixels from the plot's left edge; takes them away without any. */
  render(lines: readonly string[], x: number, y: number): void {
    this.element.hidden = lines.length === 0;
    if (lines.length === 0) return;
    this.element.replaceChildren(...lines.map((text) => element('div', { text })));
    const { clientWidth, clientHeight } = this.element.parentElement!;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = x + gap + width <= clientWidth ? x + gap : x - gap - width;
    this.element.style.left = `${Math.max(0, Math.min(left, clientWidth - width))}px`;
    this.element.style.top = `${Math.max(0, Math.min(y - height - gap, clientHeight - height))}px`;
  }
}
