import type { Mistake, MistakeCurve } from '../../src/protocol/questions';

/** Milliseconds after which an answer is taken to have been lost. */
const patience = 5000;

/** Fetches the curve of a mistake part by part. */
export class CurveSource {
  /** What is known of the curve so far. */
  losses = new Float64Array(0);
  /** The last part. */
  curve: MistakeCurve | undefined;
  /** Why there is no curve. */
  problem = '';
  private mistake: Mistake | undefined;
  private asked: { at: number } | undefined;

  constructor(
    private readonly ask: (mistake: Mistake, first: number) => Promise<MistakeCurve>,
    private readonly changed: () => void,
  ) {}

  /** Forgets the curve and fetches that of another mistake, or none. */
  begin(mistake: Mistake | undefined): void {
    this.mistake = mistake;
    this.losses = new Float64Array(0);
    this.curve = undefined;
    this.problem = '';
    this.asked = undefined;
    this.keepAsking();
  }

  /** Asks for the next part unless there is none or one is on its way. */
  keepAsking(): void {
    const { mistake } = this;
    if (!mistake || this.problem || this.curve?.done) return;
    const now = performance.now();
    if (this.asked && now - this.asked.at < patience) return;
    const question = (this.asked = { at: now });
    const answered = (take: () => void): void => {
      if (question !== this.asked) return;
      this.asked = undefined;
      take();
      this.keepAsking();
      this.changed();
    };
    this.ask(mistake, this.losses.length).then(
      (curve) => answered(() => this.take(curve)),
      (error: Error) => answered(() => (this.problem = error.message)),
    );
  }

  private take(curve: MistakeCurve): void {
    const losses = new Float64Array(curve.first + curve.losses.length);
    losses.set(this.losses.subarray(0, curve.first));
    losses.set(curve.losses, curve.first);
    this.losses = losses;
    this.curve = curve;
  }
}
