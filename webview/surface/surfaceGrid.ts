import { parameterCount } from '../../src/engine/nn/layers';
import type { RunShape } from '../../src/protocol/protocol';
import type { RowsPage } from '../../src/protocol/questions';
import { finiteRange } from '../parts/plotAxis';
import { ownInputs, predictInputs } from '../parts/predictInputs';

/** A part of the plane of two inputs, in their own units, and what the others are held at. */
export interface SurfacePlane {
  /** Numbers of the inputs that go across and up. */
  across: number;
  up: number;
  x: { min: number; max: number };
  y: { min: number; max: number };
  /** A value for each input that is not a product of others. */
  held: Float64Array;
}

/** What a model makes of the points of a plane. */
export interface SurfaceGrid {
  plane: SurfacePlane;
  /** Points along each side; the first row is the lowest. */
  side: number;
  /** Outputs a point. */
  width: number;
  values: Float64Array;
}

/** Multiplications that one picture may take, and the points along a side. */
const mostWork = 4e6;
const leastSide = 16;
const mostSide = 80;

/** The plane of two inputs that holds the rows, with a little room around them, the other inputs at their medians. */
export function planeOf({ inputs, rows }: RowsPage, shape: RunShape, across: number, up: number): SurfacePlane {
  const width = shape.inputNames.length;
  const column = (index: number) => Float64Array.from(rows, (_, row) => inputs[row * width + index]);
  return {
    across,
    up,
    x: roomAround(column(across)),
    y: roomAround(column(up)),
    held: Float64Array.from({ length: ownInputs(shape) }, (_, index) => median(column(index))),
  };
}

/** The model's predictions over a plane, as finely as a frame allows. */
export function gridOf(shape: RunShape, parameters: Float32Array, plane: SurfacePlane): SurfaceGrid {
  const work = parameterCount(shape.model.parameters);
  const side = Math.max(leastSide, Math.min(mostSide, Math.floor(Math.sqrt(mostWork / work))));
  const values = predictInputs(shape, parameters, planeInputs(plane, side));
  return { plane, side, width: values.length / (side * side), values };
}

/** The inputs at a plane's points, `side` along each side, the lowest row first. */
export function planeInputs(plane: SurfacePlane, side: number): Float64Array {
  const inputs = new Float64Array(side * side * plane.held.length);
  for (let point = 0; point < side * side; point++) {
    const at = point * plane.held.length;
    inputs.set(plane.held, at);
    inputs[at + plane.across] = between(plane.x, ((point % side) + 0.5) / side);
    inputs[at + plane.up] = between(plane.y, (Math.floor(point / side) + 0.5) / side);
  }
  return inputs;
}

/** What the model makes of one point. */
export function predictionAt(shape: RunShape, parameters: Float32Array, plane: SurfacePlane, x: number, y: number) {
  const inputs = plane.held.slice();
  inputs[plane.across] = x;
  inputs[plane.up] = y;
  return predictInputs(shape, parameters, inputs);
}

/** A point of a range, by its share of the way. */
export function between({ min, max }: { min: number; max: number }, share: number): number {
  return min + share * (max - min);
}

function roomAround(values: Float64Array): { min: number; max: number } {
  const { min, max } = finiteRange(values);
  if (!(min <= max)) return { min: -1, max: 1 };
  const margin = (max - min) * 0.08 || Math.abs(min) / 2 || 1;
  return { min: min - margin, max: max + margin };
}

function median(values: Float64Array): number {
  const sorted = values.filter(Number.isFinite).sort();
  return sorted.length > 0 ? sorted[sorted.length >> 1] : 0;
}
