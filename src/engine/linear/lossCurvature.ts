import { losses, type LossName } from '../nn/losses';

/** How strongly a loss bends, whatever the model's outputs are. */
export interface LossCurvature {
  /** The largest second derivative by the outputs of a row, where the loss is a mean over rows. */
  factor: number;
  /** The second derivative is the same everywhere. */
  isExact: boolean;
}

/**
 * The second derivative of a loss by a row's outputs, so that the Hessian of the mean over rows is at most `factor AᵀA / rows`
 * for each output. Undefined for a loss that has no curvature, such as `l1_loss`.
 */
export function lossCurvature(loss: LossName, outputs: number): LossCurvature | undefined {
  const { bend, count } = losses[loss];
  return bend && { factor: bend.largest / count(1, outputs), isExact: bend.isExact };
}
