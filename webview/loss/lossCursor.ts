import { element } from '../page/dom';
import type { EpochRange } from './lossWindow';

/** What the cursor needs to know of its curve. */
export interface CursorOptions {
  epochAt: (pixel: number) => number | undefined;
  range: () => EpochRange;
  /** Epochs that a long step takes. */
  stride: () => number;
  moved: () => void;
  /** A person picked an epoch out by Enter. */
  picked: (epoch: number) => void;
}

/** Share of the curve that Page Up and Page Down move by. */
const pageShare = 0.1;

/** Points at one epoch of the curve, by pointer or by keyboard. */
export class CursorControl {
  readonly element: HTMLElement;
  /** Absent where there is no cursor. */
  epoch: number | undefined;
  /** True while the keyboard, not the pointer, moves it. */
  byKeyboard = false;
  /** Where the pointer was last, in pixels from the upper left corner. */
  pointer = { x: 0, y: 0 };

  constructor(
    canvas: HTMLCanvasElement,
    private readonly options: CursorOptions,
  ) {
    this.element = element(
      'div',
      {
        class: 'loss-canvas',
        testId: 'loss-chart',
        attributes: {
          role: 'slider',
          tabindex: '0',
          'aria-label': 'Loss curve: epoch',
          'aria-description': 'Enter shows the model after that epoch; + and - zoom, 0 shows all',
          'aria-valuemin': '1',
        },
      },
      canvas,
    );
    this.element.addEventListener('pointerdown', (event) => this.pointAt(event));
    this.element.addEventListener('pointermove', (event) => this.pointAt(event));
    this.element.addEventListener('pointerleave', () => this.leave());
    this.element.addEventListener('keydown', (event) => this.press(event));
    this.element.addEventListener('blur', () => this.clear());
  }

  /** Takes the cursor away. */
  clear(): void {
    if (this.epoch === undefined && !this.byKeyboard) return;
    this.byKeyboard = false;
    this.moveTo(undefined);
  }

  /** Says that there is nothing to point at yet. */
  showEmpty(empty: boolean): void {
    if (empty) this.element.dataset['empty'] = 'The curve begins with the first epoch';
    else delete this.element.dataset['empty'];
  }

  /** Tells assistive technology where the cursor is, in epochs done. */
  describe(epoch: number, words: string): void {
    const { first, end } = this.options.range();
    this.element.setAttribute('aria-valuemin', String(first + 1));
    this.element.setAttribute('aria-valuemax', String(Math.max(first + 1, end)));
    this.element.setAttribute('aria-valuenow', String(epoch + 1));
    this.element.setAttribute('aria-valuetext', words);
  }

  private pointAt(event: PointerEvent): void {
    this.byKeyboard = false;
    const { left, top } = this.element.getBoundingClientRect();
    this.pointer = { x: event.clientX - left, y: event.clientY - top };
    this.moveTo(this.options.epochAt(this.pointer.x));
  }

  private leave(): void {
    if (!this.byKeyboard) this.moveTo(undefined);
  }

  private press(event: KeyboardEvent): void {
    if ((event.key === 'Enter' || event.key === ' ') && this.epoch !== undefined) {
      event.preventDefault();
      this.options.picked(this.epoch);
      return;
    }
    const target = this.target(event);
    if (target === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    this.byKeyboard = target !== undefined;
    this.moveTo(target);
  }

  private target({ key, shiftKey }: KeyboardEvent): number | undefined {
    const { first, end } = this.options.range();
    const from = this.epoch ?? end - 1;
    const step = shiftKey ? this.options.stride() : 1;
    const page = Math.max(1, Math.round((end - first) * pageShare));
    const targets: Record<string, number> = {
      ArrowLeft: from - step,
      ArrowDown: from - step,
      ArrowRight: from + step,
      ArrowUp: from + step,
      PageDown: from - page,
      PageUp: from + page,
      Home: first,
      End: end - 1,
    };
    const target = targets[key];
    return target === undefined || end <= first ? undefined : Math.max(first, Math.min(end - 1, target));
  }

  private moveTo(epoch: number | undefined): void {
    this.epoch = epoch;
    this.options.moved();
  }
}
