import type { StartWorker } from '../../protocol/workerPort';
import type { WorkerReply } from '../../protocol/protocol';

/**
 * Starts workers of a browser; `readProgram` gives what they run. It is read first, because a browser starts no worker from
 * another address than the page's own. `kill` ends all workers as a crash would.
 */
export function webWorkers(readProgram: () => Promise<Uint8Array>): { startWorker: StartWorker; kill(): void } {
  const ends = new Set<(reason: string) => void>();
  let address: Promise<string> | undefined;
  const startWorker: StartWorker = (listener) => {
    const end = (reason: string) => {
      if (!ends.has(end)) return;
      terminate();
      listener.ended(reason);
    };
    const terminate = () => {
      ends.delete(end);
      void starting.then((worker) => worker?.terminate());
    };
    const start = async () => {
      try {
        const worker = new Worker(await (address ??= addressOf(readProgram())));
        worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => ends.has(end) && listener.reply(data);
        worker.onerror = (event) => {
          // It is reported here, so it is not one of the window's own errors.
          event.preventDefault();
          end(event.message);
        };
        return worker;
      } catch (error) {
        address = undefined;
        end(error instanceof Error ? error.message : String(error));
        return undefined;
      }
    };
    ends.add(end);
    const starting = start();
    return { post: (request) => void starting.then((worker) => worker?.postMessage(request)), terminate };
  };
  return { startWorker, kill: () => ends.forEach((end) => end('')) };
}

async function addressOf(program: Promise<Uint8Array>): Promise<string> {
  return URL.createObjectURL(new Blob([(await program) as BlobPart], { type: 'text/javascript' }));
}
