import { lossScale, shownLoss, type RunState } from '../../protocol/state';

/**
 * The loss that is left, as a share of what there was to learn; undefined where the minimum is not known. With weight decay
 * the minimum is where that and the loss hold each other: a run may come to it from below.
 */
export function gapOf(run: RunState, loss = shownLoss(run)): number | undefined {
  const { optimum, weightDecay } = run.curvature ?? {};
  if (!optimum) return undefined;
  if (weightDecay === undefined || run.shape?.optimizer === 'AdamW') {
    return (loss - optimum.loss) / learnable(run, optimum.loss);
  }
  if (!optimum.decayed) return undefined;
  const floor = optimum.decayed.loss;
  const first = run.history.at('loss', 0) ?? floor;
  const span = Math.max(Math.abs(lossScale(run) - floor), Math.abs(first - floor));
  return Math.abs(loss - floor) / span;
}

/** What there is to learn: down from the loss of the mean or, where nothing does better than that, from the first epoch's. */
function learnable(run: RunState, floor: number): number {
  const scale = run.curvature?.variance ?? run.curvature?.sameForAll ?? lossScale(run);
  const span = scale - floor;
  return span > 1e-9 * scale ? span : (run.history.at('loss', 0) ?? floor) - floor;
}
