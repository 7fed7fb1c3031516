import { beforeEach, expect, it, vi } from 'vitest';
import type { DatasetInspector } from '../../src/host/documents/datasetInspector';
import { RunStarter } from '../../src/host/runs/runStarter';
import { TrainingRun } from '../../src/host/runs/trainingRun';
import type { TrainingRuns } from '../../src/host/runs/trainingRuns';
import { analyzeRun } from '../../src/training/analyzeRun';
import { fixId } from '../../src/advice/fixes/configFix';
import { offeredFixes } from '../../src/advice/verdicts/offeredFixes';
import { applyRunEvent, openingRun } from '../../src/protocol/state';
import { Document, workspace } from '../helpers/fakeVscode';
import { openConfig } from '../helpers/openRun';
import { sessionWorkers } from '../helpers/sessionWorkers';

vi.mock('vscode', () => import('../helpers/fakeVscode'));

/** So slow that the first fix raises the rate. */
const config = {
  dataset: { values: { inputs: [[3], [4], [7]], targets: [[1], [2], [4]] } },
  optimizer: { type: 'SGD', lr: 1e-6 },
  epochs: 10,
};
const configText = JSON.stringify(config);
const uri = '/a.gd.json';
let document: Document;
let started: string[];
let starter: RunStarter;

beforeEach(() => {
  document = new Document(uri, configText);
  workspace.textDocuments = [document];
  started = [];
  const runs = { start: (_: unknown, source: { configText: string }) => started.push(source.configText) };
  starter = new RunStarter(runs as unknown as TrainingRuns, {} as DatasetInspector, () => Promise.resolve());
});

/** A run whose data were looked into. */
async function analyzedRun(): Promise<TrainingRun> {
  const opened = await openConfig(config);
  const { shape, initial } = opened;
  const runId = 'a';
  const events = [
    { type: 'opened', runId, shape, initial, trainLoss: 1, validationLoss: NaN },
    { type: 'analyzed', runId, report: analyzeRun(opened) },
  ] as const;
  const state = events.reduce(applyRunEvent, openingRun({ id: runId, name: 'a', configUri: uri, startedAt: 0 }));
  const source = { configText, configFile: 'a.gd.json', seed: 0, readFile: () => Promise.resolve(undefined) };
  const { startWorker } = sessionWorkers();
  return new TrainingRun(state, source, { startWorker, updatesPerSecond: () => 30, onEvent: () => {} });
}

it('the fix that was on the button is written and run', async () => {
  const run = await analyzedRun();
  await starter.applyFix(run, fixId(offeredFixes(run.state)[0]));
  const { lr } = (JSON.parse(document.text) as typeof config).optimizer;
  expect(lr).toBeGreaterThan(1e-3);
  expect(started).toEqual([document.text]);
});

it('a fix that is offered no longer when the click arrives is refused, and no other takes its place', async () => {
  const run = await analyzedRun();
  const clicked = offeredFixes(run.state).find(({ kind }) => kind === 'half-limit')!;
  run.state = applyRunEvent(run.state, {
    ...{ type: 'status', runId: run.id, status: 'diverged', trainLoss: 1, validationLoss: NaN },
    divergence: { epoch: 3, batch: 0, what: 'loss' },
  });
  const instead = offeredFixes(run.state);
  expect(instead.map(({ kind }) => kind)).toEqual(['scale-inputs', 'smaller-rate']);
  expect(instead.map(fixId)).not.toContain(fixId(clicked));
  await starter.applyFix(run, fixId(clicked));
  expect(document.text).toBe(configText);
  expect(started).toEqual([]);
});
