import type { WorkerReply, WorkerRequest } from './protocol';

/** A training worker as the host sees it, on whatever it runs. */
export interface WorkerPort {
  post(request: WorkerRequest): void;
  /** Ends the worker; `ended` is not called. */
  terminate(): void;
}

/** What a worker tells its owner. */
export interface WorkerListener {
  reply(reply: WorkerReply): void;
  /** The worker ended without being asked to; `reason` is a sentence or empty. */
  ended(reason: string): void;
}

/** Starts a worker. */
export type StartWorker = (listener: WorkerListener) => WorkerPort;
