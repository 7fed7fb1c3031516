import { performance } from 'node:perf_hooks';
import { formatProblem } from '../base/problem';
import type { RunEvent, WorkerReply } from '../protocol/protocol';
import type { RowsPage } from '../protocol/questions';
import { RunChecker } from '../training/runChecker';
import { applyRunEvent, openingRun, type RunState } from '../protocol/state';
import { openFile } from '../worker/openFile';
import { Session } from '../worker/session';
import { placedProblems, type RunInput } from './readRunInput';
import { jsonPrinter } from './jsonPrinter';
import { textPrinter } from './textPrinter';

/** What a printer prints of a run. */
export interface RunPrinter {
  /** Takes in an event; `state` is the run after it. */
  event(event: RunEvent, state: RunState): void;
  /** The run is over; `page` has all rows. */
  end(state: RunState, page: RowsPage): void;
}

const runId = 'run';

/** The run with what its data say about it, by which its verdict is made. */
async function analyzed(state: RunState, request: RunInput): Promise<RunState> {
  const { report } = await new RunChecker().check(
    { ...request, seed: state.shape?.seed ?? request.seed },
    { openFile },
  );
  return report ? applyRunEvent(state, { type: 'analyzed', runId, report }) : state;
}

/** Trains until the run ends or Ctrl+C stops it; returns the exit status. */
export async function runCommand(request: RunInput, json: boolean): Promise<number> {
  const printer = json ? jsonPrinter(request) : textPrinter(request);
  let lossBefore = NaN;
  let state = openingRun({ id: runId, name: request.configFile, startedAt: Date.now() });
  const page = await new Promise<RowsPage | undefined>((resolve) => {
    const session = new Session({
      post: receive,
      openFile,
      now: () => performance.now(),
      later: (task, milliseconds) => void (milliseconds > 0 ? setTimeout(task, milliseconds) : setImmediate(task)),
    });
    const stop = () => session.receive({ type: 'stop', runId });
    process.once('SIGINT', stop);
    session.receive({ type: 'open', runId, ...request });

    function receive(reply: WorkerReply): void {
      if (reply.type === 'described' || reply.type === 'checked' || reply.type === 'askFailed') return;
      if (reply.type === 'answer') {
        process.removeListener('SIGINT', stop);
        // Nothing but rows is asked for.
        return resolve(reply.answer as RowsPage);
      }
      state = applyRunEvent(state, reply);
      printer.event(reply, state);
      if (reply.type === 'opened') lossBefore = reply.trainLoss;
      if (reply.type === 'progress') session.receive({ type: 'taken', runId });
      if (reply.type === 'failed') resolve(undefined);
      // The session answers from within its own steps; what is asked of it next waits until they are done.
      else if (reply.type === 'opened') setImmediate(() => session.receive({ type: 'resume', runId }));
      else if (reply.type === 'status' && reply.status !== 'running') setImmediate(askForRows);
    }
    function askForRows(): void {
      const query = { offset: 0, count: Infinity, sort: 'row', descending: false } as const;
      session.receive({ type: 'ask', runId, requestId: 0, question: { kind: 'rows', query } });
    }
  });
  if (!page) {
    process.stderr.write(
      placedProblems(state.problems, request)
        .map((problem) => formatProblem(problem) + '\n')
        .join(''),
    );
    return 2;
  }
  state = await analyzed(state, request);
  printer.end(state, page);
  const isWorse = state.status === 'finished' && state.trainLoss > lossBefore;
  return { diverged: 1, stopped: 130 }[state.status as string] ?? (isWorse ? 1 : 0);
}
