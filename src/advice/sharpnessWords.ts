import { formatPercent, formatRounded, formatTimes } from '../base/format';
import type { OptimizerSettings } from '../protocol/protocol';

/** Shares of the limit between which a run is at the edge of stability. */
export const edge = { from: 0.9, to: 1.2 };

/** How the sharpness of a loss, the largest eigenvalue of its Hessian, stands to the limit of its optimizer. */
export function sharpnessWords(value: number, limit: number | undefined, optimizer: OptimizerSettings): string {
  const formula = limitFormula(optimizer);
  if (limit === undefined || formula === undefined) {
    return `Sharpness ${formatRounded(value)}; ${optimizer.type} with these settings has no limit to compare it with.`;
  }
  const share = value / limit;
  const ofLimit = `the limit ${formatRounded(limit)}, ${formula}`;
  if (share > edge.to) {
    return `Over the edge: sharpness ${formatRounded(value)} is ${formatTimes(share)} ${ofLimit}, so steps overshoot in the steepest direction and the loss may rise or swing.`;
  }
  if (share >= edge.from) {
    return `At the edge of stability: sharpness ${formatRounded(value)} is ${formatPercent(share)} of ${ofLimit}. Steps of this length only just do not grow.`;
  }
  const room = share < 0.5 ? ' A larger lr would be stable too.' : '';
  return `Stable: sharpness ${formatRounded(value)} is ${formatPercent(share)} of ${ofLimit}.${room}`;
}

/** The limit as a formula; undefined where curvature sets none. */
export function limitFormula(optimizer: OptimizerSettings): string | undefined {
  switch (optimizer.type) {
    case 'SGD': {
      const { momentum, dampening, nesterov, weight_decay: decay } = optimizer;
      const less = decay > 0 ? ' − weight_decay' : '';
      if (momentum === 0) return `2 / lr${less}`;
      if (nesterov) return `(2 + 2 · momentum) / ((1 + 2 · momentum) · lr)${less}`;
      return `(2 + 2 · momentum) / ${dampening > 0 ? '((1 − dampening) · lr)' : 'lr'}${less}`;
    }
    case 'Adam':
    case 'AdamW':
      return '(2 + 2 · β1) / ((1 − β1) · lr)';
    case 'RMSprop':
      return optimizer.momentum > 0 ? '(2 + 2 · momentum) / lr' : '2 / lr';
    case 'Adagrad':
      return '2 / lr';
    default:
      return undefined;
  }
}
