import { dot } from '../linear/lanczos';
import { squaredOptimum } from '../linear/optimum';
import type { SolvedRows } from '../linear/solvedRows';
import type { BatchLoss } from '../nn/losses';
import type { Penalty } from '../nn/penalty';
import type { Numbers } from '../../engine/numbers';
import { BadQuestion } from '../report/badQuestion';
import { directionLabel, parameterLabel, type ParameterWords } from './axisLabel';
import { extremeDirections } from './extremeDirections';
import { nearestMinimum } from './nearestMinimum';
import type { LandscapeQuery, LossPlane, PlaneAxis, PlaneChoice, PlanePoint } from '../report/lossPlane';
import { frameThrough, placeOf, unitDirection, type PlaneFrame } from './planeFrame';
import { evaluatedLoss, lossGrid, quadraticLoss, type PlaneLoss } from './planeLoss';
import { planeMinimum } from './planeMinimum';
import { viewAround } from './planeView';
import {
  averageProducts,
  columnCount,
  gatherTargets,
  outputsOf,
  sampleRows,
  solvedRowsOf,
  weightsOf,
  type TrainingRows,
} from './trainingRows';

/** What a landscape is of. */
export interface LandscapeParts {
  data: TrainingRows;
  loss: BatchLoss;
  /** Part of the loss. */
  penalty?: Penalty;
  /** The parameters before training. */
  initial: Float32Array;
  words: ParameterWords;
}

/** Inputs, the bias counted in, of which all eigenvectors are worked out. */
const mostColumns = 300;
/** Products that the eigenvectors' matrix may take; of more rows than that a sample is taken. */
const mostProducts = 5e8;
/** Outputs of rows that a loss other than mse_loss is taken over, and rows at least. */
const mostOutputs = 1000;
const leastRows = 100;
/** Changes of the outputs, relative to the targets' size, up to which a lowest point is looked for. */
const reach = 50;

/** What stays the same for a choice of plane. */
interface Plane {
  axes: PlaneAxis[];
  frame: PlaneFrame;
  loss: PlaneLoss;
  minimum: PlanePoint | undefined;
}

/** The loss of a run in planes through the space of its parameters. */
export class Landscape {
  private readonly data: TrainingRows;
  private readonly isQuadratic: boolean;
  private solved: SolvedRows | undefined;
  private lowest: { parameters: Float64Array; loss: number } | undefined;
  private last: { key: string; plane: Plane } | undefined;

  constructor(private readonly parts: LandscapeParts) {
    const { data, loss, penalty } = parts;
    this.isQuadratic = loss.isMeanSquare === true && !penalty && !data.weights;
    const most = this.isQuadratic
      ? Math.floor(mostProducts / columnCount(data) ** 2)
      : Math.max(leastRows, Math.floor(mostOutputs / data.outFeatures));
    this.data = sampleRows(data, most);
  }

  /**
   * The loss in a part of a plane: for mse_loss exactly, in a plane through its minimum.
   * @param parameters where the plane is laid through if no minimum is known.
   * Throws a BadQuestion where there are too many inputs, or no such parameters.
   */
  plane({ plane: choice, view }: LandscapeQuery, parameters: Float32Array): LossPlane {
    const { axes, frame, loss, minimum } = this.planeOf(choice, parameters);
    const shown = view ?? this.viewOf(frame, minimum, parameters);
    return {
      origin: frame.origin,
      axes,
      view: shown,
      size: loss.size,
      losses: lossGrid(loss, shown, axes.length === 1),
      ...(minimum && { minimum }),
      isThroughMinimum: this.isQuadratic,
      ...(this.data !== this.parts.data && { sampledRows: this.data.rows.length }),
    };
  }

  private planeOf(choice: PlaneChoice, parameters: Float32Array): Plane {
    const key = JSON.stringify(choice);
    // Through a minimum a plane stays where it is, wherever the run stands.
    if (this.last?.key === key && this.isQuadratic) return this.last.plane;
    const axes = this.last?.key === key ? this.last.plane.axes : this.axesOf(choice);
    const plane = this.isQuadratic ? this.throughMinimum(axes) : this.throughParameters(axes, parameters);
    this.last = { key, plane };
    return plane;
  }

  private throughMinimum(axes: PlaneAxis[]): Plane {
    const { parameters, loss } = (this.lowest ??= this.findLowest());
    const frame = frameThrough(axes, parameters, parameters);
    const minimum = { ...placeOf(frame, parameters), loss };
    return { axes, frame, minimum, loss: quadraticLoss(this.data, frame, minimum) };
  }

  private throughParameters(axes: PlaneAxis[], parameters: Float32Array): Plane {
    const frame = frameThrough(axes, parameters, this.parts.initial);
    const loss = evaluatedLoss(this.data, frame, this.parts.loss, this.parts.penalty);
    return { axes, frame, loss, minimum: planeMinimum(loss, this.stepsAlong(frame), reach) };
  }

  private viewOf(frame: PlaneFrame, minimum: PlanePoint | undefined, parameters: Float32Array) {
    // Where a run stands that diverges is no measure for what there is to see.
    const points = [placeOf(frame, this.parts.initial), minimum ?? placeOf(frame, parameters)];
    return viewAround(points, this.stepsAlong(frame));
  }

  private findLowest(): { parameters: Float64Array; loss: number } {
    const { data } = this;
    const { solution } = this.solvedRows();
    const { loss } = squaredOptimum(solution, data.rows.length);
    return { parameters: nearestMinimum(data, solution, this.parts.initial), loss };
  }

  private solvedRows(): SolvedRows {
    const { inFeatures } = this.data;
    if (columnCount(this.data) > mostColumns) {
      throw new BadQuestion(
        `The landscape is drawn for up to ${mostColumns - 1} inputs; this model has ${inFeatures}.`,
      );
    }
    return (this.solved ??= solvedRowsOf(this.data));
  }

  /** How far to go along each direction for the outputs to change by about the size of the targets. */
  private stepsAlong({ directions }: PlaneFrame): number[] {
    const aim = 1 + rootMeanSquare(gatherTargets(this.data));
    return directions.map((direction) => {
      const change = rootMeanSquare(outputsOf(this.data, direction));
      return change > 0 ? aim / change : 1;
    });
  }

  private axesOf(choice: PlaneChoice): PlaneAxis[] {
    const count = this.parts.initial.length;
    if (choice !== 'steepest') return [this.parameterAxis(choice.first), this.parameterAxis(choice.second)];
    // Two parameters span one plane, in which they are the axes that people know.
    if (count <= 2) return Array.from({ length: count }, (_, index) => this.parameterAxis(index));
    const { spectrum, solution } = this.solvedRows();
    if (spectrum.largest === 0)
      throw new BadQuestion('All inputs are 0 in every row: the loss is the same everywhere.');
    return extremeDirections(this.data, spectrum, solution.kernel, this.slopesAtStart()).map(({ kind, direction }) => ({
      kind,
      label: `${kind} direction: ${directionLabel(this.parts.words, direction)}`,
      direction,
    }));
  }

  private parameterAxis(index: number): PlaneAxis {
    const count = this.parts.initial.length;
    if (index >= count) throw new BadQuestion(`There is no parameter ${index}: the model has ${count}.`);
    return {
      kind: 'parameter',
      label: parameterLabel(this.parts.words, index),
      direction: unitDirection(index, count),
    };
  }

  private slopesAtStart(): Float64Array {
    const { data } = this;
    const { loss, initial } = this.parts;
    const outputs = Float32Array.from(outputsOf(data, initial));
    const gradients = new Float32Array(outputs.length);
    loss.gradients(outputs, gatherTargets(data), data.rows.length, data.outFeatures, gradients);
    const weights = weightsOf(data);
    if (weights) gradients.forEach((value, i) => (gradients[i] = value * weights[Math.floor(i / data.outFeatures)]));
    return averageProducts(data, gradients);
  }
}

function rootMeanSquare(values: Numbers): number {
  return Math.sqrt(dot(values, values) / Math.max(1, values.length));
}
