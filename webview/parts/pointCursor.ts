/** What a cursor over points needs to know of its plot. */
export interface PointCursorOptions {
  /** The point near a place of the element, in pixels. */
  nearest: (x: number, y: number) => number | undefined;
  /** Points in the order that the keyboard goes through them. */
  order: () => readonly number[];
  moved: () => void;
  chosen: (point: number) => void;
}

/** Share of the points that Page Up and Page Down pass. */
const pageShare = 0.1;

/** Points at one point of a plot, by pointer or by keyboard. */
export class PointCursor {
  /** Absent where there is no cursor. */
  point: number | undefined;
  /** True while the keyboard, not the pointer, moves it. */
  byKeyboard = false;

  constructor(
    element: HTMLElement,
    private readonly options: PointCursorOptions,
  ) {
    const at = ({ clientX, clientY }: MouseEvent): number | undefined => {
      const { left, top } = element.getBoundingClientRect();
      return options.nearest(clientX - left, clientY - top);
    };
    element.addEventListener('pointermove', (event) => this.moveTo(at(event), false));
    element.addEventListener('pointerleave', () => {
      if (!this.byKeyboard) this.moveTo(undefined, false);
    });
    // The place of a click is rounded: what is marked is what a person means.
    element.addEventListener('click', (event) => {
      this.choose(this.byKeyboard ? at(event) : (this.point ?? at(event)));
    });
    element.addEventListener('keydown', (event) => this.press(event));
    element.addEventListener('blur', () => this.clear());
  }

  /** Takes the cursor away. */
  clear(): void {
    this.moveTo(undefined, false);
  }

  private press(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ' ') this.choose(this.point);
    else if (event.key === 'Escape') this.clear();
    else {
      const target = this.target(event.key);
      if (target === undefined) return;
      this.moveTo(target, true);
    }
    event.preventDefault();
  }

  private target(key: string): number | undefined {
    const order = this.options.order();
    const last = order.length - 1;
    const from = this.point === undefined ? -1 : order.indexOf(this.point);
    const page = Math.max(1, Math.round(order.length * pageShare));
    const positions: Record<string, number> = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      PageDown: from - page,
      PageUp: from + page,
      Home: 0,
      End: last,
    };
    const position = positions[key];
    return position === undefined || last < 0 ? undefined : order[Math.max(0, Math.min(last, position))];
  }

  private choose(point: number | undefined): void {
    if (point !== undefined) this.options.chosen(point);
  }

  private moveTo(point: number | undefined, byKeyboard: boolean): void {
    if (point === this.point && byKeyboard === this.byKeyboard) return;
    this.point = point;
    this.byKeyboard = byKeyboard;
    this.options.moved();
  }
}
