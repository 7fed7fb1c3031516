import { placedProblems, type RunInput } from './readRunInput';
import { formatProblem, type Problem } from '../base/problem';

/** Prints notes on how the data were read to standard error, where they disturb nobody who reads the output. */
export function printNotes(notes: readonly Problem[] | undefined, input: RunInput): void {
  for (const note of placedProblems(notes ?? [], input)) process.stderr.write(formatProblem(note) + '\n');
}
