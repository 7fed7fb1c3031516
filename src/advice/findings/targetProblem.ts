import { formatNumber, formatShortest } from '../../base/format';
import type { Problem } from '../../base/problem';
import type { ParsedConfig } from '../../config/parseConfig';
import type { CurvatureReport } from '../../engine/report/report';

/** Share of what there is to learn that is left at the target that is offered. */
const tolerance = 0.01;

/**
 * A target of the stop rule that lies at or below the exact minimum of the training loss, with one beside it that can be
 * reached: 1 % of what there is to learn above the minimum. Empty where the minimum is not known.
 */
export function targetProblems({ config, source }: ParsedConfig, report: CurvatureReport): Problem[] {
  const rule = config?.early_stopping;
  const target = rule?.stopping_threshold;
  const { optimum, variance, weightDecay } = report;
  if (rule?.monitor !== 'loss' || target === undefined || !optimum) return [];
  // With weight decay in the gradient a run settles above the minimum of the loss alone.
  const floor = weightDecay === undefined ? optimum.loss : (optimum.decayed?.loss ?? optimum.loss);
  const learnable = (variance ?? 2 * floor) - floor;
  if (target > optimum.loss || !(learnable > 0)) return [];
  const offered = roundedUp(floor + tolerance * learnable);
  const message =
    `early_stopping.stopping_threshold is ${formatShortest(target)}, but the smallest possible training loss is ` +
    `${formatNumber(optimum.loss)}; ${formatShortest(offered)} stops with 1 % of what can be learned left`;
  const finding = { message, code: 'target', suggestion: String(offered), severity: 'warning' } as const;
  return [source.problemAt(['early_stopping', 'stopping_threshold'], finding)];
}

/** To four digits, never below. */
function roundedUp(value: number): number {
  const digit = 10 ** (Math.floor(Math.log10(value)) - 3);
  return Number((Math.ceil(value / digit) * digit).toPrecision(4));
}
