import { workspace, type Uri } from 'vscode';
import type { DatasetSummary } from '../data/describeTable';
import type { ReadOptions } from '../data/table';
import type { WorkerReply, WorkerRequest } from '../run/protocol';
import type { CheckRequest, CheckedRun } from '../run/runChecker';
import { findOpen } from './configDocuments';
import { Disposables } from './disposables';
import { readContent } from './dataFiles';
import type { StartWorker, WorkerPort } from './workerPort';

/** Milliseconds without a question after which the worker is let go. */
const idleTime = 30_000;
/** Files whose summaries are remembered. */
const remembered = 50;

/** What the worker answers. */
type Reply = Extract<WorkerReply, { type: 'described' | 'checked' }>;

/** Reads datasets and looks into them in a worker of its own, which trains nothing, and remembers what files hold until they change. */
export class DatasetInspector extends Disposables {
  private port: WorkerPort | undefined;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;
  private requests = 0;
  private readonly waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>();
  private readonly summaries = new Map<string, { stamp: string; summary: Promise<DatasetSummary | 'missing'> }>();

  constructor(private readonly startWorker: StartWorker) {
    super();
    this.own({ dispose: () => this.letGo('the extension was stopped') });
  }

  /** What a file holds when it is read in a certain way, or `'missing'` where it is not there. */
  async describe(uri: Uri, options: ReadOptions = {}): Promise<DatasetSummary | 'missing'> {
    const key = `${uri.toString()} ${JSON.stringify(options)}`;
    const stamp = await stampOf(uri);
    const known = this.summaries.get(key);
    if (known?.stamp === stamp) return known.summary;
    const summary = this.read(uri, options);
    this.summaries.delete(key);
    this.summaries.set(key, { stamp, summary });
    for (const oldest of this.summaries.keys()) {
      if (this.summaries.size <= remembered) break;
      this.summaries.delete(oldest);
    }
    summary.catch(() => this.summaries.delete(key));
    return summary;
  }

  /** What a config, its data and their curvature show. `dataUri` is the file that the config names. */
  async check(config: Omit<CheckRequest, 'file' | 'stamp'>, dataUri: Uri | undefined): Promise<CheckedRun> {
    const [file, stamp] = dataUri ? await Promise.all([readContent(dataUri), stampOf(dataUri)]) : [];
    const request = { ...config, ...(file && { file }), stamp: `${dataUri?.toString()} ${stamp}` };
    const reply = await this.ask((requestId) => ({ type: 'check', requestId, request }));
    return (reply as Extract<Reply, { type: 'checked' }>).checked;
  }

  private async read(uri: Uri, options: ReadOptions): Promise<DatasetSummary | 'missing'> {
    const file = await readContent(uri);
    if (!file) return 'missing';
    const reply = await this.ask((requestId) => ({ type: 'describe', requestId, file, options }));
    return (reply as Extract<Reply, { type: 'described' }>).summary;
  }

  private ask(request: (requestId: number) => WorkerRequest): Promise<Reply> {
    const requestId = this.requests++;
    return new Promise((resolve, reject) => {
      this.waiting.set(requestId, { resolve, reject });
      this.worker().post(request(requestId));
    });
  }

  private worker(): WorkerPort {
    clearTimeout(this.idleTimer);
    this.port ??= this.startWorker({
      reply: (reply) => {
        if (reply.type !== 'described' && reply.type !== 'checked') return;
        this.waiting.get(reply.requestId)?.resolve(reply);
        this.waiting.delete(reply.requestId);
        if (this.waiting.size === 0) this.idleTimer = setTimeout(() => this.letGo('idle'), idleTime);
      },
      ended: (reason) => this.letGo(reason),
    });
    return this.port;
  }

  private letGo(reason: string): void {
    clearTimeout(this.idleTimer);
    this.port?.terminate();
    this.port = undefined;
    for (const { reject } of this.waiting.values()) reject(new Error(`The file could not be read: ${reason}`));
    this.waiting.clear();
  }
}

/** Changes whenever the file does, on disk or in an editor. */
async function stampOf(uri: Uri): Promise<string> {
  const open = findOpen(uri);
  if (open?.isDirty) return `version ${open.version}`;
  try {
    const { mtime, size } = await workspace.fs.stat(uri);
    return `${mtime} ${size}`;
  } catch {
    return 'missing';
  }
}
