/** How far outside the window, in pixels, a part of the page is still drawn, so that it is right when it is scrolled to. */
const margin = 200;

/** Tells which parts of the page a person can see: the others need no drawing while a run trains. */
export class Sight {
  private readonly outside = new Set<Element>();

  /** @param appeared called when a part that was out of sight is to be seen. */
  constructor(parts: readonly HTMLElement[], appeared: () => void) {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) this.outside.add(target);
          else if (this.outside.delete(target)) appeared();
        }
      },
      { root: document, rootMargin: `${margin}px` },
    );
    for (const part of parts) observer.observe(part);
  }

  /** Whether a part is in sight, or nearly; also before anything is known of it. */
  has(part: HTMLElement): boolean {
    return !this.outside.has(part);
  }
}
