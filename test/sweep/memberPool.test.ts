import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import { comparedRun, settingsOf } from '../../src/sweep/compareState';
import { memberName, memberTexts, membersOf, rowsOf } from '../../src/sweep/members';
import { MemberPool, type PoolMember } from '../../src/sweep/memberPool';
import { openRun } from '../../src/training/openRun';
import { openFile } from '../../src/worker/openFile';
import { nodeWorkers } from '../../src/worker/start/nodeWorkers';
import { tutorialConfig } from '../../src/config/templates/template';
import { setConfigValue } from '../../src/config/edits/setValue';
import { sessionWorkers } from '../helpers/sessionWorkers';

const samples = path.join(__dirname, '../../media/samples');
const program = path.join(__dirname, '../../dist/worker.js');
const cars = path.join(samples, 'cars.csv');
const pools: MemberPool[] = [];

afterEach(() => pools.splice(0).forEach((pool) => pool.dispose()));

function poolOf(
  config: string,
  {
    startWorker,
    jobs = 2,
    changed = () => undefined,
  }: Partial<{
    startWorker: ReturnType<typeof nodeWorkers>['startWorker'];
    jobs: number;
    changed: (index: number) => void;
  }> = {},
) {
  const members = membersOfText(config);
  const pool = new MemberPool(members, {
    startWorker: startWorker ?? nodeWorkers(program, false).startWorker,
    jobs,
    changed,
  });
  pools.push(pool);
  return pool;
}

function membersOfText(text: string): PoolMember[] {
  const { config, problems } = parseConfig(text);
  expect(problems).toEqual([]);
  const file = config && 'file' in config.dataset ? { file: { name: 'cars.csv', path: cars } } : {};
  const all = membersOf(config!);
  const texts = memberTexts(text, all);
  return all.map((settings, i) => ({
    identity: { id: `m${i}`, name: memberName(settings), startedAt: 0 },
    request: { configText: texts[i], configFile: 'a.gd.json', seed: 5, rows: cars, ...file },
    alike: rowsOf(settings),
  }));
}

/** Every epoch's numbers and the last parameters of a member that trains by itself. */
async function trainedAlone({ request }: PoolMember) {
  const opened = await openRun(request, { openFile });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  const { trainer, config } = opened;
  const losses: number[] = [];
  while (!trainer.divergence && trainer.epoch < config.epochs) {
    const record = trainer.advance(Infinity);
    if (record) losses.push(record.loss, record.batchLoss, record.valLoss, record.lr);
  }
  return { losses, parameters: [...trainer.parts.model.parameters], diverged: trainer.divergence !== undefined };
}

async function expectAlone(pool: MemberPool) {
  for (const [i, member] of pool.members.entries()) {
    const { history, checkpoint, status } = pool.states[i];
    const alone = await trainedAlone(member);
    const columns = (['loss', 'batchLoss', 'valLoss', 'lr'] as const).map((name) => history.column(name));
    const losses = Array.from(columns[0], (_, epoch) => columns.map((column) => column[epoch])).flat();
    expect(losses, member.identity.name).toEqual(alone.losses);
    expect([...checkpoint.parameters], member.identity.name).toEqual(alone.parameters);
    expect(status).toBe(alone.diverged ? 'diverged' : 'finished');
  }
}

const mixed = `{
  "dataset": { "file": "cars.csv", "inputs": ["weight", "horsepower"], "targets": ["mpg"], "missing": "drop" },
  "loader": { "batch_size": 16 },
  "optimizer": { "type": "SGD", "lr": 0.01 },
  "split": [0.8, 0.2],
  "epochs": 3,
  "sweep": {
    "optimizer": [{ "type": "SGD", "lr": 0.01, "weight_decay": 0.1 }, { "type": "Adam", "lr": 0.1 }],
    "dataset.scale": ["standard", "none"],
    "model.bias": [true, false],
    "loader.batch_size": [1, 7, 300],
    "seed": { "count": 6 }
  },
  "sweep_mode": { "random": 100 }
}`;

describe('members that train side by side', () => {
  it('are bit for bit the config alone, though their rows are read once', async () => {
    const pool = poolOf(mixed);
    await pool.check();
    expect(pool.reports.filter(Boolean)).toHaveLength(100);
    await pool.train();
    await expectAlone(pool);
    // Without a scale some of them must diverge, which is a result like another.
    const ends = pool.states.map(({ status }) => status);
    expect(new Set(ends)).toEqual(new Set(['finished', 'diverged']));
  });

  it('are refused each for itself, though their rows are made once', async () => {
    const text = setConfigValue(setConfigValue(tutorialConfig(), 'epochs', 2), 'sweep', {
      'model.init': ['zeros', { weight: [[1, 2]] }, 'default'],
    });
    const pool = poolOf(text, { jobs: 1 });
    await pool.train();
    expect(pool.states.map(({ status }) => status)).toEqual(['finished', 'failed', 'finished']);
  });

  it('are not lost with their workers', async () => {
    const { startWorker, kill } = nodeWorkers(program, false);
    let killed = 0;
    const text = setConfigValue(tutorialConfig(), 'sweep', { seed: { count: 12 } });
    const pool = poolOf(text, {
      startWorker,
      changed: (index) => {
        if ((index !== 3 && index !== 7) || killed > index / 4) return;
        killed++;
        kill();
      },
    });
    await pool.train();
    expect(killed).toBe(2);
    await expectAlone(pool);
  });

  it('fail after their workers ended three times, and only they', async () => {
    const { started, startWorker } = sessionWorkers();
    const text = setConfigValue(tutorialConfig(), 'sweep', { seed: { count: 4 } });
    const pool = poolOf(setConfigValue(text, 'epochs', 20), {
      startWorker,
      jobs: 1,
      changed: (index) =>
        void (index === 2 && pool.states[2].status !== 'failed' && started.at(-1)!.crash('no memory')),
    });
    await pool.train();
    expect(pool.states.map(({ status }) => status)).toEqual(['finished', 'finished', 'failed', 'finished']);
    expect(pool.states[2].problems[0].message).toBe('its worker ended 3 times: no memory');
  });

  it('are looked at in few goes, alike ones together, and one that no worker survives takes no other with it', async () => {
    const { startWorker } = sessionWorkers();
    const goes: number[][] = [];
    const text = setConfigValue(tutorialConfig(), 'sweep', { 'optimizer.lr': [1e-8, 1e-7, 1e-6], seed: { count: 2 } });
    const pool = poolOf(text, {
      jobs: 1,
      startWorker: (listener) => {
        const port = startWorker(listener);
        return {
          ...port,
          post: (request) => {
            const asked = request.type === 'checkEach' ? request.checks.map(({ requestId }) => requestId) : [];
            if (asked.length > 0) goes.push(asked);
            if (!asked.includes(2)) return port.post(request);
            port.terminate();
            setImmediate(() => listener.ended('no memory'));
          },
        };
      },
    });
    await pool.check();
    expect(goes).toEqual([[0, 2, 4], [0], [2], [2], [4], [1, 3, 5]]);
    expect(pool.reports.map((report) => report?.lr)).toEqual([1e-8, 1e-8, undefined, 1e-7, 1e-6, 1e-6]);
    expect(pool.states[2].problems[0].message).toBe('its worker ended 3 times: no memory');
  });

  it('rest and go on together, and end the same', async () => {
    let resting = false;
    const text = setConfigValue(tutorialConfig(), 'sweep', { seed: { count: 8 } });
    const pool = poolOf(text, {
      changed: () => {
        if (resting || pool.states.every(({ history }) => history.length === 0)) return;
        resting = true;
        pool.pause();
      },
    });
    const done = pool.train();
    await expect
      .poll(() => resting && pool.states.every(({ status }) => status !== 'running'), { timeout: 60_000 })
      .toBe(true);
    expect(pool.isPaused).toBe(true);
    const begun = pool.states.filter(({ shape }) => shape).length;
    expect(begun).toBeLessThan(8);
    pool.resume();
    await done;
    await expectAlone(pool);
  });

  it('end where they are when they are stopped; what has not begun stays as it is', async () => {
    const text = setConfigValue(tutorialConfig(), 'sweep', { seed: { count: 8 } });
    const pool = poolOf(setConfigValue(text, 'epochs', 1e9), {
      changed: (index) => void (pool.states[index].history.length > 0 && pool.stop()),
    });
    await pool.train();
    const ends = pool.states.map(({ status }) => status);
    expect(ends).toContain('stopped');
    expect(ends.filter((status) => status === 'opening').length).toBeGreaterThanOrEqual(6);
  });
});

describe('the limits of 200 random members', () => {
  it.each([1, 10])('with batches of %i are not wrong', async (batch) => {
    const whole = setConfigValue(setConfigValue(tutorialConfig(), 'loader.batch_size', batch), 'sweep_mode', {
      random: 200,
    });
    const text = setConfigValue(whole, 'sweep', {
      'optimizer.lr': { from: 1e-8, to: 1e-4, scale: 'log' },
      seed: { count: 1000 },
      'model.bias': [true, false],
    });
    const pool = poolOf(text);
    await pool.check();
    await pool.train();
    const runs = pool.states.map((state, i) => comparedRun(state, settingsOf(pool.members[i].request.configText)));
    const over = runs.filter(({ limit }) => limit!.share > 1);
    expect(over.length).toBeGreaterThan(20);
    expect(over.length).toBeLessThan(180);
    for (const run of runs) {
      expect(run.limit!.accuracy).toBe('exact');
      const told = `${run.name}: ${run.limit!.share} of the limit`;
      if (run.limit!.share <= 1) expect(run.status, told).toBe('finished');
      // Of single rows, which of them grows is a matter of the order; full batches fall to the end, or rise.
      if (batch < 10 || run.status === 'diverged') continue;
      const rise = run.loss / run.lowestLoss!.value;
      if (run.limit!.share > 1) expect(rise, told).toBeGreaterThan(1);
      else expect(rise, told).toBeLessThan(1 + 1e-6);
    }
  });
});

it('hands on each member at its end with all of its epochs, and keeps a rough curve of it', async () => {
  const text = setConfigValue(setConfigValue(tutorialConfig(), 'epochs', 600), 'sweep', { seed: { count: 3 } });
  const ended: { index: number; epochs: number; isRough: boolean }[] = [];
  const pool = new MemberPool(membersOfText(text), {
    startWorker: sessionWorkers().startWorker,
    jobs: 2,
    ended: (index, { history }) =>
      ended.push({ index, epochs: history.column('loss').length, isRough: history.isRough }),
  });
  pools.push(pool);
  await pool.train();
  expect(ended.map(({ index }) => index).sort((a, b) => a - b)).toEqual([0, 1, 2]);
  for (const { epochs, isRough } of ended) expect([epochs, isRough]).toEqual([600, false]);
  for (const { history } of pool.states) expect([history.length, history.isRough]).toEqual([600, true]);
});
