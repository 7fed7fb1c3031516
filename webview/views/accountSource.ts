import type { BatchAccount } from '../../src/run/questions';

/** What to do with accounts. */
export interface AccountSourceOptions {
  ask: () => Promise<BatchAccount | null>;
  show: (account: BatchAccount | null) => void;
  fail: (message: string) => void;
}

/** Milliseconds between two questions. */
const refreshInterval = 250;
/** Milliseconds after which an answer is taken to have been lost. */
const patience = 5000;

/** Fetches the account of the last batch: one question at a time, at most four a second. */
export class AccountSource {
  private asked: { at: number } | undefined;
  private lastAskedAt = -Infinity;
  private stale = false;
  private timer: number | undefined;

  constructor(private readonly options: AccountSourceOptions) {}

  /** What is on screen is old. */
  refresh(): void {
    this.stale = true;
    if (this.timer !== undefined) return;
    const now = performance.now();
    const waitForAnswer = this.asked ? this.asked.at + patience - now : 0;
    const wait = Math.max(waitForAnswer, this.lastAskedAt + refreshInterval - now);
    if (wait <= 0) this.ask();
    else this.wait(wait);
  }

  /** Forgets everything: another run, or another picture of the same one. */
  reset(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asked = undefined;
    this.stale = false;
    this.lastAskedAt = -Infinity;
  }

  private wait(milliseconds: number): void {
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      if (this.stale) this.refresh();
    }, milliseconds);
  }

  private ask(): void {
    const question = { at: performance.now() };
    this.asked = question;
    this.lastAskedAt = question.at;
    this.stale = false;
    const answered = (show: () => void): void => {
      if (question !== this.asked) return;
      this.asked = undefined;
      clearTimeout(this.timer);
      this.timer = undefined;
      show();
      if (this.stale) this.refresh();
    };
    this.options.ask().then(
      (account) => answered(() => this.options.show(account)),
      (error: Error) => answered(() => this.options.fail(error.message)),
    );
  }
}
