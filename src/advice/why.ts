import {
  formatCount,
  formatNumber,
  formatPercent,
  formatQuantity,
  formatShortest,
  formatTimes,
  formatRounded,
} from '../base/format';
import type { DataReport, RunSigns } from '../engine/report/dataReport';
import type { RunShape } from '../protocol/protocol';
import { shownLoss, trainedEpochs, type RunState } from '../protocol/state';
import type { Verdict } from './findings/judgement';
import { gapOf } from './verdicts/gap';
import { verdictOf } from './verdicts/verdict';
import { columnName, hasMinimum, limitMeaning, paceWords, rateSentence } from './words/curvatureWords';

/** Share of the rows that are few to carry half of the errors; more of them are nothing to speak of. */
const few = 0.05;

/** The verdict of a run with the numbers that it rests on, a line each; empty before the run has opened. */
export function whyLines(run: RunState): string[] {
  const { shape, data, signs } = run;
  if (!shape) return [];
  const verdict = verdictOf(run);
  return [
    verdict.sentence,
    `Verdict: ${verdict.code}${verdict.also.length > 0 ? `; also ${verdict.also.join(', ')}` : ''}.`,
    ranLine(run, shape),
    rateLine(run, shape),
    lossLine(run),
    slowLine(run),
    data && explainedLine(data),
    validationLine(run),
    signs && signsLine(signs),
    nextLine(verdict, run),
  ].filter((line) => line !== undefined);
}

function ranLine(run: RunState, { trainRows, inputNames, loss, optimizer, lr, batchSize, epochs }: RunShape): string {
  const rows = `${formatQuantity(trainRows, 'training row')} of ${formatQuantity(inputNames.length, 'input')}`;
  const settings = `${loss}, ${optimizer} with lr ${formatShortest(lr)}, batches of ${formatCount(batchSize)}`;
  return `${rows}; ${settings}; ${formatCount(trainedEpochs(run))} of ${formatQuantity(epochs, 'epoch')} trained.`;
}

function rateLine({ curvature }: RunState, { trainRows }: RunShape): string | undefined {
  if (!curvature) return undefined;
  const sentence = rateSentence(curvature, trainRows);
  if (sentence) return `The rate: ${sentence}${limitMeaning(curvature, trainRows)}.`;
  const { adaptive, limit } = curvature;
  if (!adaptive) return limit.reason && `No limit of the rate: ${limit.reason}.`;
  const { travel, steps, distance } = adaptive;
  return `A parameter moves at most about ${formatRounded(travel)} in ${formatQuantity(steps, 'step')}; the farthest has ${formatRounded(distance)} to go.`;
}

function lossLine(run: RunState): string {
  const { curvature, data } = run;
  const gap = gapOf(run);
  const base = curvature?.variance ?? curvature?.sameForAll ?? data?.baseline;
  const least = curvature?.optimum?.decayed?.loss ?? curvature?.optimum?.loss;
  const parts = [
    `the loss is ${formatNumber(shownLoss(run))}`,
    base === undefined ? undefined : `the same prediction for every row gives ${formatNumber(base)}`,
    least === undefined ? undefined : `the smallest possible is ${formatNumber(least)}`,
    // More than all of it is no share: the two losses before it say how much worse the model is.
    gap === undefined || !(gap <= 1) ? undefined : `${formatPercent(Math.max(0, gap))} of what can be learned is left`,
  ].filter((part) => part !== undefined);
  return `${parts.join('; ').replace(/^t/, 'T')}.`;
}

function slowLine({ curvature, shape }: RunState): string | undefined {
  const { slowest, hessian, lr, limit } = curvature ?? {};
  if (!curvature || !shape || !slowest || !hessian || !hasMinimum(curvature) || lr! > (limit?.rate ?? Infinity))
    return undefined;
  const name = columnName(shape, slowest.parameter);
  return `The slowest direction, mostly ${name}, ${paceWords(slowest)}; condition number ${formatRounded(hessian.condition)}.`;
}

function explainedLine({ explained, rows, sampled }: DataReport): string | undefined {
  if (!explained) return undefined;
  const { linear, squares, neighbours } = explained;
  const share = (value: number) => formatPercent(Math.max(0, value));
  const parts = [
    linear === undefined
      ? 'the rows are too few to tell what a linear model explains'
      : `a linear model explains ${share(linear)} of the target (adjusted R²)`,
    squares === undefined ? undefined : `with squares and products ${share(squares)}`,
    neighbours === undefined
      ? undefined
      : `near rows ${linear === undefined ? `explain ${share(neighbours)} of the target` : share(neighbours)}`,
  ].filter((part) => part !== undefined);
  const of = sampled < rows ? ` (${formatCount(sampled)} of ${formatCount(rows)} rows looked at)` : '';
  return `${parts.join(', ').replace(/^[at]/, (letter) => letter.toUpperCase())}${of}.`;
}

function validationLine({ validationLoss, trainLoss, shape }: RunState): string | undefined {
  if (!shape || shape.validationRows === 0 || Number.isNaN(validationLoss)) return undefined;
  const times = validationLoss / trainLoss;
  const compared = Number.isFinite(times) ? `, ${formatTimes(times)} that of the training rows` : '';
  return `On ${formatQuantity(shape.validationRows, 'row')} held out the loss is ${formatNumber(validationLoss)}${compared}.`;
}

function signsLine({ outliers, net }: RunSigns): string | undefined {
  const errors =
    outliers &&
    outliers.rows <= few * outliers.of &&
    `${formatQuantity(outliers.rows, 'row')} of ${formatCount(outliers.of)} ${outliers.rows === 1 ? 'carries' : 'carry'} more than half of the squared errors`;
  const units =
    net &&
    `of ${formatCount(net.rectified + net.bounded)} hidden ReLU, Tanh and Sigmoid units ${net.dead} are dead and ${net.saturated} saturated; ` +
      `the first layer’s gradients are ${formatTimes(net.firstGradient / net.lastGradient)} the last one’s`;
  const parts = [errors, units].filter((part) => typeof part === 'string');
  return parts.length === 0 ? undefined : `${parts.join('; ').replace(/^o/, 'O')}.`;
}

/** What to do, or what would settle what is not known. */
function nextLine({ fixes, code, kind }: Verdict, { curvature }: RunState): string | undefined {
  const [first, ...others] = fixes;
  if (first)
    return `First: ${first.title}.${others.length > 0 ? ` Otherwise: ${others.map(({ title }) => title).join('; ')}.` : ''}`;
  if (code !== 'unknown' && kind !== 'learning') return undefined;
  const { lr = 0, limit } = curvature ?? {};
  const rates = 10 * lr > (limit?.rate ?? Infinity) ? 'ten times smaller' : 'ten times larger and ten times smaller';
  return `What would settle it: the same run with lr ${rates}, and one with twice the epochs.`;
}
