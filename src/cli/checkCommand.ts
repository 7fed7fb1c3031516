import { checkSizes } from '../config/checkConfig';
import { parseConfig } from '../config/parseConfig';
import type { CurvatureReport } from '../engine/curvature/report';
import { hasErrors, type Problem } from '../problem';
import { analyzeRun } from '../run/analyzeRun';
import { curvatureProblems } from '../run/curvatureProblems';
import { openRun, type OpenRunRequest } from '../run/openRun';
import { curvatureText } from './curvatureText';

/** Prints the problems of a config and its dataset, and what the data's curvature says; returns the exit status. */
export async function checkCommand(request: OpenRunRequest, json: boolean): Promise<number> {
  const { problems, report } = await check(request);
  const text = json
    ? JSON.stringify({ problems: problems.map(printed), curvature: report ? curvatureJson(report) : null }, writeNumber)
    : [...problems.map(problemText), ...(report ? [curvatureText(report)] : [])].join('\n');
  process.stdout.write(text + '\n');
  return hasErrors(problems) ? 2 : 0;
}

async function check(request: OpenRunRequest): Promise<{ problems: Problem[]; report?: CurvatureReport }> {
  const parsed = parseConfig(request.configText, request.configFile);
  const opened = await Promise.resolve(openRun(request));
  if ('problems' in opened) return { problems: opened.problems };
  const report = analyzeRun(opened);
  const { rows, inputs, outputs } = { ...report, rows: opened.dataset.rows };
  const sizes = checkSizes(parsed, { rows, inputs, outputs });
  const problems = [...parsed.problems, ...sizes, ...opened.notes, ...curvatureProblems(parsed, report)];
  return { problems: withoutRepeats(problems), report };
}

/** What a config shows by itself and what its data show overlap. */
function withoutRepeats(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [problemText(problem), problem])).values()];
}

function problemText({ file, line, column, severity, message }: Problem): string {
  return `${file === undefined ? '' : `${file}:`}${line}:${column}: ${severity}: ${message.replace(/[\r\n]+/g, ' ')}`;
}

function printed({ file, line, column, severity, message }: Problem) {
  return { ...(file !== undefined && { file }), line, column, severity, message };
}

/** Null where there is no such number: `reason` says why. */
function curvatureJson({ lr, limit, hessian, optimum, noOptimum }: CurvatureReport) {
  return {
    lr,
    limit: limit.rate ?? null,
    share: limit.rate === undefined ? null : lr / limit.rate,
    ...(limit.reason !== undefined && { reason: limit.reason }),
    lambda_max: hessian?.lambdaMax ?? null,
    lambda_min: hessian?.lambdaMin ?? null,
    condition: hessian?.condition ?? null,
    rank: hessian?.rank ?? null,
    optimum: optimum
      ? { loss: optimum.loss, weight: optimum.weight ?? null, bias: optimum.bias ?? null }
      : { loss: null, weight: null, bias: null, reason: noOptimum },
  };
}

/** JSON has no word for numbers that are not finite; they are written as text. */
function writeNumber(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
