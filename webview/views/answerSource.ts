/** How to ask, and what to do with answers. */
export interface AnswerSourceOptions<Query, Answer> {
  ask: (query: Query) => Promise<Answer>;
  show: (answer: Answer) => void;
  fail: (message: string) => void;
}

/** Milliseconds between two requests for the same answer. */
const refreshInterval = 100;
/** Milliseconds after which an answer is taken to have been lost. */
const patience = 5000;

/** Fetches answers: one request at a time, a new query at once, the same one again at most ten times a second. */
export class AnswerSource<Query extends object, Answer> {
  private wanted: Query | undefined;
  private asked: { query: Query; at: number } | undefined;
  private lastAskedAt = -Infinity;
  private stale = false;
  private timer: number | undefined;

  constructor(private readonly options: AnswerSourceOptions<Query, Answer>) {}

  /** From now on this is what to show the answer to. */
  want(query: Query): void {
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
  private answered(question: { query: Query; at: number }, show: () => void): void {
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
      (answer) => this.answered(question, () => this.options.show(answer)),
      (error: Error) => this.answered(question, () => this.options.fail(error.message)),
    );
  }
}

function sameQuery(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
