/**
 * Prints how long a sweep over the tutorial takes, from starting its workers to the last member, with one worker and with two:
 * 64 members of 2,000 epochs each, of 20,000 and of 100,000, every epoch kept. The shortest is over before a second worker has
 * compiled the engine; the longest shows what that worker adds. Medians of rounds in turn. `--quick`: fewer rounds.
 */
import { cpus } from 'node:os';
import path from 'node:path';
import { tutorialConfig } from '../../src/config/templates/template';
import { parseConfig } from '../../src/config/parseConfig';
import { setConfigValue } from '../../src/config/edits/setValue';
import { memberName, memberTexts, membersOf, rowsOf } from '../../src/sweep/members';
import { MemberPool, type PoolMember } from '../../src/sweep/memberPool';
import { startAhead } from '../../src/sweep/startAhead';
import { nodeWorkers } from '../../src/worker/start/nodeWorkers';
import { median } from './contestant';

const isQuick = process.argv.includes('--quick');
const rates = { from: 1e-8, to: 1.2e-6, steps: 16, scale: 'log' };
const sweep = setConfigValue(tutorialConfig(), 'sweep', { 'optimizer.lr': rates, seed: { count: 4 } });

/** Milliseconds to the limits of all members, to the first curve, and to the end. */
interface Measured {
  limits: number;
  first: number;
  all: number;
}

function makeMembers(epochs: number): PoolMember[] {
  const text = setConfigValue(sweep, 'epochs', epochs);
  const all = membersOf(parseConfig(text).config!);
  const texts = memberTexts(text, all);
  return all.map((settings, i) => ({
    identity: { id: String(i), name: memberName(settings), startedAt: 0 },
    alike: rowsOf(settings),
    request: { configText: texts[i], configFile: 'tutorial.gd.json', seed: 0, rows: '' },
  }));
}

async function measure(jobs: number, epochs: number): Promise<Measured> {
  const begun = performance.now();
  // As the command line and the editor do, which make the members meanwhile.
  const { startWorker } = startAhead(nodeWorkers(path.join(process.cwd(), 'dist/worker.js'), false).startWorker, jobs);
  let first = NaN;
  const pool = new MemberPool(makeMembers(epochs), {
    startWorker,
    jobs,
    changed: (_, { history }) => {
      if (Number.isNaN(first) && history.length > 0) first = performance.now() - begun;
    },
  });
  await pool.check();
  const limits = performance.now() - begun;
  await pool.train();
  const all = performance.now() - begun;
  const kept = pool.states.reduce((sum, { history }) => sum + history.length, 0);
  pool.dispose();
  if (kept !== 64 * epochs) throw new Error(`${kept} epochs were kept, not ${64 * epochs}`);
  return { limits, first, all };
}

async function compare(epochs: number, rounds: number): Promise<void> {
  const results: Record<number, Measured[]> = { 1: [], 2: [] };
  // The first round of each fills caches.
  for (let round = 0; round <= rounds; round++) {
    for (const jobs of [1, 2]) {
      const measured = await measure(jobs, epochs);
      if (round > 0) results[jobs].push(measured);
    }
  }
  const medians = [1, 2].map((jobs) => {
    const of = (name: keyof Measured) => Math.round(median(results[jobs].map((measured) => measured[name])));
    const workers = jobs === 1 ? 'one worker ' : 'two workers';
    console.log(
      `${epochs} epochs, ${workers}  limits ${of('limits')} ms, first curve ${of('first')} ms, all 64 members ${of('all')} ms`,
    );
    return median(results[jobs].map(({ all }) => all));
  });
  console.log(`ratio ${(medians[0] / medians[1]).toFixed(2)}  (${cpus().length} × ${cpus()[0].model})`);
}

async function main(): Promise<void> {
  for (const epochs of [2000, 20_000]) await compare(epochs, isQuick ? 3 : 11);
  await compare(100_000, isQuick ? 1 : 5);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
