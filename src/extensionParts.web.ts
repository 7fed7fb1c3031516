import { Uri, workspace, type ExtensionContext } from 'vscode';
import { start, type Surface } from './host/start';
import type { Loaded } from './host/startOnDemand';
import { webWorkers } from './worker/start/webWorkers';

/** All of the extension in a browser, with workers of the browser. */
export function startParts(context: ExtensionContext, surface: Surface): Loaded {
  const program = Uri.joinPath(context.extensionUri, 'dist', 'worker.web.js');
  const { startWorker, kill } = webWorkers(async () => workspace.fs.readFile(program));
  const started = start(context, surface, startWorker, { startWorker, jobs: navigator.hardwareConcurrency });
  return { ...started, api: { ...started.api, killWorkers: kill } };
}
