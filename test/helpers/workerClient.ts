import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from '../../src/protocol/protocol';
import { applyRunEvent, openingRun, type RunState } from '../../src/protocol/state';

/** The built training worker in a real thread, and the run as its replies tell it. */
export class WorkerClient {
  state: RunState = openingRun({ id: 'run', name: 'test', startedAt: 0 });
  readonly replies: WorkerReply[] = [];
  private readonly worker = new Worker(path.join(__dirname, '../../dist/worker.js'));
  private readonly watchers = new Set<() => void>();

  constructor() {
    this.worker.on('message', (reply: WorkerReply) => {
      this.replies.push(reply);
      if (reply.type === 'progress') this.tell({ type: 'taken' });
      if (
        reply.type !== 'described' &&
        reply.type !== 'checked' &&
        reply.type !== 'answer' &&
        reply.type !== 'askFailed'
      )
        this.state = applyRunEvent(this.state, reply);
      this.watchers.forEach((watcher) => watcher());
    });
  }

  post(request: WorkerRequest): void {
    this.worker.postMessage(request);
  }

  /** Posts a request about the run. */
  tell(request: Record<string, unknown> & { type: string }): void {
    this.post({ runId: 'run', ...request } as unknown as WorkerRequest);
  }

  /** Opens a config and resolves once it is open or has failed. */
  async open(configText: string, more: object = {}): Promise<void> {
    this.tell({ type: 'open', configText, configFile: 'test.gd.json', seed: 0, ...more });
    await this.until(() => this.replies.some(({ type }) => type === 'opened' || type === 'failed'));
  }

  /** Resolves as soon as a condition holds after a reply. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const watcher = () => {
        if (!condition()) return;
        this.watchers.delete(watcher);
        resolve();
      };
      this.watchers.add(watcher);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
