import * as path from 'node:path';
import type { ExtensionContext } from 'vscode';
import { start, type Api } from './host/start';
import { nodeRecordFolder } from './host/records/nodeRecordFolder';
import { nodeWorkers } from './worker/start/nodeWorkers';

let stop: (() => Promise<void>) | undefined;

/** Called by VS Code when the extension is first needed. */
export function activate(context: ExtensionContext) {
  const workers = nodeWorkers(path.join(__dirname, 'worker.js'));
  const started = start(context, workers.startWorker, nodeRecordFolder);
  stop = started.stop;
  return { ...started.api, killWorkers: workers.kill } satisfies Api;
}

/** Called by VS Code when the window closes or reloads; runs are stored before it returns. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
