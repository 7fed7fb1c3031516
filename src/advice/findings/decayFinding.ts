import { formatPercent, formatShortest } from '../../base/format';
import type { CurvatureReport } from '../../engine/report/report';
import { chanceGain } from './chanceGain';
import type { Finding } from './finding';

/** Share of what can be learned that weight decay may cost. */
const mostCost = 0.5;
/** A penalty that costs more than this is to be far smaller. */
const nearlyAll = 0.9;
/** Share of the baseline's loss that there must be to learn, beyond chance. */
const worthLearning = 0.05;
/** Weight decay of this share of the largest eigenvalue costs little; classes that can be told apart ask for large weights. */
const light = 0.01;
const lightForClasses = 0.001;

/** A penalty that costs more than half of what can be learned. */
export function penaltyFinding(report: CurvatureReport): Finding | undefined {
  const { optimum, penalty, variance, sameForAll, hessian } = report;
  const plain = variance ?? sameForAll;
  if (!penalty || optimum?.penalty?.without === undefined || !plain) return undefined;
  const { share, without } = optimum.penalty;
  const learnable = plain - without;
  const cost = (optimum.loss - share - without) / learnable;
  if (!isWorthLearning(learnable, report) || !(cost > mostCost)) return undefined;
  const keys = (['l1', 'l2'] as const).filter((key) => penalty[key] > 0);
  const lighter = keys.map((key) => {
    let value = penalty[key] / (cost > nearlyAll ? 100 : 10);
    const curvature = (hessian?.lambdaMax ?? Infinity) - 2 * penalty.l2;
    while (key === 'l2' && 2 * value > light * curvature && curvature > 0) value /= 10;
    return { key, value: Number(value.toPrecision(2)) };
  });
  const words = lighter.map(({ key, value }) => `${key} ${formatShortest(value)}`).join(', ');
  return {
    code: 'regularization_too_strong',
    sentence: `The penalty (${keys.map((key) => `${key} ${formatShortest(penalty[key])}`).join(', ')}) holds the weights so near to 0 that ${formatPercent(cost)} of what can be learned is lost; try ${words}.`,
    numbers: { ...Object.fromEntries(keys.map((key) => [key, penalty[key]])), cost },
    fixes: [
      {
        kind: 'penalty',
        title: `Make the penalty smaller (${words})`,
        edits: lighter.map(({ key, value }) => ({ path: ['penalty', key], value })),
      },
    ],
    place: ['penalty', keys[0]],
    severity: 'warning',
  };
}

/** Weight decay that costs more than half of what can be learned. */
export function decayFinding(report: CurvatureReport): Finding | undefined {
  const { optimum, weightDecay, variance, sameForAll, hessian } = report;
  const plain = variance ?? sameForAll;
  if (!optimum?.decayed || weightDecay === undefined || !plain || !hessian) return undefined;
  const learnable = plain - optimum.loss;
  const cost = (optimum.decayed.loss - optimum.loss) / learnable;
  if (!isWorthLearning(learnable, report) || !(cost > mostCost)) return undefined;
  let better = weightDecay / 10;
  while (better > (variance === undefined ? lightForClasses : light) * hessian.lambdaMax) better /= 10;
  better = Number(better.toPrecision(2));
  return {
    code: 'regularization_too_strong',
    sentence: `weight_decay ${formatShortest(weightDecay)} holds the weights so near to 0 that ${formatPercent(cost)} of what can be learned is lost; try ${formatShortest(better)}.`,
    numbers: { weight_decay: weightDecay, cost },
    fixes: [
      {
        kind: 'weight-decay',
        title: `Set weight_decay to ${formatShortest(better)}`,
        edits: [{ path: ['optimizer', 'weight_decay'], value: better }],
      },
    ],
    place: ['optimizer', 'weight_decay'],
    severity: 'warning',
  };
}

/** Whether the best linear model takes enough off the baseline's loss, besides what its parameters take off by chance. */
function isWorthLearning(learnable: number, report: CurvatureReport): boolean {
  const plain = report.variance ?? report.sameForAll!;
  return learnable - chanceGain(report) > worthLearning * plain;
}
