import { counted } from '../config/words';
import type { CurvatureReport, OptimumReport, RateLimit } from '../engine/curvature/report';
import { shortNumber } from './curvatureProblems';

/** Parameters that are listed at most. */
const mostListed = 20;

/** What the data say about a run, in words. */
export function curvatureText(report: CurvatureReport): string {
  const { rows, inputs, outputs, hessian, slowest, scaled } = report;
  const lines = [`${counted(rows, 'training row')}, ${counted(inputs, 'input')}, ${counted(outputs, 'output')}`];
  lines.push(limitText(report));
  if (hessian) {
    const { isExact, lambdaMax, lambdaMin, condition, rank, steepestColumn, method } = hessian;
    const bound = isExact ? '' : 'at most ';
    const least = method === 'all' ? '' : 'at most ';
    const ranked = rank === undefined ? '' : `, rank ${rank} of ${inputs + (report.hasBias ? 1 : 0)}`;
    lines.push(
      `curvature ${bound}${shortNumber(lambdaMax)} along mostly ${nameOf(report, steepestColumn)}, ` +
        `down to ${least}${shortNumber(lambdaMin)}: condition ${shortNumber(condition)}${ranked}`,
    );
  }
  if (slowest) {
    const epochs = Number.isFinite(slowest.epochs) ? `${shortNumber(slowest.epochs)} epochs` : 'no end of epochs';
    lines.push(
      `slowest direction, mostly ${nameOf(report, slowest.parameter)}: ${epochs} to shrink its error by the factor e`,
    );
  }
  if (scaled?.limit.rate !== undefined) {
    const condition = scaled.condition === undefined ? '' : `, condition ${shortNumber(scaled.condition)}`;
    lines.push(`with scale "standard": limit ${shortNumber(scaled.limit.rate)}${condition}`);
  }
  lines.push(...optimumText(report));
  return lines.join('\n');
}

function limitText({ lr, limit, rows }: CurvatureReport): string {
  if (limit.rate === undefined) return `lr ${shortNumber(lr)}; no limit: ${limit.reason}`;
  const share = shortNumber((100 * lr) / limit.rate);
  const place = `for batches of ${counted(limit.batchRows, 'row')} (row ${limit.worstRow + 1} is the steepest)`;
  const rate = `${limitNames[limit.accuracy]} ${shortNumber(limit.rate)}`;
  return `lr ${shortNumber(lr)} is ${share} % of the ${rate} ${place}${fullBatchText(limit, rows)}`;
}

const limitNames = { exact: 'limit', safe: 'rate that is sure to be stable,', estimate: 'estimated limit' };

function fullBatchText({ fullBatch, batchRows }: RateLimit, rows: number): string {
  return fullBatch === undefined || batchRows === rows ? '' : `; for one batch of all rows ${shortNumber(fullBatch)}`;
}

function optimumText(report: CurvatureReport): string[] {
  const { optimum, noOptimum } = report;
  if (!optimum) return noOptimum === undefined ? [] : [`no optimum: ${noOptimum}`];
  const { loss, isAttained, r2 } = optimum;
  const explained = r2 === undefined ? '' : `, R² ${shortNumber(r2, 4)}`;
  if (!isAttained) return [`the loss has no minimum: it falls towards ${shortNumber(loss)} as weights grow for ever`];
  return [`smallest possible loss ${shortNumber(loss, 6)}${explained}, at`, ...parameterLines(report, optimum)];
}

function parameterLines(report: CurvatureReport, { weight = [], bias = [], original }: OptimumReport): string[] {
  const { inputs, outputs } = report;
  const lines: string[] = [];
  for (let output = 0; output < outputs; output++) {
    for (let column = 0; column < inputs + (bias.length > 0 ? 1 : 0); column++) {
      const name = (outputs > 1 ? `output ${output} ← ` : '') + nameOf(report, column);
      const value = column < inputs ? weight[output][column] : bias[output];
      const own = original && (column < inputs ? original.weight[output][column] : original.bias[output]);
      lines.push(
        `  ${name}  ${shortNumber(value, 6)}` + (own === undefined ? '' : `  (own units ${shortNumber(own, 6)})`),
      );
    }
  }
  if (lines.length <= mostListed) return lines;
  return [...lines.slice(0, mostListed), `  … and ${lines.length - mostListed} more; --json prints all of them`];
}

function nameOf({ inputNames }: CurvatureReport, column: number): string {
  return inputNames[column] ?? 'bias';
}
