import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { FileLines, longestLine } from '../../../src/host/following/fileLines';
import { Follower } from '../../../src/host/following/follower';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { newIdentity } from '../../../src/host/runs/newIdentity';
import type { TrainingRun } from '../../../src/host/runs/trainingRun';
import { countedFolder, drivenClock } from '../../helpers/drivenClock';
import { openRunWindow, startRun } from '../../helpers/runWindows';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

const folder = mkdtempSync(path.join(tmpdir(), 'follow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = {
  event: 'start',
  config: { seed: 3, dataset: { file: 'a.csv', targets: ['y'] }, optimizer: { type: 'SGD', lr: 0.1 }, epochs: 9 },
  inputs: ['x0', 'x1'],
  targets: ['y'],
  rows: { train: 8, val: 2 },
  weight: [[1, 2]],
  bias: [3],
};
const epoch = (number: number, loss: number | string = 10 - number) => ({
  ...{ event: 'epoch', epoch: number, loss, batch_loss: 1, val_loss: 2, lr: 0.1 },
});
const end = {
  event: 'end',
  status: 'finished',
  epochs: 2,
  loss: 7,
  val_loss: 8,
  weight: [[4, 5]],
  bias: [6],
  seconds: 2,
};
const lines = (...events: object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

let files = 0;

/** Follows a file with this content in a window of its own. */
async function follow(content: string) {
  const name = `run-${files++}.jsonl`;
  const at = path.join(folder, name);
  writeFileSync(at, content);
  const disk = countedFolder(nodeRecordFolder(folder));
  const clock = drivenClock([disk]);
  const { runs } = openRunWindow(nodeRecordFolder(path.join(folder, 'runs', name)), { clock });
  let run!: TrainingRun;
  const file = {
    name,
    size: () => disk.size(name),
    read: (from: number, count: number) => disk.read(name, from, count),
  };
  const follower = await Follower.follow(file, clock, ({ configText, seed }, itself) => {
    const source = { configText, configFile: name, seed, readFile: () => Promise.resolve(undefined) };
    run = runs.addStarted({ ...newIdentity(), name, followed: `file://${at}` }, source);
    run.follower = itself;
    const takeOver = async () => void (await runs.shared.takeOver(run));
    return { id: run.id, apply: (event) => run.apply(event), isListed: () => runs.runOf(run.id) === run, takeOver };
  });
  return { at, name, clock, runs, run, follower };
}

describe('a run that is followed', () => {
  it('shows what is there, what comes, and how it ended', async () => {
    const { run, at, clock, name, follower } = await follow(lines(start, epoch(0)));
    expect(run.state.status).toBe('running');
    expect(run.state.notice).toContain(`followed from ${name}`);
    expect(run.state.shape).toMatchObject({ trainRows: 8, validationRows: 2, epochs: 9, optimizer: 'SGD', lr: 0.1 });
    expect([...run.state.initial]).toEqual([1, 2, 3]);
    // A line that is not whole waits for its end.
    const more = lines(epoch(1));
    appendFileSync(at, more.slice(0, 20));
    await clock.pass(1000);
    expect(run.state.history.length).toBe(1);
    appendFileSync(at, more.slice(20) + lines(end));
    await clock.pass(1000);
    expect([...run.state.history.column('loss')]).toEqual([10, 9]);
    expect([...run.state.history.column('valLoss')]).toEqual([2, 2]);
    expect(run.state).toMatchObject({ status: 'finished', trainLoss: 7, validationLoss: 8, seconds: 2 });
    expect([...run.state.checkpoint.parameters]).toEqual([4, 5, 6]);
    expect(follower.isFollowing).toBe(false);
  });

  it('is what the command line prints, number for number', async () => {
    const config = path.join(folder, 'net.gd.json');
    const layers = [{ type: 'Linear', out_features: 3 }, 'ReLU', 'Linear'];
    writeFileSync(
      config,
      JSON.stringify({
        ...{ seed: 1, dataset: { generate: 'linear', samples: 20, features: 2 }, split: [16, 4], epochs: 40 },
        ...{ model: { type: 'Sequential', layers }, optimizer: { type: 'SGD', lr: 0.01 }, loader: { batch_size: 5 } },
      }),
    );
    const root = path.join(__dirname, '../../..');
    const { stdout } = spawnSync(process.execPath, ['dist/cli.js', 'run', config, '--json'], {
      cwd: root,
      encoding: 'utf8',
    });
    const { run } = await follow(stdout);
    const printed = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, never>);
    expect(run.state.status).toBe('finished');
    expect([...run.state.history.column('loss')]).toEqual(printed.slice(1, -1).map(({ loss }) => loss));
    expect([...run.state.history.column('valLoss')]).toEqual(printed.slice(1, -1).map(({ val_loss }) => val_loss));
    const parameters = printed.at(-1)!.parameters as Record<string, number[] | number[][]>;
    expect([...run.state.checkpoint.parameters]).toEqual(Object.values(parameters).flat(2));
  });

  it('says that its process has been killed, and goes on when the file grows again', async () => {
    const { run, at, clock, runs } = await follow(lines(start, epoch(0)) + '{"event":"ep');
    await clock.pass(20_000);
    expect(run.state.status).toBe('running');
    await clock.pass(20_000);
    expect(run.state.status).toBe('stopped');
    expect(run.state.notice).toMatch(
      /has not grown for \d+ seconds: .* killed\. Its last epoch is 1\. It ends within line 3\./,
    );
    // It goes on from a checkpoint: the file is written again.
    writeFileSync(at, lines(start));
    await clock.pass(1000);
    appendFileSync(at, lines(epoch(0), epoch(1)));
    // The run is taken over first, which goes through a folder whose writes the clock does not wait for.
    await expect.poll(async () => (await clock.pass(500), run.state.history.length)).toBe(2);
    expect(run.state.status).toBe('running');
    expect(runs.all).toHaveLength(1);
  });

  it.each([
    ['not JSON', 'oops\n', 'is not JSON'],
    ['an epoch too far', lines(epoch(3)), 'is epoch 3 where epoch 1 has to come'],
    ['a loss in words', lines(epoch(1, 'big')), 'has "loss" without a number'],
    ['another run', lines(start), 'begins another run'],
    ['other parameters', lines({ ...end, weight: [[1]] }), 'weight is not of shape 1 × 2'],
    ['a number for an object', '7\n', 'is not a JSON object'],
  ])('names a damaged line: %s', async (_, damaged, reason) => {
    const { run, name, follower } = await follow(lines(start, epoch(0)) + damaged + lines(epoch(1)));
    expect(run.state.notice).toBe(`Line 3 of ${name} ${reason}.`);
    expect([run.state.status, run.state.history.length, follower.isFollowing]).toEqual(['stopped', 1, false]);
  });

  it.each([
    ['', 'has no whole line yet'],
    [lines(epoch(0)), 'is "epoch" where "start" has to come first'],
    [lines({ ...start, config: { epochs: -1 } }), 'has a config that cannot be used'],
    [lines({ ...start, weight: undefined }), 'has parameters that do not fit its model: weight is missing'],
    [lines({ ...start, inputs: 'x0' }), 'has no "inputs" that is a list of names'],
    ['['.repeat(200_000) + '\n', 'is not JSON'],
  ])('does not begin with %.20s', async (content, reason) => {
    await expect(follow(content)).rejects.toThrow(reason);
  });

  it('takes no line that is too long', () => {
    const all = new FileLines();
    const piece = new Uint8Array(longestLine / 2 + 1);
    expect([...all.take(piece)]).toEqual([]);
    expect(() => [...all.take(piece)]).toThrow(`line 1 is longer than ${longestLine} bytes`);
  });

  it('is only shown: nothing here pauses it, drives it or asks for its rows', async () => {
    const { run, runs, clock } = await follow(lines(start, epoch(0)));
    expect(() => runs.pause(run)).toThrow('trains elsewhere');
    await expect(runs.resume(run)).rejects.toThrow('trains elsewhere');
    await expect(runs.seek(run, 0, 0)).rejects.toThrow('trains elsewhere');
    await expect(run.ask({ kind: 'metrics' })).rejects.toThrow('trains elsewhere');
    const own = startRun(runs, 'own', 3, 'rest');
    await clock.pass(1000);
    expect([run.state.status, runs.shown]).toEqual(['running', own]);
    await runs.stop(run);
    expect(run.state).toMatchObject({
      status: 'stopped',
      notice: expect.stringContaining('Followed no longer') as string,
    });
    await runs.close();
  });

  it('is there in the next window, with its end or without', async () => {
    const { run, runs, clock, name } = await follow(lines(start, epoch(0)));
    await runs.close();
    await clock.pass(1000);
    const next = openRunWindow(nodeRecordFolder(path.join(folder, 'runs', name)));
    await next.runs.restore();
    const [again] = next.runs.all;
    expect(again.state.history.length).toBe(1);
    expect([again.isFollowed, again.state.status, run.state.status]).toEqual([true, 'stopped', 'stopped']);
    expect(readFileSync(path.join(folder, name), 'utf8')).toContain('"start"');
    await next.runs.close();
  });
});
