import type { Layer } from '../nn/layers';
import { countOf, type BatchLoss } from '../nn/losses';
import type { Penalty } from '../nn/penalty';
import { predictRows } from '../nn/predictRows';
import { BadQuestion } from '../report/badQuestion';
import type { LandscapeQuery, LossPlane, PlaneAxis, PlaneChoice } from '../report/lossPlane';
import { parameterLabel, type ParameterWords } from './axisLabel';
import { pathDirections } from './pathDirections';
import { frameThrough, placeOf, unitDirection, type PlaneFrame } from './planeFrame';
import { lossGrid, type PlaneLoss } from './planeLoss';
import { viewAround } from './planeView';
import { gatherTargets, sampleRows, weightsOf, type TableOfRows } from './trainingRows';

/** What the landscape of a net is drawn from. */
export interface NetLandscapeParts {
  data: TableOfRows;
  layers: Layer[];
  loss: BatchLoss;
  /** Part of the loss. */
  penalty?: Penalty;
  words: ParameterWords;
}

/** Parameters that a net may have. */
const mostParameters = 20_000;
/** Products that a picture may take, so that a worker spends a small part of its time on it while it trains. */
const mostProducts = 3e7;
const [leastSize, mostSize] = [17, 65];
const [leastRows, mostRows] = [32, 1000];
/** How far a plane reaches at least along an axis along which the path does not lead. */
const leastReach = 0.5;

/**
 * The loss of a net in planes through where it stands: of the two directions in which its path leads most, or of two
 * parameters.
 */
export class NetLandscape {
  private readonly data: TableOfRows;
  private readonly size: number;

  constructor(private readonly parts: NetLandscapeParts) {
    const count = parts.words.names.length;
    this.data = sampleRows(parts.data, between(leastRows, mostProducts / (count * 33 ** 2), mostRows));
    const odd = Math.floor(Math.sqrt(mostProducts / (count * this.data.rows.length)) / 2) * 2 + 1;
    this.size = between(leastSize, odd, mostSize);
  }

  /**
   * @param path where the run has been, from its start to where it stands.
   * @throws BadQuestion where the net is too large or has not moved, or has no such parameters.
   */
  plane({ plane: choice, view }: LandscapeQuery, path: readonly Float32Array[]): LossPlane {
    const axes = this.axesOf(choice, path);
    const now = path[path.length - 1];
    const frame = frameThrough(axes, now, path[0]);
    const shown =
      view ??
      viewAround(
        path.map((point) => placeOf(frame, point)).filter(({ a, b }) => Number.isFinite(a + b)),
        axes.map(() => leastReach),
      );
    const loss = this.lossOver(frame);
    return {
      origin: frame.origin,
      axes,
      view: shown,
      size: loss.size,
      losses: lossGrid(loss, shown, axes.length === 1),
      isThroughMinimum: false,
      isOfNet: true,
      ...(this.data.rows.length < this.parts.data.rows.length && { sampledRows: this.data.rows.length }),
    };
  }

  private axesOf(choice: PlaneChoice, path: readonly Float32Array[]): PlaneAxis[] {
    const { words } = this.parts;
    const count = words.names.length;
    if (count > mostParameters) {
      throw new BadQuestion(
        `The landscape is drawn for nets of up to ${mostParameters} parameters; this one has ${count}.`,
      );
    }
    if (choice !== 'steepest') {
      return [choice.first, choice.second].map((index) => {
        if (index >= count) throw new BadQuestion(`There is no parameter ${index}: the model has ${count}.`);
        return { kind: 'parameter', label: parameterLabel(words, index), direction: unitDirection(index, count) };
      });
    }
    const found = pathDirections(path);
    if (found.length === 0) throw new BadQuestion('The picture shows where the path leads. Train first.');
    return found.map(({ direction, share }, i) => ({
      kind: i === 0 ? 'main' : 'second',
      label: `${i === 0 ? 'main' : 'second'} direction of the path: ${percentOf(share)} of it`,
      direction,
    }));
  }

  private lossOver({ origin, directions: [first, second] }: PlaneFrame): PlaneLoss {
    const { layers, loss, penalty } = this.parts;
    const { inputs, rows, outFeatures } = this.data;
    const targets = gatherTargets(this.data);
    const weights = weightsOf(this.data);
    const count = countOf(loss, targets, rows.length, outFeatures, weights);
    const point = new Float32Array(origin.length);
    return {
      size: this.size,
      at: (a, b) => {
        for (let i = 0; i < point.length; i++) point[i] = origin[i] + a * first[i] + (second ? b * second[i] : 0);
        const outputs = predictRows(layers, point, inputs, rows);
        return loss.sum(outputs, targets, rows.length, outFeatures, weights) / count + (penalty?.value(point) ?? 0);
      },
    };
  }
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, Math.floor(value)));
}

/** Never all of it while some is left. */
function percentOf(share: number): string {
  const percent = 100 * share;
  return `${percent > 99.9 && percent < 99.9999 ? '99.9' : Number(percent.toPrecision(percent < 1 ? 1 : 3))} %`;
}
