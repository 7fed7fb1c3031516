import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { MemberPool, type PoolMember } from '../sweep/memberPool';
import { nodeWorkers } from '../worker/start/nodeWorkers';

/** How many runs train at a time. */
export interface PoolOptions {
  /** One a core if omitted. */
  jobs?: number | undefined;
}

/** The exit status that a shell expects after Ctrl+C. */
const interrupted = 130;

/** Does something with a pool of workers, which Ctrl+C stops; what was reached until then is printed all the same. */
export async function withPool(
  members: readonly PoolMember[],
  { jobs = availableParallelism() }: PoolOptions,
  act: (pool: MemberPool) => Promise<number>,
): Promise<number> {
  // The command line is one file beside the worker.
  const { startWorker } = nodeWorkers(path.join(__dirname, 'worker.js'), Math.min(jobs, members.length) === 1);
  const pool = new MemberPool(members, { startWorker, jobs });
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    pool.stop();
  };
  process.once('SIGINT', stop);
  try {
    const status = await act(pool);
    return isStopped ? interrupted : status;
  } finally {
    process.removeListener('SIGINT', stop);
    pool.dispose();
  }
}
