import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { ExtensionContext } from 'vscode';
import { start, type Api } from './host/start';
import { nodeRecordFolder } from './host/records/nodeRecordFolder';
import { nodeWorkers } from './worker/start/nodeWorkers';

let stop: (() => Promise<void>) | undefined;

/** Called by VS Code when the extension is first needed. */
export function activate(context: ExtensionContext) {
  const program = path.join(__dirname, 'worker.js');
  const [workers, together] = [nodeWorkers(program), nodeWorkers(program, false)];
  const { startWorker } = together;
  const started = start(context, workers.startWorker, { startWorker, jobs: availableParallelism() }, nodeRecordFolder);
  stop = started.stop;
  const killWorkers = () => [workers, together].forEach(({ kill }) => kill());
  return { ...started.api, killWorkers } satisfies Api;
}

/** Called by VS Code when the window closes or reloads; runs are stored before it returns. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
