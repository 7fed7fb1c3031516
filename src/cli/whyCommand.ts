import { whyLines } from '../advice/why';
import type { RunInput } from './readRunInput';
import { trainRun } from './trainedRun';
import { say } from './say';

/** Trains a config and prints its verdict with the numbers that it rests on; returns the exit status of the run. */
export async function whyCommand(request: RunInput): Promise<number> {
  const trained = await trainRun(request, () => undefined);
  if (!trained) return 2;
  say(`${whyLines(trained.state).join('\n')}\n`);
  return trained.exitStatus;
}
