import type { LogOutputChannel } from 'vscode';
import { hostClock, type HostClock } from '../../src/host/records/hostClock';
import type { RecordFolder } from '../../src/host/records/recordFolder';
import type { TrainingRun } from '../../src/host/runs/trainingRun';
import { TrainingRuns, type TrainingRunsOptions } from '../../src/host/runs/trainingRuns';
import { sessionWorkers } from './sessionWorkers';

/** A window with runs in a folder, and what it wrote to its log. */
export interface RunWindow {
  runs: TrainingRuns;
  logged: string[];
}

/** Opens a window that keeps its runs in a folder; its training workers are sessions in this process where none are given. */
export function openRunWindow(
  folder: RecordFolder,
  { clock = hostClock, ...others }: { clock?: HostClock } & Partial<TrainingRunsOptions> = {},
): RunWindow {
  const logged: string[] = [];
  const write = (message: string) => void logged.push(message);
  const log = { debug: write, info: write, warn: write, error: write } as unknown as LogOutputChannel;
  const runs = new TrainingRuns({
    startWorker: sessionWorkers().startWorker,
    ...{ folder, clock, log },
    updatesPerSecond: () => 30,
    keptRuns: () => 20,
    check: () => Promise.resolve({ problems: [], fixes: [] }),
    readFileFor: () => noFile,
    ...others,
  });
  return { runs, logged };
}

/** A run on data that are drawn; each of its numbers follows from `seed`. */
export function startRun(
  runs: TrainingRuns,
  name: string,
  epochs: number,
  how: 'run' | 'rest' = 'run',
  seed = 0,
): TrainingRun {
  const dataset = { generate: 'linear', samples: 4, features: 2 };
  const loader = { batch_size: 2 };
  const optimizer = { type: 'SGD', lr: 1e-3, momentum: 0.9 };
  const configText = JSON.stringify({ seed, dataset, loader, optimizer, epochs });
  const source = { configText, configFile: 'a.gd.json', seed, readFile: noFile };
  return runs.start({ name }, source, how);
}

const noFile = () => Promise.resolve(undefined);
