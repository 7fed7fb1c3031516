import { errorAtStart } from '../base/problem';
import type { WorkerReply } from '../protocol/protocol';
import { applyRunEvent, atRest, type RunState } from '../protocol/state';
import type { WorkerPort } from '../protocol/workerPort';

/** Workers of a member that may end by themselves before it is given up. */
export const mostAttempts = 3;

/** A run as a pool trains it: the run takes in what its worker says, and keeps its own state. */
export interface PooledRun {
  readonly state: RunState;
  /** A worker of the pool has the run from now on; to end the port is to give the worker back. */
  attach(port: WorkerPort): void;
  /** Takes in what the worker says. Answers progress once the next one may come. */
  receive(reply: WorkerReply): void;
  /** The worker no longer has the run. */
  closePort(): void;
  /** The run is over, and nobody needs all of its history. Absent where that is seen to elsewhere. */
  rest?(): void;
  /** The run cannot be trained to its end: its workers ended by themselves. */
  workerEnded(reason: string): void;
}

/** A member of a pool that is kept in memory alone. */
export class MemberRun implements PooledRun {
  private port: WorkerPort | undefined;

  constructor(public state: RunState) {}

  attach(port: WorkerPort): void {
    this.port = port;
  }

  receive(reply: WorkerReply): void {
    if (reply.type === 'answer' || reply.type === 'askFailed' || reply.type === 'described') return;
    if (reply.type === 'checked') return;
    this.state = applyRunEvent(this.state, reply);
    if (reply.type === 'progress') this.port?.post({ type: 'taken', runId: reply.runId });
  }

  closePort(): void {
    this.port = undefined;
  }

  rest(): void {
    this.state = atRest(this.state);
  }

  workerEnded(reason: string): void {
    const message = `its worker ended ${mostAttempts} times${reason ? `: ${reason}` : ''}`;
    this.state = { ...this.state, status: 'failed', problems: [errorAtStart(message)] };
  }
}
