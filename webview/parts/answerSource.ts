/** How to ask, and what to do with answers. */
export interface AnswerSourceOptions<Query, Answer> {
  ask: (query: Query) => Promise<Answer>;
  show: (answer: Answer) => void;
  fail: (message: string) => void;
  /** Milliseconds from one request for the same answer to the next, at least; 100 by default. */
  interval?: number;
}

const usualInterval = 100;
/** Milliseconds after which an answer is taken to have been lost. */
const patience = 5000;

/** Fetches answers: one request at a time, a new query at once, the same one again not more often than the interval. */
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
    this.lastAskedAt = -Infinity;
    this.cancelTimer();
    this.invalidate();
  }

  /** The model has changed: what is on screen is old. */
  invalidate(): void {
    this.stale = true;
    this.refresh();
  }

  /** Forgets everything: another run, or another picture of the same one. */
  reset(): void {
    this.cancelTimer();
    this.wanted = undefined;
    this.asked = undefined;
    this.stale = false;
    this.lastAskedAt = -Infinity;
  }

  /** Asks as soon as the last answer is there, or lost, and the interval is over. */
  private refresh(): void {
    if (!this.wanted || !this.stale || this.timer !== undefined) return;
    const { interval = usualInterval } = this.options;
    const isLostAt = this.asked ? this.asked.at + patience : -Infinity;
    const wait = Math.max(isLostAt, this.lastAskedAt + interval) - performance.now();
    if (wait <= 0) {
      this.ask(this.wanted);
      return;
    }
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      this.refresh();
    }, wait);
  }

  private ask(query: Query): void {
    this.stale = false;
    this.lastAskedAt = performance.now();
    const question = { query, at: this.lastAskedAt };
    this.asked = question;
    this.options.ask(query).then(
      (answer) => this.answered(question, () => this.options.show(answer)),
      (error: Error) => this.answered(question, () => this.options.fail(error.message)),
    );
  }

  /** Takes in an answer; one to a question that no longer stands is dropped. */
  private answered(question: { query: Query; at: number }, show: () => void): void {
    if (question !== this.asked || !this.wanted) return;
    this.asked = undefined;
    this.cancelTimer();
    if (sameQuery(question.query, this.wanted)) show();
    this.refresh();
  }

  private cancelTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

function sameQuery(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
