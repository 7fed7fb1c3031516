import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { MemberPool, type PoolMember } from '../sweep/memberPool';
import { startAhead } from '../sweep/startAhead';
import { nodeWorkers } from '../worker/start/nodeWorkers';

/** How many runs train at a time. */
export interface PoolOptions {
  /** One a core if omitted. */
  jobs?: number | undefined;
}

/** The exit status that a shell expects after Ctrl+C. */
const interrupted = 130;

/**
 * Does something with a pool of workers, which Ctrl+C stops; what was reached until then is printed all the same.
 * @param makeMembers is called while the workers for `count` members start.
 */
export async function withPool(
  count: number,
  { jobs = availableParallelism() }: PoolOptions,
  makeMembers: () => readonly PoolMember[] | Promise<readonly PoolMember[]>,
  act: (pool: MemberPool) => Promise<number>,
): Promise<number> {
  const used = Math.min(jobs, count);
  // The command line is one file beside the worker.
  const ahead = startAhead(nodeWorkers(path.join(__dirname, 'worker.js'), used === 1).startWorker, used);
  try {
    return await actWith(new MemberPool(await makeMembers(), { startWorker: ahead.startWorker, jobs }), act);
  } finally {
    ahead.dispose();
  }
}

async function actWith(pool: MemberPool, act: (pool: MemberPool) => Promise<number>): Promise<number> {
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
