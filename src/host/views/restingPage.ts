/** Milliseconds between two new versions of a hidden page, at least. */
const interval = 1000;

/**
 * Keeps the HTML of a hidden page up to date: VS Code builds a page that is shown again from the HTML that it has last been
 * given. Never gives HTML to a page on the screen, which would begin anew.
 */
export class RestingPage {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isStale = false;

  constructor(
    private readonly isVisible: () => boolean,
    private readonly write: () => void,
  ) {}

  /** What the page shows has changed, or it has just been hidden. */
  changed(): void {
    this.isStale = true;
    if (this.timer === undefined) this.update();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.isStale = false;
  }

  private update(): void {
    this.timer = undefined;
    if (!this.isStale || this.isVisible()) return;
    this.isStale = false;
    this.write();
    this.timer = setTimeout(() => this.update(), interval);
  }
}
