import { formatProblem, type Problem } from '../base/problem';
import { placedProblems, type RunInput } from './readRunInput';
import { warn } from './say';

/** Problems of one kind in one file that are printed each; the others are counted. */
const mostAlike = 10;

/** A line for each problem, and one for the many that are like others of their file. */
export function problemLines(
  problems: readonly Problem[],
  input: Pick<RunInput, 'madeFor' | 'configFile'>,
  line: (problem: Problem) => string = formatProblem,
): string[] {
  const alike = new Map<string, number>();
  const unlisted = new Map<string, number>();
  const lines: string[] = [];
  for (const problem of placedProblems(problems, input)) {
    const { file = '', severity, code, message } = problem;
    const kind = `${file} ${severity} ${code ?? message}`;
    const before = alike.get(kind) ?? 0;
    alike.set(kind, before + 1);
    if (before < mostAlike && problem.unlisted === undefined) lines.push(line(problem));
    else unlisted.set(file, (unlisted.get(file) ?? 0) + (problem.unlisted ?? 1));
  }
  for (const [file, count] of unlisted) lines.push(`${file === '' ? '' : `${file}: `}and ${count} more like these`);
  return lines;
}

/** Prints problems, or notes on how the data were read, to standard error, where they disturb nobody who reads the output. */
export function printProblems(problems: readonly Problem[], input: Pick<RunInput, 'madeFor' | 'configFile'>): void {
  for (const line of problemLines(problems, input)) warn(`${line}\n`);
}
