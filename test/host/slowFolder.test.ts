import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FileSystemError, workspace, type Uri } from 'vscode';
import { CodeRecordFolder } from '../../src/host/records/codeRecordFolder';
import { isRecord } from '../../src/host/records/runRecord';
import { RemovedRuns } from '../../src/host/runs/removedRuns';
import { labelRun } from '../../src/host/runs/runLabels';
import type { TrainingRun } from '../../src/host/runs/trainingRun';
import type { TrainingRuns } from '../../src/host/runs/trainingRuns';
import { isLive } from '../../src/protocol/state';
import { window as dialogs } from '../helpers/fakeVscode';
import { seeded } from '../helpers/recordedRun';
import { openRunWindow, startRun } from '../helpers/runWindows';
import { slowFiles, slowTime, slowWorkers, type SlowTime } from '../helpers/slowFiles';

vi.mock('vscode', () => import('../helpers/fakeVscode'));

interface Window {
  runs: TrainingRuns;
  removed: RemovedRuns;
  logged: string[];
}

let time: SlowTime;
let files: ReturnType<typeof slowFiles>;
const unhandled: unknown[] = [];
const hear = (error: unknown) => void unhandled.push(error);
beforeEach(() => {
  time = slowTime();
  dialogs.questions.length = 0;
  dialogs.warnings.length = 0;
  unhandled.length = 0;
  process.on('unhandledRejection', hear);
});
afterEach(() => {
  process.off('unhandledRejection', hear);
  vi.restoreAllMocks();
});

function useFiles(random: () => number, slowest: number): void {
  files = slowFiles(
    time,
    () => slowest * random() ** 2,
    (message) => new FileSystemError(message),
  );
  for (const [name, task] of Object.entries(files.operations)) {
    vi.spyOn(workspace.fs, name as 'stat').mockImplementation(task as never);
  }
}

function openWindow(): Window {
  const folder = new CodeRecordFolder({ path: '/runs' } as Uri, isRecord);
  const { runs, logged } = openRunWindow(folder, { clock: time, startWorker: slowWorkers(time) });
  return { runs, removed: new RemovedRuns(runs), logged };
}

/** What a window shows of a run. */
const shows = ({ state: { status, history, checkpoint, label } }: TrainingRun) =>
  [status, history.length, checkpoint.epoch, checkpoint.batch, label?.note ?? ''].join(' ');

/** What is wrong after some things were done at random, then what these were; nothing where nothing is wrong. */
async function randomSequence(seed: number): Promise<string[]> {
  const random = seeded(seed);
  const below = (n: number) => Math.floor(random() * n);
  useFiles(seeded(seed + 0.5), [2, 30, 200][seed % 3]);
  const windows = Array.from({ length: 1 + (seed % 2) }, openWindow);
  const story: string[] = [];
  const wrong: string[] = [];
  const asked = new Set<string>();
  const started: string[] = [];
  const act = (what: string, task: () => unknown) => {
    story.push(`${Math.round(time.now())} ${what}`);
    void Promise.resolve()
      .then(task)
      .then(
        () => story.push(`${Math.round(time.now())}   done: ${what}`),
        (error: unknown) => {
          story.push(`${Math.round(time.now())}   refused: ${what}: ${String(error)}`);
          if (!/open in another window|was removed/.test(String(error))) wrong.push(`${what}: ${String(error)}`);
        },
      );
  };
  for (const { runs } of windows) {
    runs.shared.watch(() => true);
    act('restore', () => runs.restore());
  }
  const actions: ((window: Window, run: TrainingRun, name: string) => void)[] = [
    ({ runs }, run, name) => act(`resume ${name}`, () => runs.resume(run)),
    ({ runs }, run, name) => act(`step ${name}`, () => runs.step(run, random() < 0.5 ? 'batch' : 'epoch')),
    ({ runs }, run, name) => act(`pause ${name}`, () => runs.pause(run)),
    ({ runs }, run, name) => act(`seek ${name}`, () => runs.seek(run, below(run.state.history.length + 1), 0)),
    ({ runs }, run, name) => act(`stop ${name}`, () => runs.stop(run)),
    ({ runs }, run, name) => act(`label ${name}`, () => labelRun(runs, run, () => ({ note: String(below(1000)) }))),
    ({ runs }, run, name) => act(`control ${name}`, () => runs.control(run, { batchesPerSecond: 20 + below(200) })),
    ({ removed }, run, name) => {
      asked.add(run.id);
      act(`remove ${name}`, () => removed.remove([run]));
    },
    ({ runs }, _, name) => act(`look ${name}`, () => runs.shared.look()),
  ];
  const label = (index: number, run: TrainingRun) => `${index}/${started.indexOf(run.id)} (${shows(run)})`;
  for (let step = 0; step < 14; step++) {
    const index = below(windows.length);
    const window = windows[index];
    if (window.runs.all.length === 0 || random() < 0.15) {
      const run = startRun(window.runs, 'a', 1 + below(30), random() < 0.8 ? 'run' : 'rest');
      if (random() < 0.7) void run.control({ batchesPerSecond: 50 });
      started.push(run.id);
      story.push(`${Math.round(time.now())} start ${label(index, run)}`);
    } else {
      const run = window.runs.all[below(window.runs.all.length)];
      actions[below(actions.length)](window, run, label(index, run));
    }
    if (dialogs.questions.length > 0 && random() < 0.4) {
      const undo = random() < 0.7;
      story.push(`${Math.round(time.now())} answer ${undo}`);
      dialogs.questions.shift()!.answer(undo ? 'Undo' : undefined);
    }
    await time.pass(random() < 0.3 ? 0 : random() ** 2 * 3000);
  }
  // What waits for an answer goes.
  await time.pass(5000);
  for (const { answer } of dialogs.questions.splice(0)) answer('Undo');
  await time.pass(25_000);
  const list = (where: Window) => new Map(where.runs.all.map((run) => [run.id, run]));
  files.isInstant = true;
  const fresh = openWindow();
  await fresh.runs.shared.look();
  const read = list(fresh);
  windows.forEach((window, index) => {
    for (const [id, run] of list(window)) {
      const what = label(index, run);
      const there = read.get(id);
      const owner = window.runs.shared.records.ownerOf(id);
      if (run.elsewhere && owner === 'this') wrong.push(`${what} is elsewhere and this window's`);
      if (!isLive(run.state.status) && owner === 'this') wrong.push(`${what} is over and not let go of`);
      if (!there) wrong.push(`${what} is not on disk`);
      else if (run.state.status !== 'opening' && shows(there) !== shows(run))
        wrong.push(`${what} is on disk ${shows(there)}`);
      if (there && owner === 'nobody' && there.elsewhere)
        wrong.push(`${what} is nobody's and elsewhere for a fresh window`);
    }
    for (const id of started)
      if (!asked.has(id) && !list(window).has(id)) wrong.push(`${index}/${started.indexOf(id)} has vanished`);
    for (const id of read.keys()) if (!list(window).has(id)) wrong.push(`${index}/${started.indexOf(id)} is not shown`);
    for (const line of window.logged) if (/could not|cannot|left alone/.test(line)) wrong.push(line);
  });
  wrong.push(...dialogs.warnings.splice(0), ...unhandled.splice(0).map(String));
  const before = new Map(
    windows.flatMap((window) =>
      window.runs.all
        .filter((run) => window.runs.shared.records.ownerOf(run.id) === 'this')
        .map((run) => [run.id, shows(run)]),
    ),
  );
  for (const { runs } of [...windows, fresh]) {
    act('close', () => runs.close());
  }
  await time.pass(5000);
  const last = openWindow();
  await last.runs.shared.look();
  for (const [id, run] of list(last)) {
    if (before.has(id) && before.get(id) !== shows(run)) wrong.push(`closed: ${before.get(id)} is now ${shows(run)}`);
    if (run.elsewhere) wrong.push(`closed: ${shows(run)} is elsewhere`);
  }
  return wrong.length > 0 ? [`seed ${seed}`, ...wrong, ...story] : [];
}

it('shows what is on disk, whatever is done in whatever order', async () => {
  const wrong: string[] = [];
  for (let seed = 0; seed < 36; seed++) wrong.push(...(await randomSequence(seed)));
  expect(wrong).toEqual([]);
});
