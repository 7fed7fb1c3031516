import { Uri, workspace, type ExtensionContext } from 'vscode';
import { start, type Api } from './host/start';
import type { StartWorker } from './host/workerPort';
import type { WorkerReply } from './run/protocol';

/** What ends each worker as a crash would. */
const kills = new Set<() => void>();

/** Starts workers of a program that is read first: a browser starts none from another address than the page's own. */
function workersOf(program: Uri): StartWorker {
  const read = async () => {
    const bytes = await workspace.fs.readFile(program);
    return URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'text/javascript' }));
  };
  let address: Promise<string> | undefined;
  return (listener) => {
    const starting = (address ??= read()).then(
      (url) => {
        const worker = new Worker(url);
        worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => kills.has(kill) && listener.reply(data);
        worker.onerror = ({ message }) => end(message);
        return worker;
      },
      (error: unknown) => {
        address = undefined;
        end(String(error));
        return undefined;
      },
    );
    const terminate = () => {
      kills.delete(kill);
      void starting.then((worker) => worker?.terminate());
    };
    const end = (reason: string) => {
      if (!kills.has(kill)) return;
      terminate();
      listener.ended(reason);
    };
    const kill = () => end('');
    kills.add(kill);
    return { post: (request) => void starting.then((worker) => worker?.postMessage(request)), terminate };
  };
}

let stop: (() => Promise<void>) | undefined;

/** Called by VS Code in a browser when the extension is first needed. */
export function activate(context: ExtensionContext) {
  const started = start(context, workersOf(Uri.joinPath(context.extensionUri, 'dist/worker.web.js')));
  stop = started.stop;
  return { ...started.api, killWorkers: () => kills.forEach((kill) => kill()) } satisfies Api;
}

/** Called by VS Code when the window closes or reloads; runs are stored before it returns. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
