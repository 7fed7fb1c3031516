import { expect, it, vi } from 'vitest';
import type { ConfigFix } from '../../../src/advice/fixes/configFix';
import { offeredFixes } from '../../../src/advice/verdicts/offeredFixes';
import { fixedText } from '../../../src/advice/fixes/fixedText';
import { earlierRun } from '../../../src/host/runs/earlierRun';
import { TrainingRun } from '../../../src/host/runs/trainingRun';
import { decodeRun } from '../../../src/host/records/snapshotFile';
import { restoreSnapshot, type RunState } from '../../../src/protocol/state';
import { encodeRun, storedRun } from '../../helpers/encodeRun';
import { openConfig } from '../../helpers/openRun';
import { sessionWorkers } from '../../helpers/sessionWorkers';
import { trainRun } from '../../helpers/trainRun';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

const configUri = '/a.gd.json';
const tutorial = (lr: number, epochs = 10_000) => ({
  seed: 0,
  dataset: { values: { inputs: [[3], [4], [7]], targets: [[1], [2], [4]] } },
  optimizer: { type: 'SGD', lr },
  epochs,
});

/** A run of a config after those that are in the list; `change` makes it end in another way. */
async function runAfter(
  runs: TrainingRun[],
  configText: string,
  change: (state: RunState) => Partial<RunState> = () => ({}),
): Promise<TrainingRun> {
  const earlier = earlierRun(runs, configUri, configText);
  const state = trainRun(await openConfig(JSON.parse(configText) as object));
  const identity = { id: String(runs.length), name: 'a', configUri, startedAt: 0, ...(earlier && { earlier }) };
  const source = { configText, configFile: 'a.gd.json', seed: 0, readFile: () => Promise.resolve(undefined) };
  const { startWorker } = sessionWorkers();
  const ended = { ...state, identity, ...change(state) };
  const run = new TrainingRun(ended, source, { startWorker, updatesPerSecond: () => 30, onEvent: () => {} });
  runs.push(run);
  return run;
}

/** As where a limit is wrong. */
const diverged = () => ({ status: 'diverged', divergence: { epoch: 3, batch: 0, what: 'loss' } }) as const;
const kinds = ({ state }: TrainingRun) => offeredFixes(state).map(({ kind }) => kind);
const fixOf = ({ state }: TrainingRun, kind: ConfigFix['kind']) =>
  offeredFixes(state).find((fix) => fix.kind === kind)!;
const textWith = (run: TrainingRun, kind: ConfigFix['kind']) => fixedText(run.source.configText, fixOf(run, kind));

it('a fix after which the run diverges again is not offered again, nor are those before it', async () => {
  const runs: TrainingRun[] = [];
  const first = await runAfter(runs, JSON.stringify(tutorial(0.005)), diverged);
  expect(kinds(first)).toEqual(['smaller-rate', 'scale-inputs']);
  const second = await runAfter(runs, textWith(first, 'smaller-rate'), diverged);
  expect(kinds(second)).toEqual(['scale-inputs']);
  const third = await runAfter(runs, textWith(second, 'scale-inputs'), diverged);
  expect(kinds(third)).toEqual([]);
  // The same config once more has learned nothing new.
  expect(kinds(await runAfter(runs, third.source.configText, diverged))).toEqual([]);
  const { snapshot } = decodeRun(encodeRun(storedRun(third)))!;
  expect(offeredFixes(restoreSnapshot(snapshot))).toEqual([]);
});

it('a config that was changed by hand is offered everything again', async () => {
  const runs: TrainingRun[] = [];
  const first = await runAfter(runs, JSON.stringify(tutorial(0.005)), diverged);
  await runAfter(runs, textWith(first, 'smaller-rate'), diverged);
  const byHand = await runAfter(runs, JSON.stringify(tutorial(0.004)), diverged);
  expect(kinds(byHand)).toEqual(['smaller-rate', 'scale-inputs']);
});

it('a fix that helped, though not enough, stays; one that ends no better goes', async () => {
  const slow = () => ({ status: 'finished' }) as const;
  const runs: TrainingRun[] = [];
  const first = await runAfter(runs, JSON.stringify(tutorial(1e-7, 5)), slow);
  expect(kinds(first)).toContain('half-limit');
  const better = await runAfter(runs, textWith(first, 'scale-inputs'), ({ trainLoss }) => ({
    trainLoss: trainLoss / 2,
  }));
  expect(better.state.identity.earlier).toMatchObject({ fix: 'scale-inputs', tried: [] });
  const again: TrainingRun[] = [];
  const start = await runAfter(again, JSON.stringify(tutorial(1e-7, 5)), slow);
  const worse = await runAfter(again, textWith(start, 'half-limit'), () => ({
    trainLoss: start.state.trainLoss,
    curvature: start.state.curvature!,
  }));
  expect(kinds(start)).toContain('half-limit');
  expect(kinds(worse)).not.toContain('half-limit');
});
