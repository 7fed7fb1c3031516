/** How far outside the window, in pixels, a part of the page is still drawn at once, so that it is right when it is scrolled to. */
const margin = 200;
/** Milliseconds between two drawings of a part that is out of sight, and of any two of them. */
const interval = 1000;
const gap = 100;

/** Tells which parts of the page a person can see: while a run trains, the others are drawn now and then only, never two in a frame. */
export class Sight {
  private readonly outside = new Set<Element>();
  private readonly drawnAt = new Map<Element, number>();
  private lastAt = -Infinity;
  private timer: number | undefined;

  /** @param redraw called when a part that is not up to date comes into sight, or its time has come. */
  constructor(
    parts: readonly HTMLElement[],
    private readonly redraw: () => void,
  ) {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) this.outside.add(target);
          else if (this.outside.delete(target)) redraw();
        }
      },
      // In a frame of another origin, margins count only around a root that is named.
      { root: document, rootMargin: `${margin}px` },
    );
    for (const part of parts) observer.observe(part);
  }

  /** Whether a part is to be drawn now. One that is not is asked about again when its time has come. */
  isDue(part: HTMLElement): boolean {
    if (!this.outside.has(part)) return true;
    const now = performance.now();
    const wait = Math.max((this.drawnAt.get(part) ?? -Infinity) + interval, this.lastAt + gap) - now;
    if (wait > 0) {
      this.timer ??= window.setTimeout(() => {
        this.timer = undefined;
        this.redraw();
      }, wait);
      return false;
    }
    this.drawnAt.set(part, now);
    this.lastAt = now;
    return true;
  }
}
