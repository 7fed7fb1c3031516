import type { PlaneView } from '../../src/engine/report/lossPlane';
import { element } from '../page/dom';

/** What the cursor needs to know of the landscape. */
export interface LandscapeCursorOptions {
  pointAt: (x: number, y: number) => { a: number; b: number } | undefined;
  /** The part of the plane on screen; undefined if there is none. */
  view: () => PlaneView | undefined;
  /** Where Home and End lead: to the present position, and to the minimum. */
  position: () => { a: number; b: number } | undefined;
  minimum: () => { a: number; b: number } | undefined;
  moved: () => void;
}

/** Shares of the view that a short and a long step of the keyboard take. */
const shortStep = 0.01;
const longStep = 0.1;

/** Points at a place of the landscape, by pointer or by keyboard. */
export class LandscapeCursor {
  readonly element: HTMLElement;
  /** Absent where there is no cursor. */
  point: { a: number; b: number } | undefined;
  /** True while the keyboard, not the pointer, moves it. */
  byKeyboard = false;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly options: LandscapeCursorOptions,
  ) {
    this.element = element(
      'div',
      {
        class: 'landscape-canvas',
        testId: 'landscape-chart',
        attributes: {
          role: 'application',
          tabindex: '0',
          'aria-roledescription': 'loss landscape',
          'aria-label': 'Arrow keys move a crosshair, Home to the position now, End to the minimum',
        },
      },
      canvas,
    );
    this.element.addEventListener('pointermove', (event) => this.pointTo(event));
    this.element.addEventListener('pointerleave', () => {
      if (!this.byKeyboard) this.moveTo(undefined);
    });
    this.element.addEventListener('keydown', (event) => this.press(event));
    this.element.addEventListener('blur', () => this.clear());
  }

  /** Takes the cursor away. */
  clear(): void {
    if (!this.point) return;
    this.byKeyboard = false;
    this.moveTo(undefined);
  }

  private pointTo(event: PointerEvent): void {
    this.byKeyboard = false;
    const { left, top } = this.element.getBoundingClientRect();
    this.moveTo(this.options.pointAt(event.clientX - left, event.clientY - top));
  }

  private press(event: KeyboardEvent): void {
    const target = this.target(event);
    if (!target && event.key !== 'Escape') return;
    event.preventDefault();
    this.byKeyboard = target !== undefined;
    this.moveTo(target);
  }

  private target({ key, shiftKey }: KeyboardEvent): { a: number; b: number } | undefined {
    const view = this.options.view();
    if (!view) return undefined;
    if (key === 'Home') return this.options.position();
    if (key === 'End') return this.options.minimum();
    const directions: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowDown: [0, -1],
      ArrowUp: [0, 1],
    };
    const direction = directions[key];
    if (!direction) return undefined;
    const from = this.point ?? this.options.position() ?? view;
    const step = 2 * (shiftKey ? longStep : shortStep);
    const within = (value: number, centre: number, half: number): number =>
      Math.max(centre - half, Math.min(centre + half, value));
    return {
      a: within(from.a + direction[0] * step * view.halfA, view.a, view.halfA),
      b: within(from.b + direction[1] * step * view.halfB, view.b, view.halfB),
    };
  }

  private moveTo(point: { a: number; b: number } | undefined): void {
    this.point = point;
    this.options.moved();
  }
}
