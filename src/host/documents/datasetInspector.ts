import { CancellationError, workspace, type CancellationToken, type Disposable, type Uri } from 'vscode';
import { headBytes } from '../../data/bytes/headOf';
import type { DatasetSummary } from '../../data/describeTable';
import type { ReadOptions } from '../../data/table/table';
import type { FailedReply, WorkerReply, WorkerRequest } from '../../protocol/protocol';
import type { CheckRequest, CheckedRun } from '../../protocol/checkedRun';
import { findOpen } from './configDocuments';
import { Disposables } from '../base/disposables';
import { reachableFiles, readContent, readNamedFiles, type NamedFiles } from './dataFiles';
import { SharedWork } from '../base/sharedWork';
import { Requests } from '../../protocol/requests';
import type { StartWorker, WorkerPort } from '../../protocol/workerPort';

/** Milliseconds without a question after which the worker is let go. */
const idleTime = 30_000;
/** Files whose summaries are remembered. */
const remembered = 50;

/** What the worker answers. */
type Answer = Exclude<Extract<WorkerReply, { type: 'described' | 'checked' }>, FailedReply>;

/** What a file holds, or that it is not there. */
type Summary = DatasetSummary | 'missing';

interface Reading {
  stamp: string;
  work: SharedWork<Summary>;
  /** What the file held before. */
  before: Summary | undefined;
}

/** Reads datasets and looks into them in a worker of its own, which trains nothing, and remembers what files hold until they change. */
export class DatasetInspector extends Disposables {
  private port: WorkerPort | undefined;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly requests = new Requests<Answer>();
  private readonly readings = new Map<string, Reading>();

  constructor(private readonly startWorker: StartWorker) {
    super();
    this.own({ dispose: () => this.letGo('the extension was stopped') });
  }

  /**
   * What a file holds when it is read in a certain way, or `'missing'` where it is not there. Those who ask the same wait
   * for one reading, which continues while any of them waits. @throws CancellationError as soon as the token says so
   */
  async describe(uri: Uri, options: ReadOptions = {}, token?: CancellationToken): Promise<Summary> {
    // Those who wait for it now may leave while the stamps are compared.
    const release = this.readings.get(keyOf(uri, options))?.work.hold();
    const stamp = await stampOf(uri);
    const summary = this.reading(uri, options, stamp).wait(token);
    release?.();
    return summary;
  }

  /**
   * What the beginning of a file shows, for questions that need no more; all of a file whose format has no beginning, of a
   * small one, and of one that was read already. @throws CancellationError as soon as the token says so
   */
  async glance(uri: Uri, options: ReadOptions, token?: CancellationToken): Promise<Summary> {
    const stamp = await stampOf(uri);
    const whole = this.readings.get(keyOf(uri, options));
    if (whole?.stamp === stamp && whole.work.result !== undefined) return whole.work.result;
    return this.reading(uri, options, stamp, headBytes).wait(token);
  }

  /** What a file held when it was last read in a certain way; undefined where it was not. */
  lastSummary(uri: Uri, options: ReadOptions): Summary | undefined {
    const known = this.readings.get(keyOf(uri, options));
    return known?.work.result ?? known?.before;
  }

  /** What a config, its data and their curvature show. `named` are the files that the config names. @throws CancellationError */
  async check(
    config: Omit<CheckRequest, 'file' | 'stamp'>,
    named: NamedFiles,
    token?: CancellationToken,
  ): Promise<CheckedRun> {
    const stampOfFile = async (uri: Uri) => `${uri.toString()} ${await stampOf(uri)}`;
    const [file, ...stamps] = await Promise.all([
      readNamedFiles(named),
      ...reachableFiles(named).map((uri) => stampOfFile(uri)),
    ]);
    const request = { ...config, ...(file && { file }), stamp: stamps.join('\n') };
    const answer = await this.ask((requestId) => ({ type: 'check', requestId, request }), token);
    return (answer as Extract<Answer, { type: 'checked' }>).checked;
  }

  private reading(uri: Uri, options: ReadOptions, stamp: string, head?: number): SharedWork<Summary> {
    const key = keyOf(uri, options, head);
    const known = this.readings.get(key);
    if (known?.stamp === stamp && !known.work.isLost) return known.work;
    const work = new SharedWork((token) => this.read(uri, options, head, token));
    const before = this.lastSummary(uri, options);
    this.readings.delete(key);
    this.readings.set(key, { stamp, work, before });
    for (const oldest of this.readings.keys()) {
      if (this.readings.size <= remembered) break;
      this.readings.delete(oldest);
    }
    return work;
  }

  private async read(
    uri: Uri,
    options: ReadOptions,
    head: number | undefined,
    token: CancellationToken,
  ): Promise<Summary> {
    const file = await readContent(uri);
    if (!file) return 'missing';
    const answer = await this.ask(
      (requestId) => ({ type: 'describe', requestId, file, options, ...(head && { head }) }),
      token,
    );
    return (answer as Extract<Answer, { type: 'described' }>).summary;
  }

  private async ask(request: (requestId: number) => WorkerRequest, token?: CancellationToken): Promise<Answer> {
    if (token?.isCancellationRequested) throw new CancellationError();
    let listener: Disposable | undefined;
    try {
      return await this.requests.send((requestId) => {
        listener = token?.onCancellationRequested(() => {
          this.port?.post({ type: 'cancel', requestId });
          this.requests.reject(requestId, new CancellationError());
        });
        this.worker().post(request(requestId));
      });
    } finally {
      listener?.dispose();
      this.rest();
    }
  }

  private worker(): WorkerPort {
    clearTimeout(this.idleTimer);
    this.port ??= this.startWorker({
      reply: (reply) => {
        if (reply.type !== 'described' && reply.type !== 'checked') return;
        if ('failed' in reply) this.requests.reject(reply.requestId, new Error(reply.failed));
        else this.requests.resolve(reply.requestId, reply);
      },
      ended: (reason) => this.letGo(reason),
    });
    return this.port;
  }

  /** Lets the worker go in a while, unless it has something to do. */
  private rest(): void {
    if (!this.port || this.requests.size > 0) return;
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.letGo('idle'), idleTime);
  }

  private letGo(reason: string): void {
    clearTimeout(this.idleTimer);
    this.port?.terminate();
    this.port = undefined;
    this.requests.rejectAll(new Error(`The file could not be read: ${reason}`));
  }
}

function keyOf(uri: Uri, options: ReadOptions, head?: number): string {
  return `${uri.toString()} ${JSON.stringify(options)} ${head ?? ''}`;
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
