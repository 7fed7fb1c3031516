import { prefersReducedMotion } from '../page/theme';

/** Milliseconds that a replay of many epochs takes, and that it stays at each of a few. */
const wholeTime = 5000;
const stopTime = 400;
/** Milliseconds between two jumps where nothing is to move by itself. */
const jumpTime = 500;

/** What is replayed. */
export interface ReplayOptions {
  /** How far there is to go now, and in how many stops. */
  length: () => { end: number; stops: number };
  /** Called at most once a frame; `place` goes from where the replay began to the end. */
  show: (place: number) => void;
  /** The end was reached. */
  done: () => void;
}

/** Goes through the recorded epochs as a film, or in a few jumps where a person wants no motion. */
export class Replay {
  private frame: number | undefined;

  constructor(private readonly options: ReplayOptions) {}

  get isPlaying(): boolean {
    return this.frame !== undefined;
  }

  start(from: number): void {
    this.stop();
    const began = performance.now();
    const pause = prefersReducedMotion() ? jumpTime : 0;
    let shownAt = -Infinity;
    const next = (now: number): void => {
      this.frame = requestAnimationFrame(next);
      if (now - shownAt < pause) return;
      shownAt = now;
      const { end, stops } = this.options.length();
      const place = from + (Math.max(0, now - began) / Math.min(wholeTime, stops * stopTime)) * end;
      if (place < end) return this.options.show(place);
      this.stop();
      this.options.done();
    };
    this.frame = requestAnimationFrame(next);
  }

  stop(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }
}
