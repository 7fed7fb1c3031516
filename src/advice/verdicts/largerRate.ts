import type { RunState } from '../../protocol/state';
import { offeredRate, rateEdits, scaleInputsFix, type ConfigFix } from '../fixes/configFix';
import { formatRounded } from '../../base/format';
import { isFarBelow, usualRate } from '../fixes/usualRates';
import { helpfulFixes } from './fixesOfRun';
import { paceOf } from './pace';

/** A rate below this share of the limit is small. */
const small = 0.25;
/** From this many times the condition number of scaled inputs on, it is the columns' units that make the difference. */
const farRounder = 100;
/** Parameters that could go fewer times their way need a larger rate. */
const enough = 1.5;

/**
 * What lets a run that still falls when its epochs are over arrive in as many: a larger rate, or scaled inputs with theirs.
 * Undefined where the rate is right and only more epochs would do. @param left epochs that the rest takes at this pace.
 */
export function largerRate(run: RunState, left: number): ConfigFix | undefined {
  const { curvature, shape, data } = run;
  if (!curvature || !shape) return undefined;
  const [first] = helpfulFixes(run);
  if (first) return first;
  // It has come more than half of the way.
  if (left <= shape.epochs) return undefined;
  const { limit, lr, hessian, scaled, adaptive, stepsPerEpoch } = curvature;
  const usual = shape.scaling ? usualRate(shape.optimizer) : 0;
  const toUsual = { kind: 'larger-rate' as const, title: `Set lr to ${usual}`, edits: rateEdits(usual) };
  if (adaptive) {
    // Parameters could go far enough, and yet take too long about it.
    if (!(adaptive.travel < enough * adaptive.distance)) return lr < usual ? toUsual : undefined;
    const rate = offeredRate((3 * lr * adaptive.distance) / adaptive.travel);
    // After few steps it is not known how far they go.
    if (stepsPerEpoch * shape.epochs < 50 || rate > 1) return lr < usual ? toUsual : undefined;
    return { kind: 'larger-rate', title: `Set lr to ${formatRounded(rate)}`, edits: rateEdits(rate) };
  }
  const { rate } = limit;
  // Nothing says how far such an optimizer comes, nor what is too large for it.
  if (rate === undefined && shape.scaling && isFarBelow({ type: shape.optimizer, lr })) return toUsual;
  if (rate === undefined || !Number.isFinite(rate)) return undefined;
  // A scheduler may have lowered the rate at which the pace was measured.
  if (lr < small * rate && (left * (paceOf(run)?.lr ?? lr)) / (rate / 2) <= shape.epochs) {
    const half = offeredRate(rate / 2);
    return { kind: 'half-limit', title: `Set lr to half the limit (${formatRounded(half)})`, edits: rateEdits(half) };
  }
  const isFar = scaled?.condition !== undefined && hessian && hessian.condition > farRounder * scaled.condition;
  const scaledRate = scaled?.limit.rate;
  if (!isFar || scaledRate === undefined || data?.plan.isScaled) return undefined;
  return scaleInputsFix(offeredRate(scaledRate / 2));
}
