import { element } from '../page/dom';
import type { EpochRange } from './lossWindow';

/** What zooming needs to know of its curve. */
export interface ZoomOptions {
  /** The epoch at a place, in pixels from the left edge; beside the plot too. */
  epochAt: (pixel: number) => number | undefined;
  /** Where the plot begins and ends, in pixels from the left edge. */
  sides: () => { left: number; right: number };
  /** All epochs that there are. */
  all: () => EpochRange;
  /** A person wants to see these epochs, or all of them again. */
  show: (range: EpochRange | undefined) => void;
  /** A person pressed on one place. */
  picked: () => void;
}

/** Pixels that a pointer has to be drawn before it selects a range. */
const leastDrag = 6;
/** Share of the width that one notch of a wheel, or a key, moves or zooms by. */
const step = 0.2;
const primary = 1;

/** Shows a part of a curve: drag over it, or Ctrl with the wheel; Shift with the wheel moves it. `+`, `-` and `0` do the same. */
export class ZoomControl {
  private readonly selection = element('div', { class: 'zoom-selection' });
  private from: number | undefined;

  constructor(
    private readonly surface: HTMLElement,
    private readonly options: ZoomOptions,
  ) {
    this.selection.hidden = true;
    surface.append(this.selection);
    surface.addEventListener('pointerdown', (event) => this.begin(event));
    surface.addEventListener('pointermove', (event) => this.select(event));
    surface.addEventListener('pointerup', (event) => this.end(event));
    surface.addEventListener('pointercancel', () => this.forget());
    surface.addEventListener('dblclick', () => options.show(undefined));
    surface.addEventListener('wheel', (event) => this.turn(event), { passive: false });
    surface.addEventListener('keydown', (event) => this.press(event));
  }

  private begin(event: PointerEvent): void {
    if (event.buttons !== primary) return;
    this.from = this.placeOf(event);
    this.surface.setPointerCapture(event.pointerId);
  }

  private select(event: PointerEvent): void {
    if (this.from === undefined) return;
    const [low, high] = this.selected(event);
    this.selection.hidden = high - low < leastDrag;
    this.selection.style.left = `${low}px`;
    this.selection.style.width = `${high - low}px`;
  }

  private end(event: PointerEvent): void {
    if (this.from === undefined) return;
    const [low, high] = this.selected(event);
    this.forget();
    if (high - low < leastDrag) this.options.picked();
    else this.showBetween(low, high);
  }

  private forget(): void {
    this.from = undefined;
    this.selection.hidden = true;
  }

  /** The two ends of what is selected, within the plot. */
  private selected(event: PointerEvent): [number, number] {
    const { left, right } = this.options.sides();
    const within = (pixel: number): number => Math.max(left, Math.min(right, pixel));
    const ends = [within(this.from!), within(this.placeOf(event))];
    return [Math.min(...ends), Math.max(...ends)];
  }

  private turn(event: WheelEvent): void {
    const isZoom = event.ctrlKey || event.metaKey;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (!isZoom && sideways === 0) return;
    event.preventDefault();
    if (isZoom) this.zoom(event.deltaY > 0 ? 1 / (1 - step) : 1 - step, this.placeOf(event));
    else this.move(Math.sign(sideways) * step);
  }

  private press(event: KeyboardEvent): void {
    const { left, right } = this.options.sides();
    const middle = (left + right) / 2;
    const acts: Record<string, () => void> = {
      '+': () => this.zoom(1 - step, middle),
      '-': () => this.zoom(1 / (1 - step), middle),
      '0': () => this.options.show(undefined),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  private zoom(factor: number, pixel: number): void {
    const { left, right } = this.options.sides();
    this.showBetween(pixel - (pixel - left) * factor, pixel + (right - pixel) * factor);
  }

  private move(share: number): void {
    const { left, right } = this.options.sides();
    const { first, end } = this.options.all();
    const [low, high] = [this.options.epochAt(left), this.options.epochAt(right)];
    if (low === undefined || high === undefined) return;
    const most = share < 0 ? first - low : end - 1 - high;
    const by = share < 0 ? Math.max(most, share * (high - low)) : Math.min(most, share * (high - low));
    if (Math.abs(by) > 0.5) this.options.show({ first: Math.round(low + by), end: Math.round(high + by) + 1 });
  }

  private showBetween(low: number, high: number): void {
    const { first, end } = this.options.all();
    const [from, to] = [this.options.epochAt(low), this.options.epochAt(high)];
    if (from === undefined || to === undefined) return;
    const range = { first: Math.max(first, Math.round(from)), end: Math.min(end, Math.round(to) + 1) };
    // One epoch is no curve.
    if (range.end - range.first < 2) return;
    this.options.show(range.first <= first && range.end >= end ? undefined : range);
  }

  private placeOf({ clientX }: MouseEvent): number {
    return clientX - this.surface.getBoundingClientRect().left;
  }
}
