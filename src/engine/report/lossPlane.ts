/** A plane through the space of a model's parameters, and the loss over it. Coordinates `a` and `b` are along its axes. */

/**
 * Which plane: of the steepest and the flattest direction, which for a net are those in which its path leads most, or of two
 * parameters by their numbers.
 */
export type PlaneChoice = 'steepest' | { first: number; second: number };

/** The part of a plane to look at: its centre, and how far it reaches to either side. */
export interface PlaneView {
  a: number;
  b: number;
  halfA: number;
  halfB: number;
}

/** What to show of the landscape. Without `view` a part that holds the start and the minimum, or the present if there is none. */
export interface LandscapeQuery {
  plane: PlaneChoice;
  view?: PlaneView;
}

/** A direction in the space of the parameters. */
export interface PlaneAxis {
  /** `flat`: the loss is the same all along it. `main` and `second`: where the path of a net leads most. */
  kind: 'steepest' | 'flattest' | 'flat' | 'parameter' | 'main' | 'second';
  /** What it is, in words: `steepest direction: mostly x3`, `weight of x0 (scaled)`. */
  label: string;
  /** Of length 1, laid out as the parameters: `a = direction · (parameters - origin)`. */
  direction: Float64Array;
}

/** A point of a plane. */
export interface PlanePoint {
  a: number;
  b: number;
  loss: number;
}

/** The loss over all training rows, or over `sampledRows` of them, in a part of a plane. */
export interface LossPlane {
  /** The parameters at `a = b = 0`. */
  origin: Float64Array;
  /** Two, or the only one where the model has a single parameter; then `b` is 0. */
  axes: PlaneAxis[];
  view: PlaneView;
  /** Points of the grid along an axis, the view's edges included. */
  size: number;
  /** `size × size`, or `size` with a single axis: a row for each `b`, from the lowest; in it a number for each `a`. */
  losses: Float64Array;
  /** The lowest point of the plane; absent where it has none within reach. */
  minimum?: PlanePoint;
  /** The minimum is that of the loss as a whole. Else the plane is laid through the parameters that were asked about. */
  isThroughMinimum: boolean;
  /** Of a net, whose loss bends in ways that no plane shows. */
  isOfNet?: true;
  /** Rows, evenly spread over the training rows, that the losses are over; absent: all of them. */
  sampledRows?: number;
}
