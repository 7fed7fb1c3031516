import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { ExtensionContext } from 'vscode';
import { nodeRecordFolder } from './host/records/nodeRecordFolder';
import { start, type Surface } from './host/start';
import type { Loaded } from './host/startOnDemand';
import { nodeWorkers } from './worker/start/nodeWorkers';

/** All of the extension in Node, with workers that are threads. */
export function startParts(context: ExtensionContext, surface: Surface): Loaded {
  const program = path.join(__dirname, 'worker.js');
  const [workers, together] = [nodeWorkers(program), nodeWorkers(program, false)];
  const sweeps = { startWorker: together.startWorker, jobs: availableParallelism() };
  const started = start(context, surface, workers.startWorker, sweeps, nodeRecordFolder);
  const killWorkers = () => [workers, together].forEach(({ kill }) => kill());
  return { ...started, api: { ...started.api, killWorkers } };
}
