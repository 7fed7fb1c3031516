import type { CurvatureReport, OptimumReport, RateLimit } from '../engine/report/report';
import { formatCount, formatMinimum, formatQuantity, formatRounded, formatShortest } from '../base/format';
import {
  decayWords,
  hasMinimum,
  limitMeaning,
  lossUnit,
  paceWords,
  rateSentence,
  shareOfLimit,
} from './words/curvatureWords';

/** Parameters that are listed at most. */
const mostListed = 20;

/** What the data say about a run, in words. */
export function curvatureText(report: CurvatureReport): string {
  const { rows, inputs, outputs, hessian, slowest, scaled } = report;
  const decayed = decayWords(report);
  const lines = [
    `${formatQuantity(rows, 'training row')}, ${formatQuantity(inputs, 'input')}, ${formatQuantity(outputs, 'output')}`,
  ];
  lines.push(limitText(report));
  if (report.limit.sample) return [...lines, 'curvature and minimum follow from all rows'].join('\n');
  if (hessian) {
    const { isExact, lambdaMax, lambdaMin, condition, rank, steepestColumn, method } = hessian;
    const bound = isExact ? '' : 'at most ';
    const least = isExact && method === 'all' ? '' : 'at most ';
    const ranked = rank === undefined ? '' : `, rank ${rank} of ${inputs + (report.hasBias ? 1 : 0)}`;
    lines.push(
      `curvature ${bound}${formatRounded(lambdaMax)} along mostly ${nameOf(report, steepestColumn)}, ` +
        `down to ${least}${formatRounded(lambdaMin)}: condition ${formatRounded(condition)}${isExact ? '' : ' of this bound'}${ranked}`,
    );
  }
  // Over the limit, and without a minimum, nothing comes nearer.
  if (slowest && report.lr <= (report.limit.rate ?? Infinity) && hasMinimum(report)) {
    lines.push(`slowest direction, mostly ${nameOf(report, slowest.parameter)}, ${paceWords(slowest)}`);
  }
  if (scaled?.limit.rate !== undefined) {
    const condition = scaled.condition === undefined ? '' : `, condition ${formatRounded(scaled.condition)}`;
    lines.push(`with scale "standard": limit ${formatRounded(scaled.limit.rate)}${condition}`);
  }
  lines.push(...optimumText(report));
  if (decayed) lines.push(decayed);
  const moved = report.optimum?.decayed;
  if (decayed && moved?.weight) lines.push('  there, with the bias decayed as well,', ...parameterLines(report, moved));
  return lines.join('\n');
}

function limitText(report: CurvatureReport): string {
  const { lr, limit, rows } = report;
  const sentence = rateSentence(report, rows);
  if (!sentence) return `lr ${formatShortest(lr)}; no limit: ${limit.reason}`;
  return [sentence + limitMeaning(report, rows) + fullBatchText(limit, rows), ...peakText(report)].join('\n');
}

/** Where the scheduler raises the rate over the limit. */
function peakText({ peak, lr, limit }: CurvatureReport): string[] {
  const { rate = Infinity } = limit;
  if (!peak || peak.lr <= rate || lr > rate) return [];
  const share = shareOfLimit({ limit, lr: peak.lr })!;
  return [
    `the scheduler raises lr to ${formatRounded(peak.lr)} at epoch ${formatCount(peak.epoch + 1)}, which is ${share}`,
  ];
}

function fullBatchText({ fullBatch, batchRows }: RateLimit, rows: number): string {
  return fullBatch === undefined || batchRows === rows ? '' : `; for one batch of all rows ${formatRounded(fullBatch)}`;
}

function optimumText(report: CurvatureReport): string[] {
  const { optimum, noOptimum } = report;
  if (!optimum) return noOptimum === undefined ? [] : [`no optimum: ${noOptimum}`];
  const { loss, r2, penalty } = optimum;
  const explained = r2 === undefined ? '' : `, R² ${formatRounded(r2, 4)}`;
  if (!hasMinimum(report))
    return [`the loss has no minimum: it falls towards ${formatRounded(loss)} as weights grow for ever`];
  if (!optimum.isAttained) return [];
  const ofPenalty = penalty ? `, of which ${formatRounded(penalty.share)} is the penalty` : '';
  const method = report.penalty && report.penalty.l1 > 0 ? ' (by a proximal Newton method)' : '';
  return [
    `smallest possible loss ${formatMinimum(loss, lossUnit(report))}${ofPenalty}${method}${explained}, at`,
    ...parameterLines(report, optimum),
  ];
}

function parameterLines(
  report: CurvatureReport,
  { weight = [], bias = [], original }: Pick<OptimumReport, 'weight' | 'bias' | 'original'>,
): string[] {
  const { inputs, outputs } = report;
  const lines: string[] = [];
  for (let output = 0; output < outputs; output++) {
    for (let column = 0; column < inputs + (bias.length > 0 ? 1 : 0); column++) {
      const name = (outputs > 1 ? `output ${output} ← ` : '') + nameOf(report, column);
      const value = column < inputs ? weight[output][column] : bias[output];
      const own = original && (column < inputs ? original.weight[output][column] : original.bias[output]);
      lines.push(
        `  ${name}  ${formatRounded(value, 6)}` + (own === undefined ? '' : `  (own units ${formatRounded(own, 6)})`),
      );
    }
  }
  if (lines.length <= mostListed) return lines;
  return [...lines.slice(0, mostListed), `  … and ${lines.length - mostListed} more; --json prints all of them`];
}

function nameOf({ inputNames }: CurvatureReport, column: number): string {
  return inputNames[column] ?? 'bias';
}
