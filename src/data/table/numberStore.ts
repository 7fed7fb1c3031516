import type { Numbers } from '../../engine/numbers';

/** Numbers that are held in float64 before it is judged whether float32 does. */
const headLength = 1024;
/** A rounding by so small a share of the range of all numbers cannot be seen in them, wherever they lie. */
const harmlessShare = 2 ** -18;
/** Of numbers that are scaled: no more than float32 takes from the scaled ones, as it is for numbers around 0. */
const harmlessScaled = 2 ** -24;
/** Float32 has no whole numbers between its own beyond 2^24; up to there it rounds by no more than this. */
const mostRounded = 0.5;

/** What numbers are for, which says how far they may be rounded; with `none` only their range is kept. */
export type NumberUse = 'trained' | 'scaled' | 'exact' | 'none';

/**
 * A growing list of numbers, in float32 where that loses nothing that matters and else in float64.
 *
 * What matters is a number beyond 2^24 that float32 lacks, for it may be a date, a code or a time, and any other that
 * float32 rounds by more than a small share of the range of the numbers so far. As a range only grows, a rounding that was
 * harmless once remains so. Equal numbers remain equal: after a list has turned to float64, what was harmless up to then is
 * rounded as before.
 */
export class NumberStore {
  /** Lowest and highest number, in double precision; Infinity and -Infinity without any. */
  min = Infinity;
  max = -Infinity;
  length = 0;
  private values: Numbers = new Float64Array(16);
  /** Whether numbers are still held as they come, until there are enough of them to judge by. */
  private isHead = true;
  /** Roundings up to this one are made. */
  private harmless = 0;
  private wanted = 0;
  private readonly share: number;

  /**
   * @param use what the numbers are for: `trained` on as they are, `scaled` before, `exact`, of which none may be rounded,
   * however little, or `none`, of which none is kept.
   */
  constructor(private readonly use: NumberUse = 'trained') {
    this.share = { trained: harmlessShare, scaled: harmlessScaled, exact: 0, none: 0 }[use];
  }

  /** Appends a number, or NaN if there is none. Returns its place. */
  add(value: number): number {
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (this.use === 'none') return this.length++;
    if (this.length === this.values.length) this.grow();
    const kept = this.isHead ? value : this.rounded(value);
    this.values[this.length] = kept;
    return this.length++;
  }

  /** Makes room for this many numbers. */
  reserve(length: number): void {
    if (this.use === 'none') return;
    this.wanted = Math.max(this.wanted, length);
    if (!this.isHead && length > this.values.length) this.move(this.values instanceof Float64Array, length);
  }

  /** All numbers that are kept; those of a list in float32 are rounded. */
  get numbers(): Numbers {
    if (this.use === 'none') return new Float32Array(0);
    if (this.isHead) this.settle(this.length);
    return this.values.subarray(0, this.length);
  }

  private grow(): void {
    if (!this.isHead) this.move(this.values instanceof Float64Array, 2 * this.length);
    else if (this.length < headLength) this.move(true, 2 * this.length);
    else this.settle(Math.max(this.wanted, 2 * this.length));
  }

  /** Chooses the precision by the numbers so far. */
  private settle(capacity: number): void {
    const head = this.values.subarray(0, this.length);
    this.isHead = false;
    this.widenHarmless();
    const isWide = !head.every((value) => !(rounding(value) > this.harmless));
    if (isWide) this.harmless = 0;
    this.move(isWide, capacity);
  }

  private widenHarmless(): void {
    if (this.max > this.min) this.harmless = Math.min(mostRounded, this.share * (this.max - this.min));
  }

  private rounded(value: number): number {
    if (!(rounding(value) > this.harmless)) return Math.fround(value);
    if (this.values instanceof Float64Array) return value;
    this.widenHarmless();
    if (!(rounding(value) > this.harmless)) return Math.fround(value);
    this.move(true, this.values.length);
    return value;
  }

  private move(isWide: boolean, capacity: number): void {
    const moved = isWide ? new Float64Array(capacity) : new Float32Array(capacity);
    moved.set(this.values.subarray(0, this.length));
    this.values = moved;
  }
}

/** How far a number is from its float32; NaN if it is not a number. */
function rounding(value: number): number {
  return Math.abs(value - Math.fround(value));
}
