import type { CurvatureReport } from '../../engine/report/report';
import type { RunShape } from '../../protocol/protocol';
import type { ConfigFix } from './configFix';

/** Momentum with which steps die down in time for nearly all data. */
const usual = 0.9;
/** Of how long the slowest direction takes, the share that momentum alone is to blame for. */
const toBlame = 0.9;

/**
 * A smaller momentum, where it is momentum and not the data's curvature that decides how long a run takes: a swing dies down by
 * a factor of e in about `2 / (1 - momentum)` steps at the soonest.
 */
export function heavyMomentum(
  { slowest, stepsPerEpoch }: Pick<CurvatureReport, 'slowest' | 'stepsPerEpoch'>,
  { optimizerSettings: optimizer, epochs }: Pick<RunShape, 'optimizerSettings' | 'epochs'>,
): ConfigFix | undefined {
  if (optimizer?.type !== 'SGD' || !(optimizer.momentum > usual && optimizer.momentum < 1) || !slowest)
    return undefined;
  const own = -2 / Math.log(optimizer.momentum) / stepsPerEpoch;
  // In so few epochs a swing dies down by far less than what there is to learn.
  if (own < toBlame * slowest.epochs || slowest.epochs < epochs / 8) return undefined;
  const edits = [{ path: ['optimizer', 'momentum'], value: usual }];
  return { kind: 'momentum', title: `Set momentum to ${usual}`, edits };
}
