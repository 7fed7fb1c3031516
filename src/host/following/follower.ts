import { l10n } from 'vscode';
import { formatCount } from '../../base/format';
import type { RunEvent } from '../../protocol/protocol';
import type { HostClock } from '../records/hostClock';
import { FileLines } from './fileLines';
import { FollowedEvents } from './followedEvents';
import { readFollowedLine, type FollowedLine } from './followedLine';
import { followedStart, type FollowedStart } from './followedShape';

/** A file that another program may write to meanwhile. */
export interface FollowedFile {
  /** What people call it. */
  name: string;
  /** Its bytes; rejects where it is gone. */
  size(): Promise<number>;
  /** Fewer where it ends before. */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** The run that is made of the file. */
export interface FollowedTarget {
  id: string;
  apply(event: RunEvent): void;
  /** Whether it is still wanted. */
  isListed(): boolean;
  /** Before it goes on after it was over. */
  takeOver(): Promise<void>;
}

/** Milliseconds between two looks at the file. */
const lookInterval = 500;
/** A file that grew before and has not for this long, and ten times as long as its longest pause, is one that nobody writes. */
const silence = 30_000;
/** Bytes that are read at a time. */
const readBytes = 1 << 20;

/** Reads the lines of a run from a file that grows, and passes on what happens in it. */
export class Follower {
  private lines = new FileLines();
  private offset = 0;
  private readonly target: FollowedTarget;
  private readonly events: FollowedEvents;
  private grewAt: number;
  private longestPause = 0;
  private isOver = false;
  private isSilent = false;
  private readonly firstText: string;

  private constructor(
    private readonly file: FollowedFile,
    private readonly clock: HostClock,
    first: { text: string; start: FollowedStart },
    begin: (start: FollowedStart, follower: Follower) => FollowedTarget,
  ) {
    this.firstText = first.text;
    this.target = begin(first.start, this);
    this.events = new FollowedEvents(this.target.id, first.start);
    this.grewAt = clock.now();
    for (const event of this.events.opened()) this.target.apply(event);
    this.say('running', this.elsewhere());
  }

  /**
   * Begins to follow a file whose first line is there; `begin` makes the run. Resolves when what is there has been read.
   * Rejects with a sentence for people where the first line is not that of a run.
   */
  static async follow(
    file: FollowedFile,
    clock: HostClock,
    begin: (start: FollowedStart, follower: Follower) => FollowedTarget,
  ): Promise<Follower> {
    const text = await firstLine(file);
    const start = asLine(file.name, 1, () => {
      const line = readFollowedLine(text);
      if (line.event !== 'start') throw new Error(`is ${JSON.stringify(line.event)} where "start" has to come first`);
      return followedStart(line);
    });
    const follower = new Follower(file, clock, { text, start }, begin);
    await follower.look();
    return follower;
  }

  /** Follows no longer. @param notice why. */
  stop(notice: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.say('stopped', notice);
  }

  /** Whether more may come. */
  get isFollowing(): boolean {
    return !this.isOver;
  }

  private async look(): Promise<void> {
    if (this.isOver || !this.target.isListed()) return;
    try {
      await this.readOn();
    } catch (error) {
      this.stop(error instanceof Error ? error.message : String(error));
    }
    if (!this.isOver) this.clock.later(() => void this.look(), lookInterval);
  }

  private async readOn(): Promise<void> {
    const size = await this.file.size();
    if (size < this.offset) this.beginAgain();
    if (size === this.offset) return this.noteSilence();
    this.longestPause = Math.max(this.longestPause, this.clock.now() - this.grewAt);
    this.grewAt = this.clock.now();
    if (this.isSilent) {
      await this.target.takeOver();
      this.isSilent = false;
      this.say('running', this.elsewhere());
    }
    while (!this.isOver && this.offset < size) {
      const bytes = await this.file.read(this.offset, Math.min(readBytes, size - this.offset));
      if (bytes.length === 0) return;
      this.offset += bytes.length;
      this.take(bytes);
    }
  }

  /** The file was written again, as by a run that goes on from its checkpoint: what is known already is passed over. */
  private beginAgain(): void {
    this.lines = new FileLines();
    this.offset = 0;
  }

  private take(bytes: Uint8Array): void {
    let epochs: Extract<FollowedLine, { event: 'epoch' }>[] = [];
    const pass = () => {
      for (const event of this.events.progress(epochs)) this.target.apply(event);
      epochs = [];
    };
    try {
      for (const { number, text } of this.lines.take(bytes)) {
        asLine(this.file.name, number, () => {
          const line = number === 1 ? this.sameStart(text) : readFollowedLine(text);
          if (line?.event === 'start') throw new Error('begins another run');
          if (line?.event === 'epoch') {
            const next = this.events.epochs + epochs.length;
            if (line.epoch > next) throw new Error(`is epoch ${line.epoch} where epoch ${next} has to come`);
            epochs.push(line);
          }
          if (line?.event !== 'end') return;
          pass();
          for (const event of this.events.ended(line)) this.target.apply(event);
          this.isOver = true;
        });
        if (this.isOver) return;
      }
    } finally {
      pass();
    }
  }

  /** The first line was read before; one of another run is not followed. */
  private sameStart(text: string): undefined {
    if (text !== this.firstText) throw new Error('is that of another run by now; follow it anew');
    return undefined;
  }

  private noteSilence(): void {
    const quiet = this.clock.now() - this.grewAt;
    if (this.isSilent || quiet < Math.max(silence, 10 * this.longestPause)) return;
    this.isSilent = true;
    const cut = this.lines.isWithinLine ? ' ' + l10n.t('It ends within line {0}.', formatCount(this.lines.next)) : '';
    const notice = l10n.t(
      '{0} has no end line and has not grown for {1} seconds: the process that writes it has probably been killed. Its last epoch is {2}.',
      this.file.name,
      Math.round(quiet / 1000),
      formatCount(this.events.epochs),
    );
    this.say('stopped', notice + cut);
  }

  private elsewhere(): string {
    return l10n.t('Trains elsewhere and is followed from {0}. Its parameters come with its last line.', this.file.name);
  }

  private say(status: 'running' | 'stopped', notice: string): void {
    const { id: runId } = this.target;
    this.target.apply({ type: 'status', runId, status, trainLoss: NaN, validationLoss: NaN, notice });
  }
}

async function firstLine(file: FollowedFile): Promise<string> {
  const lines = new FileLines();
  const size = await file.size();
  for (let offset = 0; offset < size;) {
    const bytes = await file.read(offset, readBytes);
    if (bytes.length === 0) break;
    offset += bytes.length;
    for (const { text } of lines.take(bytes)) return text;
  }
  throw new Error(l10n.t('{0} has no whole line yet. Follow it once its run has started.', file.name));
}

/** Does what a line asks for; what is wrong with it is said with the line's number. */
function asLine<T>(name: string, number: number, task: () => T): T {
  try {
    return task();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(l10n.t('Line {0} of {1} {2}.', number, name, reason), { cause: error });
  }
}
