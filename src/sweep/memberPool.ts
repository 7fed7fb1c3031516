import type { CheckRequest, OpenRunRequest } from '../protocol/checkedRun';
import type { CurvatureReport, RunIdentity, WorkerReply } from '../protocol/protocol';
import { isLive, openingRun, type RunState } from '../protocol/state';
import type { WorkerPort } from '../protocol/workerPort';
import { errorAtStart, hasErrors, type Problem } from '../base/problem';
import { History } from '../protocol/history';
import { MemberRun, mostAttempts, type PooledRun } from './memberRun';
import type { PoolPlace } from './poolPlace';

/** A run that is trained beside others. */
export interface PoolMember {
  identity: RunIdentity;
  request: OpenRunRequest;
  /** The same for members whose data say the same; looked at one after the other, the rows are analyzed once. */
  alike?: string;
}

type Kind = 'check' | 'train';

interface Task {
  kind: Kind;
  /** What is left of it. One member is trained at a time, several are looked at. */
  indexes: number[];
  attempts: number;
}

/** Members that are looked at in one go, at most: to hear of each before the next takes longer than to look at it. */
const mostTogether = 16;

/** A worker, and what it is at. */
interface Slot {
  port: WorkerPort;
  task: Task | undefined;
  /** Of its last task. */
  alike?: string | undefined;
}

/**
 * Trains members side by side, each as it would train alone: the next one begins where a worker is free. A member whose
 * worker ended continues in another one from where it was known last, and ends the same.
 */
export class MemberPool {
  /** Of members that were not begun: whether they can be. */
  private readonly unbegun: RunState[];
  private readonly runs: (PooledRun | undefined)[] = [];
  /** What the data say about each member; empty where it was not looked at, or cannot be opened. */
  readonly reports: (CurvatureReport | undefined)[];
  private readonly slots: Slot[] = [];
  private readonly waiting: Task[] = [];
  private paused = false;
  private wake: (() => void) | undefined;

  constructor(
    readonly members: readonly PoolMember[],
    private readonly place: PoolPlace,
  ) {
    this.unbegun = members.map(({ identity }) => openingRun(identity));
    this.reports = members.map(() => undefined);
  }

  /** How each member stands. */
  get states(): RunState[] {
    return this.members.map((_, index) => this.stateOf(index));
  }

  /** Looks at every member without training: limits, and problems of those that cannot be opened. */
  check(): Promise<void> {
    return this.work('check', this.alikeMembers());
  }

  /** Trains members, all of them unless told otherwise. Resolves when each is at its end, or they were stopped. */
  train(indexes: Iterable<number> = this.members.keys()): Promise<void> {
    return this.work(
      'train',
      Array.from(indexes, (index) => [index]),
    );
  }

  /** All members, those together whose data say the same, but so that each worker has something to do. */
  private alikeMembers(): number[][] {
    const most = Math.min(mostTogether, Math.ceil(this.members.length / Math.max(1, this.place.jobs)));
    const groups = new Map<string | number, number[][]>();
    this.members.forEach(({ alike }, index) => {
      const parts = groups.get(alike ?? index) ?? [];
      const last = parts.at(-1);
      if (last && last.length < most) last.push(index);
      else groups.set(alike ?? index, [...parts, [index]]);
    });
    return [...groups.values()].flat();
  }

  /** Members rest where they stand, and none begins. */
  pause(): void {
    this.paused = true;
    this.tellRunning('pause');
  }

  /** Continues after a pause. */
  resume(): void {
    this.paused = false;
    this.tellRunning('resume');
    this.fill();
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** Ends members for good, where they stand; those that have not begun stay as they are. */
  stop(): void {
    // Of those that wait, a member whose worker ended has begun.
    for (const task of this.waiting.splice(0)) if (this.runs[task.indexes[0]]) this.giveUp(task, '');
    this.tellRunning('stop');
    this.settle();
  }

  dispose(): void {
    this.waiting.length = 0;
    for (const { port } of this.slots.splice(0)) port.terminate();
    this.settle();
  }

  private work(kind: Kind, parts: number[][]): Promise<void> {
    const done = new Promise<void>((resolve) => (this.wake = resolve));
    this.waiting.push(...parts.map((indexes) => ({ kind, indexes, attempts: 0 })));
    this.fill();
    this.settle();
    return done;
  }

  /** Gives each free worker something to do, and starts workers for what is left, up to their number. */
  private fill(): void {
    while (!this.paused && this.waiting.length > 0) {
      const slot = this.slots.find(({ task }) => !task) ?? this.startSlot();
      if (!slot) return;
      this.begin(slot, this.next(slot));
    }
  }

  /** What waits for a worker: something like its last task where there is such. */
  private next({ alike }: Slot): Task {
    const near = this.waiting.findIndex(
      ({ kind, indexes }) => kind === 'check' && this.members[indexes[0]].alike === alike,
    );
    return this.waiting.splice(Math.max(0, near), 1)[0];
  }

  private startSlot(): Slot | undefined {
    if (this.slots.length >= Math.max(1, this.place.jobs)) return undefined;
    const slot: Slot = { port: { post: () => undefined, terminate: () => undefined }, task: undefined };
    this.slots.push(slot);
    slot.port = this.place.startWorker({
      reply: (reply) => this.take(slot, reply),
      ended: (reason) => this.lost(slot, reason),
    });
    return slot;
  }

  private begin(slot: Slot, task: Task): void {
    slot.task = task;
    const [index] = task.indexes;
    const { identity, request, alike } = this.members[index];
    slot.alike = alike;
    if (task.kind === 'check') return slot.port.post({ type: 'checkEach', checks: task.indexes.map(this.checkOf) });
    const run = (this.runs[index] ??= this.beginRun(index));
    run.attach(this.lend(slot, task));
    const { shape, checkpoint, seconds } = run.state;
    const isBegun = shape && checkpoint.parameters.length > 0;
    slot.port.post({
      ...{ type: 'open', runId: identity.id, ...request },
      ...(isBegun && { goOn: { checkpoint, fingerprint: shape.fingerprint, seconds } }),
    });
  }

  private readonly checkOf = (index: number): { requestId: number; request: CheckRequest } => {
    const { request } = this.members[index];
    return { requestId: index, request: { ...request, stamp: request.rows ?? '', limitOnly: true } };
  };

  private beginRun(index: number): PooledRun {
    const report = this.reports[index];
    // A history is appended to in place: that of a member which was not begun stays empty.
    return this.place.begin?.(index, report) ?? new MemberRun({ ...this.unbegun[index], history: new History() });
  }

  /** A worker for as long as it is at a task. */
  private lend(slot: Slot, task: Task): WorkerPort {
    return {
      post: (request) => {
        if (slot.task === task) slot.port.post(request);
      },
      terminate: () => {
        if (slot.task !== task) return;
        slot.port.post({ type: 'stop', runId: this.members[task.indexes[0]].identity.id });
        this.free(slot);
      },
    };
  }

  private take(slot: Slot, reply: WorkerReply): void {
    const { task } = slot;
    if (!task) return;
    if (reply.type === 'checked') {
      if (task.kind !== 'check' || !task.indexes.includes(reply.requestId)) return;
      task.indexes = task.indexes.filter((index) => index !== reply.requestId);
      this.checked(reply.requestId, 'checked' in reply ? reply.checked : { problems: [errorAtStart(reply.failed)] });
      return task.indexes.length === 0 ? this.free(slot) : undefined;
    }
    if (reply.type === 'described') return;
    const [index] = task.indexes;
    const { id } = this.members[index].identity;
    if (reply.runId !== id || task.kind !== 'train') return;
    this.runs[index]?.receive(reply);
    // What it said may have had the run give its worker back.
    if (slot.task === task && reply.type === 'opened' && !this.paused) slot.port.post({ type: 'resume', runId: id });
    const state = this.stateOf(index);
    this.place.changed?.(index, state);
    if (isLive(state.status)) return;
    if (this.place.ended) {
      this.place.ended(index, state);
      this.runs[index]?.rest?.();
    }
    if (slot.task === task) this.free(slot);
  }

  private checked(index: number, { problems, report }: { problems: Problem[]; report?: CurvatureReport }) {
    this.reports[index] = report;
    const state = this.unbegun[index];
    // A net has no report, and is sound without one.
    if (hasErrors(problems)) this.unbegun[index] = { ...state, status: 'failed', problems };
    else if (report) this.unbegun[index] = { ...state, curvature: report };
    this.place.changed?.(index, this.unbegun[index]);
  }

  /** How a member stands. */
  stateOf(index: number): RunState {
    return this.runs[index]?.state ?? this.unbegun[index];
  }

  private free(slot: Slot): void {
    const { task } = slot;
    slot.task = undefined;
    if (task?.kind === 'train') this.runs[task.indexes[0]]?.closePort();
    this.fill();
    this.settle();
  }

  /** A worker ended by itself. */
  private lost(slot: Slot, reason: string): void {
    const at = this.slots.indexOf(slot);
    if (at >= 0) this.slots.splice(at, 1);
    const { task } = slot;
    slot.task = undefined;
    if (task) this.tryAgain(task, reason);
    this.fill();
    this.settle();
  }

  private tryAgain({ kind, indexes, attempts }: Task, reason: string): void {
    const run = kind === 'train' ? this.runs[indexes[0]] : undefined;
    // The worker may end while it is heard that the member has ended.
    if (run && !isLive(run.state.status)) return run.closePort();
    // Each by itself: one that no worker survives takes no other with it.
    const alone = indexes.map((index) => ({ kind, indexes: [index], attempts: attempts + 1 }));
    if (attempts + 1 < mostAttempts) this.waiting.unshift(...alone);
    else alone.forEach((task) => this.giveUp(task, reason));
  }

  private giveUp({ kind, indexes: [index] }: Task, reason: string): void {
    const run = kind === 'train' ? this.runs[index] : undefined;
    if (run) run.workerEnded(reason);
    else {
      const { identity } = this.members[index];
      const failed = new MemberRun(openingRun(identity));
      failed.workerEnded(reason);
      this.unbegun[index] = failed.state;
    }
    this.place.changed?.(index, this.stateOf(index));
  }

  private tellRunning(type: 'pause' | 'resume' | 'stop'): void {
    for (const { port, task } of this.slots) {
      if (task?.kind === 'train') port.post({ type, runId: this.members[task.indexes[0]].identity.id });
    }
  }

  /** Wakes whoever waits for the work, if nothing is left. */
  private settle(): void {
    if (this.waiting.length > 0 || this.slots.some(({ task }) => task)) return;
    this.wake?.();
    this.wake = undefined;
  }
}
