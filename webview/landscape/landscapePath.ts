import type { LossPlane } from '../../src/engine/report/lossPlane';
import type { RunState } from '../../src/protocol/state';
import { lossAt } from './landscapeGrid';

/** Numbers of recorded parameters that are taken in at a time; the rest waits for the next frame. */
const mostNumbers = 1e6;

/** How far a path reaches. */
export interface Bounds {
  minA: number;
  maxA: number;
  minB: number;
  maxB: number;
}

/** The way of a run through a plane: where its start and the parameters recorded of it fall. Takes in only what is new. */
export class LandscapePath {
  /** Start and records so far. */
  count = 0;
  readonly bounds: Bounds = { minA: Infinity, maxA: -Infinity, minB: Infinity, maxB: -Infinity };
  private points = new Float64Array(512);
  /** Epochs from one point to the next. */
  every = 1;
  private projection: Projection | undefined;

  /** Coordinates of a point of the path. */
  at(index: number): [a: number, b: number] {
    return [this.points[2 * index], this.points[2 * index + 1]];
  }

  /** Forgets the path. */
  clear(): void {
    this.projection = undefined;
    this.count = 0;
    Object.assign(this.bounds, { minA: Infinity, maxA: -Infinity, minB: Infinity, maxB: -Infinity });
  }

  /** From now on the path is one through this plane. Returns whether what is known of it still holds. */
  follow(plane: LossPlane): boolean {
    const projection = new Projection(plane);
    const isSame = this.projection?.isSame(projection) === true;
    if (!isSame) this.clear();
    this.projection = projection;
    return isSame;
  }

  /** Takes in what has been recorded since the last call, or as much of it as fits into a frame. Returns whether that is all. */
  advance({ history, initial, shape }: Pick<RunState, 'history' | 'initial' | 'shape'>): boolean {
    if (!this.projection || !shape) return true;
    if (this.count === 0) this.add(initial);
    const every = history.weightsEvery;
    if (this.count === 1) this.every = every;
    while (this.every < every) this.thin();
    let budget = Math.max(1, Math.floor(mostNumbers / initial.length));
    for (;;) {
      const epochs = this.count * every;
      const record = epochs <= history.length ? history.weightsAfter(epochs) : undefined;
      if (record?.epochs !== epochs) return true;
      if (budget-- === 0) return false;
      this.add(record.parameters);
    }
  }

  /** Leaves out every second point, as a long history does. */
  private thin(): void {
    this.every *= 2;
    this.count = Math.ceil(this.count / 2);
    for (let index = 0; index < this.count; index++) this.points.set(this.at(2 * index), 2 * index);
  }

  /** Where parameters fall in the plane. */
  place(parameters: ArrayLike<number>): [a: number, b: number] {
    return this.projection?.place(parameters) ?? [NaN, NaN];
  }

  private add(parameters: ArrayLike<number>): void {
    const [a, b] = this.place(parameters);
    if (2 * this.count === this.points.length) {
      const larger = new Float64Array(2 * this.points.length);
      larger.set(this.points);
      this.points = larger;
    }
    this.points[2 * this.count] = a;
    this.points[2 * this.count + 1] = b;
    this.count++;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return;
    const { bounds } = this;
    bounds.minA = Math.min(bounds.minA, a);
    bounds.maxA = Math.max(bounds.maxA, a);
    bounds.minB = Math.min(bounds.minB, b);
    bounds.maxB = Math.max(bounds.maxB, b);
  }
}

/** From parameters to the coordinates of a plane; with a single axis `b` is the loss there. */
class Projection {
  private readonly directions: Float64Array[];
  private readonly offsets: number[];

  constructor(private readonly plane: LossPlane) {
    this.directions = plane.axes.map(({ direction }) => direction);
    this.offsets = this.directions.map((direction) => dot(direction, plane.origin));
  }

  place(parameters: ArrayLike<number>): [a: number, b: number] {
    const a = dot(this.directions[0], parameters) - this.offsets[0];
    if (this.directions.length === 1) return [a, lossAt(this.plane, a, 0)];
    return [a, dot(this.directions[1], parameters) - this.offsets[1]];
  }

  /** Whether every point falls in the same place, except for rounding. */
  isSame(other: Projection): boolean {
    if (this.directions.length !== other.directions.length || this.directions.length === 1) return false;
    const { view } = other.plane;
    const reach = [view.halfA, view.halfB];
    return this.directions.every(
      (direction, axis) =>
        Math.abs(this.offsets[axis] - other.offsets[axis]) <= 1e-6 * reach[axis] &&
        direction.length === other.directions[axis].length &&
        direction.every((value, i) => value === other.directions[axis][i]),
    );
  }
}

function dot(direction: Float64Array, values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < direction.length; i++) sum += direction[i] * values[i];
  return sum;
}
