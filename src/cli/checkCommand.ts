import { curvatureText } from '../advice/curvatureText';
import { sharpnessWords } from '../advice/sharpnessWords';
import { expectedVerdict } from '../advice/findings/expectedVerdict';
import { formatRounded } from '../base/format';
import { preconditioning, sharpnessLimit } from '../engine/optim/optimizers';
import type { CurvatureReport, RateLimit } from '../engine/report/report';
import { hasErrors, type Problem } from '../base/problem';
import type { StartSharpness } from '../protocol/checkedRun';
import { RunChecker } from '../training/runChecker';
import { openFile } from '../worker/openFile';
import { printJson } from './printJson';
import { problemLines } from './problemLines';
import { placedProblems, type RunInput } from './readRunInput';
import { verdictJson, verdictText } from './verdictJson';
import { say } from './say';

/** Prints the problems of a config and its dataset, and what the data's curvature says; returns the exit status. */
export async function checkCommand(request: RunInput, json: boolean): Promise<number> {
  const {
    problems: found,
    report,
    data,
    sharpness,
  } = await new RunChecker().check(request, {
    openFile,
    measuresSharpness: true,
  });
  const problems = placedProblems(found, request);
  const expected = data && !hasErrors(problems) ? expectedVerdict(data, report) : undefined;
  if (json) {
    const curvature = report ? curvatureJson(report) : null;
    const measured = sharpness && { sharpness: sharpnessJson(request, sharpness) };
    const verdict = expected ? verdictJson(expected) : null;
    printJson({ problems: problems.map(printed), verdict, curvature, ...measured });
  } else {
    const said = report ? [curvatureText(report)] : hasErrors(problems) ? [] : [ofNet];
    if (sharpness) said.push(sharpnessText(request, sharpness));
    const verdict = expected && expected.code !== 'fine' ? [verdictText(expected)] : [];
    say(`${[...problemLines(found, request, problemText), ...said, ...verdict].join('\n')}\n`);
  }
  return hasErrors(problems) ? 2 : 0;
}

/** What is said of a net, which has no report. */
const ofNet =
  'No error. The exact minimum and a limit of the rate that holds for the whole run are known of a single linear layer only.';

/** The sharpness of a net at its start, and how it stands to the limit of the optimizer. */
function sharpnessText({ parsed: { config } }: RunInput, { value, rows, trainRows }: StartSharpness): string {
  const over = rows < trainRows ? ` Measured over ${rows} of ${trainRows} rows.` : '';
  if (!config || preconditioning(config.optimizer)) {
    const divided = config
      ? ` ${config.optimizer.type} divides its steps: "Why" shows how near its limit is as it trains.`
      : '';
    return `At the start: sharpness ${formatRounded(value)}.${divided}${over}`;
  }
  const { optimizer } = config;
  return `At the start: ${lowerFirst(sharpnessWords(value, sharpnessLimit(optimizer, optimizer.lr), optimizer))}${over}`;
}

function lowerFirst(sentence: string): string {
  return sentence[0].toLowerCase() + sentence.slice(1);
}

function sharpnessJson({ parsed: { config } }: RunInput, { value, rows }: StartSharpness) {
  const { optimizer } = config ?? {};
  const limit = optimizer && !preconditioning(optimizer) ? sharpnessLimit(optimizer, optimizer.lr) : undefined;
  return { value, limit: limit ?? null, share: limit === undefined ? null : value / limit, rows };
}

function problemText({ file, line, column, severity, message }: Problem): string {
  return `${file === undefined ? '' : `${file}:`}${line}:${column}: ${severity}: ${message.replace(/[\r\n]+/g, ' ')}`;
}

function printed({ file, line, column, severity, message }: Problem) {
  return { ...(file !== undefined && { file }), line, column, severity, message };
}

/** Null where there is no such number: `reason` says why. */
function curvatureJson(report: CurvatureReport) {
  const { lr, limit, hessian, noOptimum } = report;
  // What is trained is the loss with its weight decay.
  const optimum = report.optimum?.decayed ?? report.optimum;
  return {
    lr,
    limit: limit.rate ?? null,
    share: limit.rate === undefined ? null : lr / limit.rate,
    accuracy: accuracyOf(report),
    ...(limit.reason !== undefined && { reason: limit.reason }),
    lambda_max: hessian?.lambdaMax ?? null,
    lambda_min: hessian?.lambdaMin ?? null,
    condition: hessian?.condition ?? null,
    rank: hessian?.rank ?? null,
    ...(hessian && !hessian.isExact && { bound: true }),
    optimum: optimum
      ? { loss: optimum.loss, weight: optimum.weight ?? null, bias: optimum.bias ?? null }
      : { loss: null, weight: null, bias: null, reason: noOptimum },
  };
}

/**
 * How a run stands to its limit: `exact` where it diverges above and not below, `safe` where it does not diverge below, null
 * where there is no limit.
 */
function accuracyOf({ limit, rows }: CurvatureReport): RateLimit['accuracy'] | null {
  const { rate, accuracy, batchRows } = limit;
  if (rate === undefined) return null;
  return accuracy === 'exact' && batchRows < rows ? 'safe' : accuracy;
}
