import { availableParallelism } from 'node:os';
import { fixesToTry, tryFixes } from '../advice/verdicts/tryFixes';
import type { RunEvent, WorkerReply } from '../protocol/protocol';
import type { FileQuestion } from '../protocol/fileQuestions';
import type { Answer, AnyAnswer, WorkerQuestion } from '../protocol/questions';
import { Requests } from '../protocol/requests';
import { applyRunEvent, openingRun, type RunState } from '../protocol/state';
import { Helper } from '../engine/kernels/helper';
import { startNodeHelper } from '../worker/nodeHelper';
import { openFile } from '../worker/openFile';
import { Session } from '../worker/session';
import { printProblems } from './problemLines';
import type { RunInput } from './readRunInput';

const runId = 'run';

/** A run that is over, and who answers questions about it. */
export interface TrainedRun {
  state: RunState;
  /** 0 finished, 1 diverged or ended worse than it began, 130 stopped by Ctrl+C. */
  exitStatus: number;
  /** The answer is of the question's kind. */
  ask<Q extends WorkerQuestion | FileQuestion>(question: Q): Promise<Answer<Q['kind']>>;
}

/**
 * Trains until the run ends or Ctrl+C stops it. Undefined where it cannot be opened; the problems are then on standard
 * error. `listen` hears each event, and the run's state after it.
 */
export async function trainRun(
  request: Omit<RunInput, 'parsed'>,
  listen: (event: RunEvent, state: RunState) => void,
): Promise<TrainedRun | undefined> {
  let lossBefore = NaN;
  let state = openingRun({ id: runId, name: request.configFile, startedAt: Date.now() });
  const requests = new Requests<AnyAnswer>();
  let session!: Session;
  const hasOpened = await new Promise<boolean>((resolve) => {
    session = new Session({
      post: receive,
      openFile,
      ...(availableParallelism() > 1 && { helper: new Helper(startNodeHelper, () => performance.now()) }),
      now: () => performance.now(),
      later: (task, milliseconds) => void (milliseconds > 0 ? setTimeout(task, milliseconds) : setImmediate(task)),
    });
    const stop = () => session.receive({ type: 'stop', runId });
    process.once('SIGINT', stop);
    session.receive({ type: 'open', runId, ...request });

    function receive(reply: WorkerReply): void {
      if (reply.type === 'described' || reply.type === 'checked') return;
      if (reply.type === 'askFailed') return requests.reject(reply.requestId, new Error(reply.message));
      if (reply.type === 'answer') return requests.resolve(reply.requestId, reply.answer);
      state = applyRunEvent(state, reply);
      listen(reply, state);
      if (reply.type === 'opened') lossBefore = reply.trainLoss;
      if (reply.type === 'progress') session.receive({ type: 'taken', runId });
      if (reply.type === 'failed') resolve(false);
      // The session answers from within its own steps; what is asked of it next waits until they are done.
      else if (reply.type === 'opened') setImmediate(() => session.receive({ type: 'resume', runId }));
      else if (reply.type === 'status' && reply.status !== 'running') {
        process.removeListener('SIGINT', stop);
        setImmediate(() => resolve(true));
      }
    }
  });
  if (!hasOpened) {
    printProblems(state.problems, request);
    return undefined;
  }
  const ask: TrainedRun['ask'] = (question) =>
    requests.send((requestId) => session.receive({ type: 'ask', runId, requestId, question })) as Promise<
      Answer<(typeof question)['kind']>
    >;
  // The verdict rests on it.
  state = applyRunEvent(state, { type: 'analyzed', runId, ...(await ask({ kind: 'analysis' })) });
  const tryOut = (configText: string) => ask({ kind: 'trial', query: { configText } });
  const trials = await tryFixes(state, fixesToTry(state), request.configText, tryOut);
  state = applyRunEvent(state, { type: 'tried', runId, trials });
  const isWorse = state.status === 'finished' && state.trainLoss > lossBefore;
  return {
    state,
    exitStatus: { diverged: 1, stopped: 130 }[state.status as string] ?? (isWorse ? 1 : 0),
    ask,
  };
}
