import type { LossName } from '../losses';

/** How strongly a loss bends, whatever the model's outputs are. */
export interface LossCurvature {
  /** The largest second derivative by the outputs of a row, where the loss is a mean over rows. */
  factor: number;
  /** The second derivative is the same everywhere. */
  isExact: boolean;
}

/**
 * The second derivative of a loss by a row's outputs, so that the Hessian of the mean over rows is at most `factor AᵀA / rows`
 * for each output. Undefined for `l1_loss`, which is bent nowhere.
 */
export function lossCurvature(loss: LossName, outputs: number): LossCurvature | undefined {
  switch (loss) {
    case 'mse_loss':
      return { factor: 2 / outputs, isExact: true };
    case 'smooth_l1_loss':
    case 'huber_loss':
      return { factor: 1 / outputs, isExact: false };
    case 'binary_cross_entropy_with_logits':
      // p (1 - p) is largest at p = 1/2.
      return { factor: 0.25 / outputs, isExact: false };
    case 'cross_entropy':
      // diag(p) - p pᵀ has no eigenvalue above 1/2. The mean is over rows alone.
      return { factor: 0.5, isExact: false };
    case 'l1_loss':
      return undefined;
  }
}
