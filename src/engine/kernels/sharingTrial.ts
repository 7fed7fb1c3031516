/** Spans that are measured in either way before one is chosen. */
const samples = 5;
/** Milliseconds of training after which both ways are tried again: another program may have come or gone. */
const trustFor = 5000;
/** The same where one thread was faster for the first time, then twice as long each time: two may have begun on one core. */
const firstTrustInOne = 250;
/** Shared spans in which the helper took no part, up to which it is waited for: it takes some time to start. */
const patience = 100;

/**
 * Whether batches are shared with a helper thread: both ways are measured in turns on the first spans, and the faster one is
 * kept, two threads only as long as they are the faster ones. Two threads may be one real core, and a barrier for each batch costs more than small ones gain.
 */
export class SharingTrial {
  private times: Record<'alone' | 'shared', number[]> = { alone: [], shared: [] };
  private missed = 0;
  private chosen: boolean | undefined;
  private trusted = 0;
  private trust = trustFor;
  private trustInOne = firstTrustInOne;

  /** @param now milliseconds, of a clock that never goes back. */
  constructor(readonly now: () => number) {}

  /** Whether both ways are still measured, so that short spans are wanted. */
  get isTrying(): boolean {
    return this.chosen === undefined;
  }

  /** Whether the rows that come next are shared. */
  get shares(): boolean {
    return this.chosen ?? this.times.shared.length < this.times.alone.length;
  }

  /**
   * Takes in that `rows` rows took this many milliseconds in the way that `shares` said.
   * @param helped whether the helper took part.
   */
  record(rows: number, milliseconds: number, helped: boolean): void {
    if (this.chosen !== undefined) {
      this.trusted += milliseconds;
      const isSlow = this.chosen && milliseconds / rows > middle(this.times.alone);
      if (isSlow || this.trusted > this.trust) this.begin();
      return;
    }
    if (this.shares && !helped) {
      this.missed++;
      if (this.missed > patience) this.choose(false);
      return;
    }
    this.times[this.shares ? 'shared' : 'alone'].push(milliseconds / rows);
    const { alone, shared } = this.times;
    if (shared.length === samples) this.choose(middle(shared) < middle(alone));
  }

  private begin(): void {
    this.times = { alone: [], shared: [] };
    this.missed = 0;
    this.chosen = undefined;
  }

  private choose(shares: boolean): void {
    this.chosen = shares;
    this.trusted = 0;
    this.trust = shares ? trustFor : this.trustInOne;
    if (!shares) this.trustInOne = Math.min(trustFor, 2 * this.trustInOne);
  }
}

function middle(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
