/** The size of an element as it was laid out last: reading it never has the page laid out anew. */
export class ElementSize {
  /** Pixels of the content's box; 0 before it was first laid out, and while it is hidden. */
  width = 0;
  height = 0;

  /** @param changed called in the frame in which the size has become another. */
  constructor(element: HTMLElement, changed: () => void) {
    new ResizeObserver(([{ contentRect }]) => {
      this.width = contentRect.width;
      this.height = contentRect.height;
      changed();
    }).observe(element);
  }
}
