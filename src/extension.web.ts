import { Uri, workspace, type ExtensionContext } from 'vscode';
import { start, type Api } from './host/start';
import { webWorkers } from './worker/start/webWorkers';

let stop: (() => Promise<void>) | undefined;

/** Called by VS Code in a browser when the extension is first needed. */
export function activate(context: ExtensionContext) {
  const program = Uri.joinPath(context.extensionUri, 'dist', 'worker.web.js');
  const workers = webWorkers(async () => workspace.fs.readFile(program));
  const { startWorker } = workers;
  const started = start(context, startWorker, { startWorker, jobs: navigator.hardwareConcurrency });
  stop = started.stop;
  return { ...started.api, killWorkers: workers.kill } satisfies Api;
}

/** Called by VS Code when the window closes or reloads; a browser may not wait for what it stores. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
