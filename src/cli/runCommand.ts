import type { RunEvent } from '../protocol/protocol';
import type { RowsPage } from '../protocol/questions';
import type { RunState } from '../protocol/state';
import { checkOutput, filesOf } from './checkOutput';
import { jsonPrinter } from './jsonPrinter';
import type { RunInput } from './readRunInput';
import { saveRun } from './exportCommand';
import { textPrinter } from './textPrinter';
import { trainRun } from './trainedRun';

/** What a printer prints of a run. */
export interface RunPrinter {
  /** Takes in an event; `state` is the run after it. */
  event(event: RunEvent, state: RunState): void;
  /** Rows that `end` prints at most. */
  readonly rows: number;
  /** The run is over; `page` has its first rows. */
  end(state: RunState, page: RowsPage): void;
}

/** Trains until the run ends or Ctrl+C stops it, and saves the model where `save` says; returns the exit status. */
export async function runCommand(request: RunInput, json: boolean, save?: string): Promise<number> {
  if (save !== undefined) await checkOutput('--save', save, filesOf(request));
  const printer = json ? jsonPrinter(request) : textPrinter(request);
  const trained = await trainRun(request, (event, state) => printer.event(event, state));
  if (!trained) return 2;
  const query = { offset: 0, count: printer.rows, sort: 'row', descending: false } as const;
  printer.end(trained.state, await trained.ask({ kind: 'rows', query }));
  if (save !== undefined) await saveRun(trained, request, 'safetensors', save);
  return trained.exitStatus;
}
