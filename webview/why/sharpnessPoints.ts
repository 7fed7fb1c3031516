import { preconditioning, sharpnessLimit } from '../../src/engine/optim/optimizers';
import type { RunShape } from '../../src/protocol/protocol';
import type { MeasuredSharpness } from '../../src/protocol/questions';
import type { RunState } from '../../src/protocol/state';

/** The sharpness of a model that has been trained for some epochs. */
export interface SharpnessPoint {
  epochs: number;
  value: number;
  /** The sharpness above which steps grow at the rate of that epoch; absent if there is none. */
  limit?: number;
}

/** Share of the run's time that measuring may take while it trains. */
const share = 0.1;
/** Points of a whole curve. */
const mostPoints = 64;

/** The points that are known of a run's sharpness, and where to measure next. */
export class SharpnessPoints {
  /** By their epochs. */
  readonly points: SharpnessPoint[] = [];
  private spent = 0;
  /** What the last measurement took. */
  private took = 0;

  /** Takes in a measurement of the model after `epochs` epochs. */
  add(run: RunState, shape: RunShape, epochs: number, { value, spent, took }: MeasuredSharpness): void {
    Object.assign(this, { spent, took });
    const rate = rateAt(run, shape, epochs);
    const limit = shape.optimizerSettings && sharpnessLimit(shape.optimizerSettings, rate);
    const point = { epochs, value, ...(limit !== undefined && Number.isFinite(limit) && { limit }) };
    const at = this.points.findIndex((known) => known.epochs >= epochs);
    if (at < 0) this.points.push(point);
    else this.points.splice(at, this.points[at].epochs === epochs ? 1 : 0, point);
  }

  /**
   * Epochs after which to measure next; undefined for now. While a run trains it is the newest model, as often as `share` of
   * the time allows; otherwise the gaps of the curve are filled.
   */
  next(run: RunState, shape: RunShape): number | undefined {
    const { points } = this;
    const { checkpoint, history, status, seconds } = run;
    if (status === 'opening' || status === 'failed') return undefined;
    if (status === 'running' && this.spent + this.took > share * 1000 * seconds) return undefined;
    const isKnown = (epochs: number) => points.some((point) => point.epochs === epochs);
    if (isDivided(shape)) {
      const { epoch, batch } = checkpoint;
      const now = epoch + batch / shape.batchesPerEpoch;
      return now > 0 && status !== 'diverged' && !isKnown(now) ? now : undefined;
    }
    const recorded = (epochs: number) => history.weightsAfter(epochs)?.epochs ?? 0;
    const newest = recorded(checkpoint.epoch);
    if (!isKnown(newest)) return newest;
    if (status === 'running') return undefined;
    const end = recorded(history.length);
    if (!isKnown(0)) return 0;
    if (!isKnown(end)) return end;
    return middleOfGap(points, recorded);
  }
}

/** Whether the optimizer divides its steps, so that sharpness is measured only where the run stands. */
export function isDivided({ optimizerSettings }: RunShape): boolean {
  return optimizerSettings !== undefined && preconditioning(optimizerSettings) !== undefined;
}

/** An epoch in the middle of the widest gap between two points; undefined where the curve is fine enough. */
function middleOfGap(points: SharpnessPoint[], recorded: (epochs: number) => number): number | undefined {
  if (points.length >= mostPoints) return undefined;
  let widest: { middle: number; width: number } | undefined;
  points.slice(1).forEach(({ epochs: end }, i) => {
    const { epochs: start } = points[i];
    const middle = recorded(Math.floor((start + end) / 2));
    const width = end - start;
    if (middle > start && middle < end && width > (widest?.width ?? 0)) widest = { middle, width };
  });
  return widest?.middle;
}

/** The rate of the step that follows this many epochs. */
function rateAt({ history, checkpoint }: RunState, shape: RunShape, epochs: number): number {
  const { last, stride } = history.curve('lr');
  if (epochs >= history.length) return Number.isNaN(checkpoint.lr) ? shape.lr : checkpoint.lr;
  return last[Math.floor(epochs / stride)];
}
