import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { ComparedRun } from '../compare/comparedRun';
import type { RunState } from '../protocol/state';
import { comparedRun, settingsOf } from '../sweep/compareState';
import { MemberPool, type PoolMember } from '../sweep/memberPool';
import type { PoolPlace } from '../sweep/poolPlace';
import { startAhead } from '../sweep/startAhead';
import { nodeWorkers } from '../worker/start/nodeWorkers';

/** How many runs train at a time. */
export interface PoolOptions {
  /** One a core if omitted. */
  jobs?: number | undefined;
}

/** Members that train, and how each of them stands. */
export interface ComparedPool {
  pool: MemberPool;
  compared(index: number): ComparedRun;
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
  act: (members: ComparedPool) => Promise<number>,
): Promise<number> {
  const used = Math.min(jobs, count);
  // The command line is one file beside the worker.
  const ahead = startAhead(nodeWorkers(path.join(__dirname, 'worker.js'), used === 1).startWorker, used);
  try {
    const pool = comparedPool(await makeMembers(), { startWorker: ahead.startWorker, jobs });
    return await actWith(pool, act);
  } finally {
    ahead.dispose();
  }
}

/** What is said of a member is worked out at its end: there need not be room for the histories of all. */
function comparedPool(members: readonly PoolMember[], place: PoolPlace): ComparedPool {
  const told = (index: number, state: RunState) => comparedRun(state, settingsOf(members[index].request.configText));
  const ended: ComparedRun[] = [];
  const pool = new MemberPool(members, { ...place, ended: (index, state) => (ended[index] = told(index, state)) });
  return { pool, compared: (index) => ended[index] ?? told(index, pool.stateOf(index)) };
}

async function actWith(members: ComparedPool, act: (members: ComparedPool) => Promise<number>): Promise<number> {
  const { pool } = members;
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    pool.stop();
  };
  process.once('SIGINT', stop);
  try {
    const status = await act(members);
    return isStopped ? interrupted : status;
  } finally {
    process.removeListener('SIGINT', stop);
    pool.dispose();
  }
}
