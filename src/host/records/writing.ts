import type { RecordedEvent } from './recordBlocks';
import type { HostClock } from './hostClock';

/** Milliseconds that progress waits at most before it is written. */
export const flushInterval = 500;
/** Milliseconds between two attempts where writing fails, at most. */
const longestPause = 8000;
/** Bytes that may wait to be written. */
const mostWaiting = 32 * 2 ** 20;

/** What a run's events wait for is reported here. */
export interface WritingListener {
  /** Writing failed; it is tried again. */
  failed(reason: string): void;
  /** Writing fails, and more waits than may. */
  full(): void;
}

/** The events of one run on their way to its record: what comes soon after each other is written together. */
export class Writing {
  private events: RecordedEvent[] = [];
  private bytes = 0;
  private failures = 0;
  private planned: { due: number; cancel: () => void } | undefined;
  private current: Promise<void> | undefined;
  private isToBegin = false;
  private stopped = false;
  private drained: { promise: Promise<void>; resolve: () => void } | undefined;

  /** @param write puts events on disk, or rejects and has changed nothing. */
  constructor(
    private readonly write: (events: readonly RecordedEvent[]) => Promise<void>,
    private readonly clock: HostClock,
    private readonly listener: WritingListener,
  ) {}

  /** True where nothing waits and nothing is being written. */
  get isEmpty(): boolean {
    return this.events.length === 0 && !this.isToBegin && !this.current;
  }

  /** True where the last attempt failed: it is tried again. */
  get isFailing(): boolean {
    return this.failures > 0;
  }

  /** Resolves once no more waits than may; undefined where that is so now. */
  get behind(): Promise<void> | undefined {
    if (this.bytes <= mostWaiting) return undefined;
    if (!this.drained) {
      let resolve = () => {};
      const promise = new Promise<void>((done) => (resolve = done));
      this.drained = { promise, resolve };
    }
    return this.drained.promise;
  }

  /** Has a record begun, though nothing has happened to the run yet. */
  begin(): void {
    this.isToBegin = true;
    this.plan(0);
  }

  /** Takes in an event: progress is written within `flushInterval`, anything else at once. */
  add(event: RecordedEvent): void {
    if (this.stopped) return;
    this.events.push(event);
    this.bytes += bytesOf(event);
    if (this.failures > 0 && this.bytes > mostWaiting) this.listener.full();
    this.plan(event.type === 'progress' ? flushInterval : 0);
  }

  /** Writes what waits now. Resolves in any case; what could not be written is tried again later. */
  async flush(): Promise<void> {
    while (this.current) await this.current;
    this.planned?.cancel();
    this.planned = undefined;
    if (this.isEmpty || this.stopped) return;
    this.current = this.writeAll();
    await this.current;
  }

  /** Writes nothing any more. */
  stop(): void {
    this.stopped = true;
    this.planned?.cancel();
    this.planned = undefined;
    this.bytes = 0;
    this.drain();
  }

  private async writeAll(): Promise<void> {
    const { events, bytes } = this;
    this.events = [];
    try {
      await this.write(events);
      this.bytes = Math.max(0, this.bytes - bytes);
      this.failures = 0;
      this.isToBegin = false;
      this.drain();
    } catch (error) {
      this.events = events.concat(this.events);
      this.failures++;
      this.listener.failed(error instanceof Error ? error.message : String(error));
      if (this.bytes > mostWaiting) this.listener.full();
      this.plan(Math.min(longestPause, flushInterval * 2 ** this.failures));
    } finally {
      this.current = undefined;
    }
  }

  private drain(): void {
    if (this.bytes > mostWaiting) return;
    this.drained?.resolve();
    this.drained = undefined;
  }

  private plan(milliseconds: number): void {
    if (this.stopped) return;
    const due = this.clock.now() + milliseconds;
    if (this.planned && this.planned.due <= due) return;
    this.planned?.cancel();
    this.planned = { due, cancel: this.clock.later(() => void this.flush(), milliseconds) };
  }
}

/** About the memory that an event takes. */
function bytesOf(event: RecordedEvent): number {
  if (event.type !== 'progress') return 1000;
  const { records, checkpoint } = event.progress;
  return 1000 + 4 * records.loss.byteLength + records.weights.byteLength + 4 * checkpoint.parameters.byteLength;
}
