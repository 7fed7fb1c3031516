/**
 * Prints how long a window takes to bring back 500 runs, from their records and from the index that the last window wrote, the
 * longest turn in which it answers nothing else, and the memory that they take; and what a look at all of them costs.
 * Runs of 2,000 epochs; `--long`: of 100,000, which takes 1.2 GB of disk. Medians; files are in the disk cache.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setConfigValue } from '../../src/config/edits/setValue';
import { tutorialConfig } from '../../src/config/templates/template';
import { hostClock } from '../../src/host/records/hostClock';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';
import type { RecordedEvent } from '../../src/host/records/recordBlocks';
import { eventsOf } from '../../src/host/records/runRecord';
import { RunRecords } from '../../src/host/records/runRecords';
import { takeSnapshot, type RunState } from '../../src/protocol/state';
import { MemberPool } from '../../src/sweep/memberPool';
import { sessionWorkers } from '../helpers/sessionWorkers';
import { median } from './contestant';

const epochs = process.argv.includes('--long') ? 100_000 : 2000;
const count = 500;
const rounds = 5;

/** The tutorial, trained to its end. */
async function trained(): Promise<{ configText: string; state: RunState }> {
  const configText = setConfigValue(tutorialConfig(), 'epochs', epochs);
  const request = { configText, configFile: 'tutorial.gd.json', seed: 0, rows: '' };
  const identity = { id: 'tutorial', name: 'tutorial', startedAt: 0 };
  const pool = new MemberPool([{ identity, request }], { ...sessionWorkers(), jobs: 1 });
  await pool.check();
  await pool.train();
  return { configText, state: pool.stateOf(0) };
}

/** A window on the folder, as far as records go. */
function openWindow(folder: string) {
  const states = new Map<string, RunState>();
  const fail = (reason: string) => {
    throw new Error(reason);
  };
  const records = new RunRecords(nodeRecordFolder(folder), hostClock, {
    ...{ failed: fail, unreadable: fail, full: fail, lost: fail },
    state: (id) => states.get(id),
  });
  const look = async () => {
    const { found } = await records.look((id) => states.has(id));
    for (const { state } of found) states.set(state.identity.id, state);
  };
  return { records, states, look };
}

async function write(folder: string): Promise<void> {
  const { configText, state } = await trained();
  const { records, states } = openWindow(folder);
  for (let i = 0; i < count; i++) {
    const identity = { id: `run${i}`, name: `run ${i}`, startedAt: i };
    const of = (event: RecordedEvent): RecordedEvent => ({ ...event, runId: identity.id });
    records.begin({ identity, configText, seed: i });
    for (const event of eventsOf(takeSnapshot({ ...state, identity }))) records.record(of(event));
    await records.release(identity.id);
    states.set(identity.id, { ...state, identity, status: 'paused' });
  }
  // Paused, they are not in the index.
  await records.stop();
}

/** Milliseconds of some work, and of the longest turn of the event loop meanwhile. */
async function timed(work: () => Promise<void>): Promise<{ all: number; turn: number }> {
  const begun = performance.now();
  let [turn, last, isOver] = [0, begun, false];
  const tick = () => {
    const now = performance.now();
    [turn, last] = [Math.max(turn, now - last), now];
    if (!isOver) setImmediate(tick);
  };
  tick();
  await work();
  tick();
  isOver = true;
  return { all: performance.now() - begun, turn };
}

async function measure(what: string, folder: string, close: boolean): Promise<void> {
  const opened: { all: number; turn: number }[] = [];
  const looks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { records, states, look } = openWindow(folder);
    opened.push(await timed(look));
    if (states.size !== count) throw new Error(`${states.size} runs were found, not ${count}`);
    looks.push((await timed(look)).all);
    if (close && round === rounds - 1) await records.stop();
  }
  const of = (name: 'all' | 'turn') => Math.round(median(opened.map((one) => one[name])));
  const look = median(looks).toFixed(1);
  console.log(`${what}  ${of('all')} ms, longest turn ${of('turn')} ms; a look at all of them after that ${look} ms`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gd-runs-'));
  try {
    await write(folder);
    console.log(`${count} runs of ${epochs} epochs`);
    await measure('from their records', folder, true);
    await measure('from the index    ', folder, false);
    const { rss } = process.memoryUsage();
    console.log(`memory of the process at the end ${Math.round(rss / 2 ** 20)} MB`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
