import { placedProblems, type RunInput } from './readRunInput';
import { formatProblem, type Problem } from '../base/problem';
import { warn } from './say';

/** Prints notes on how the data were read to standard error, where they disturb nobody who reads the output. */
export function printNotes(notes: readonly Problem[] | undefined, input: RunInput): void {
  for (const note of placedProblems(notes ?? [], input)) warn(formatProblem(note) + '\n');
}
