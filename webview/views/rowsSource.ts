import type { RowsPage, RowsQuery } from '../../src/run/questions';

/** What to do with rows. */
export interface RowsSourceOptions {
  ask: (query: RowsQuery) => Promise<RowsPage>;
  show: (page: RowsPage) => void;
  fail: (message: string) => void;
}

/** Milliseconds between two requests for the same rows. */
const refreshInterval = 100;
/** Milliseconds after which an answer is taken to have been lost. */
const patience = 5000;

/** Fetches rows: one request at a time, a new page at once, the same page again at most ten times a second. */
export class RowsSource {
  private wanted: RowsQuery | undefined;
  private asked: { query: RowsQuery; at: number } | undefined;
  private lastAskedAt = -Infinity;
  private stale = false;
  private timer: number | undefined;

  constructor(private readonly options: RowsSourceOptions) {}

  /** From now on these are the rows to show. */
  want(query: RowsQuery): void {
    if (this.wanted && sameQuery(this.wanted, query)) return;
    this.wanted = query;
    if (!this.isWaiting()) this.ask();
  }

  /** The model has changed: what is on screen is old. */
  invalidate(): void {
    this.stale = true;
    this.refresh();
  }

  /** Forgets everything: another run, or another picture of the same one. */
  reset(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wanted = undefined;
    this.asked = undefined;
    this.stale = false;
    this.lastAskedAt = -Infinity;
  }

  /** Takes in an answer; one to a question that no longer stands is dropped. */
  private answered(question: NonNullable<RowsSource['asked']>, show: () => void): void {
    if (question !== this.asked || !this.wanted) return;
    this.asked = undefined;
    if (!sameQuery(question.query, this.wanted)) {
      this.ask();
      return;
    }
    show();
    if (this.stale) this.refresh();
  }

  private isWaiting(): boolean {
    return this.asked !== undefined && performance.now() - this.asked.at < patience;
  }

  private refresh(): void {
    if (!this.wanted || this.timer !== undefined || this.isWaiting()) return;
    const wait = this.lastAskedAt + refreshInterval - performance.now();
    if (wait <= 0) {
      this.ask();
      return;
    }
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      if (!this.isWaiting()) this.ask();
    }, wait);
  }

  private ask(): void {
    if (!this.wanted) return;
    this.stale = false;
    this.lastAskedAt = performance.now();
    const question = { query: this.wanted, at: this.lastAskedAt };
    this.asked = question;
    this.options.ask(this.wanted).then(
      (page) => this.answered(question, () => this.options.show(page)),
      (error: Error) => this.answered(question, () => this.options.fail(error.message)),
    );
  }
}

function sameQuery(one: RowsQuery, other: RowsQuery): boolean {
  return (
    one.offset === other.offset &&
    one.count === other.count &&
    one.sort === other.sort &&
    one.descending === other.descending
  );
}
