import type { Problem } from '../base/problem';
import { problemLines } from './problemLines';
import type { RunInput } from './readRunInput';
import { warn } from './say';

/** Prints notes on how the data were read to standard error, where they disturb nobody who reads the output. */
export function printNotes(notes: readonly Problem[] | undefined, input: RunInput): void {
  for (const line of problemLines(notes ?? [], input)) warn(`${line}\n`);
}
