import type { RowsPage, RowsQuery, ViewUpdate } from '../../src/run/protocol';

/** Answers of the host to a `rows` request. */
export type RowsReply = Extract<ViewUpdate, { type: 'rows' | 'rowsFailed' }>;

/** What to do with rows. */
export interface RowsSourceOptions {
  ask: (requestId: number, query: RowsQuery) => void;
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
  private asked: { id: number; query: RowsQuery; at: number } | undefined;
  private lastId = 0;
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
  receive(reply: RowsReply): void {
    if (!this.asked || reply.requestId !== this.asked.id || !this.wanted) return;
    const { query } = this.asked;
    this.asked = undefined;
    if (!sameQuery(query, this.wanted)) {
      this.ask();
      return;
    }
    if (reply.type === 'rows') this.options.show(reply.page);
    else this.options.fail(reply.message);
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
    this.asked = { id: ++this.lastId, query: this.wanted, at: this.lastAskedAt };
    this.options.ask(this.asked.id, this.wanted);
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
