import { wait, type HostClock } from './hostClock';
import type { EntryKind, RecordFolder } from './recordFolder';

/** Milliseconds between two heartbeats of an owner. */
export const beatInterval = 1000;
/** Milliseconds without a heartbeat after which an owner counts as gone, by the clock of whoever watches it. */
export const quietTime = 5000;
/** Milliseconds between two looks at an owner that may be gone. */
const lookInterval = 250;

/** Who may change a run. */
export type Owner = 'nobody' | 'this' | 'other';

/** The run is another window's. */
export class OwnedElsewhere extends Error {
  constructor() {
    super('another window owns the run');
  }
}

/** An owner's file as another window saw it, since when it has looked so, and when it was last looked at. */
interface Sight {
  number: number;
  content: string;
  since: number;
  seen: number;
}

/**
 * Which window may write to which run. Beside a record `id` is one file, `id.n.owner`: whose `n` is the highest owns the run.
 * It holds the owner's token and a counter that advances while the owner lives, or `free`. A window takes a run over by
 * making the file with the next number, of which only one of several succeeds, and removes the older one after that.
 * Numbers never go back while a run is kept, so one that was slow to take over finds a higher number than its own and
 * gives up. (A lock that is removed and made again has no such order: proper-lockfile's issue 121.)
 */
export class Ownership {
  private readonly token = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('');
  private beats = 0;
  /** The number under which this window owns a run. */
  private readonly mine = new Map<string, number>();
  private readonly sights = new Map<string, Sight>();
  /**
   * One use of this window's owner files at a time: no heartbeat writes over a release, and none is read while it is written,
   * which VS Code's file system does by emptying the file first.
   */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly folder: RecordFolder,
    private readonly clock: HostClock,
  ) {}

  /** Who owns a run as far as this window knows; one whose heartbeat has stopped is nobody. */
  ownerOf(id: string): Owner {
    if (this.mine.has(id)) return 'this';
    const sight = this.sights.get(id);
    if (!sight || sight.content === free) return 'nobody';
    // By what was seen: time in which nobody looked says nothing of a heart.
    return sight.seen - sight.since >= quietTime ? 'nobody' : 'other';
  }

  /** The number under which a run is free as far as this window knows, 0 where nobody ever owned it; undefined where it is not free. */
  freeNumber(id: string): number | undefined {
    if (this.mine.has(id)) return undefined;
    const sight = this.sights.get(id);
    if (!sight) return 0;
    return sight.content === free ? sight.number : undefined;
  }

  /** A run is known to have been free under a number. */
  wasFree(id: string, number: number): void {
    const seen = this.clock.now();
    if (number > 0 && !this.sights.has(id)) this.sights.set(id, { number, content: free, since: seen, seen });
  }

  /** A run has gone: another one of its id would have other owners. */
  unsee(id: string): void {
    this.sights.delete(id);
  }

  /** The runs of this window. */
  get owned(): string[] {
    return [...this.mine.keys()];
  }

  /**
   * Looks at the owner of a run; `owners` are those in the folder. False where nobody can have written to the run since the
   * last look: it was free then, and has been taken over by nobody, which would have given it another number.
   */
  async look(id: string, owners: OwnerNumbers): Promise<boolean> {
    const number = highest(id, owners);
    if (number === 0) return this.sights.delete(id);
    const sight = this.sights.get(id);
    if (sight?.number === number && sight.content === free) return false;
    const seen = this.clock.now();
    // What cannot be read, or is being written, shows no heart that beats.
    const content = await this.contentOf(id, number).catch(() => '');
    const isSame = sight?.number === number && (content === '' || content === sight.content);
    this.sights.set(id, isSame ? { ...sight, seen } : { number, content, since: this.clock.now(), seen });
    return true;
  }

  /**
   * Makes this window the owner. Rejects with `OwnedElsewhere` where another one lives; one that may be gone is watched for
   * that first, unless `patient` is false.
   */
  async acquire(id: string, patient = true): Promise<void> {
    // A run that was removed and came back begins with low numbers again.
    if (this.freeNumber(id)) this.unsee(id);
    for (;;) {
      await this.look(id, await this.owners());
      const { number, since } = this.sights.get(id) ?? { number: 0, since: 0 };
      if (this.ownerOf(id) !== 'other') return await this.take(id, number + 1);
      if (!patient) throw new OwnedElsewhere();
      await wait(this.clock, Math.min(lookInterval, since + quietTime - this.clock.now()));
      const before = this.sights.get(id)?.content;
      await this.look(id, await this.owners());
      const after = this.sights.get(id)?.content;
      if (after !== before && after !== free && after !== undefined) throw new OwnedElsewhere();
    }
  }

  /** Whether a run is still this window's. Its file is made again where it has gone together with the folder. */
  confirm(id: string): Promise<boolean> {
    return this.enqueue(() => this.isStillMine(id));
  }

  private async isStillMine(id: string, owners?: OwnerNumbers): Promise<boolean> {
    const number = this.mine.get(id);
    if (number === undefined) return false;
    const last = highest(id, owners ?? (await this.owners()));
    const isMine =
      last === 0
        ? await this.folder.create(fileName(id, number), this.content())
        : last === number && (await this.contentOf(id, number)).startsWith(this.token);
    if (!isMine) this.mine.delete(id);
    return isMine;
  }

  /** Shows the other windows that this one lives. Gives the runs that others have taken over. */
  beat(): Promise<string[]> {
    return this.enqueue(async () => {
      this.beats++;
      const lost: string[] = [];
      const owners = await this.owners();
      for (const [id, number] of [...this.mine]) {
        try {
          if (!(await this.isStillMine(id, owners))) lost.push(id);
          else await this.folder.overwrite(fileName(id, number), this.content());
        } catch {
          // The next heartbeat tries again.
        }
      }
      return lost;
    });
  }

  /** Lets another window have the run. */
  release(id: string): Promise<void> {
    return this.enqueue(async () => {
      const number = this.mine.get(id);
      if (number === undefined || !(await this.isStillMine(id))) return;
      try {
        await this.folder.overwrite(fileName(id, number), encode(free));
        this.sights.delete(id);
        this.wasFree(id, number);
      } finally {
        // Only now: until then the file says that this window, or nobody that can be read, has the run.
        this.mine.delete(id);
      }
    });
  }

  /** Does something to a run of this window. Where that fails, the run is left to whoever looks next. */
  async orRelease<T>(id: string, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      await this.release(id);
      throw error;
    }
  }

  /** Removes the file of a run of this window, which is gone for good. */
  forget(id: string): Promise<void> {
    return this.enqueue(async () => {
      const number = this.mine.get(id);
      this.mine.delete(id);
      this.sights.delete(id);
      if (number !== undefined) await this.folder.remove(fileName(id, number));
    });
  }

  private take(id: string, number: number): Promise<void> {
    return this.enqueue(async () => {
      if (!(await this.folder.create(fileName(id, number), this.content()))) throw new OwnedElsewhere();
      const owners = await this.owners();
      if (highest(id, owners) !== number) {
        await this.folder.remove(fileName(id, number));
        throw new OwnedElsewhere();
      }
      this.mine.set(id, number);
      for (const older of owners.get(id) ?? []) if (older < number) await this.folder.remove(fileName(id, older));
    });
  }

  private enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = this.queue.then(task);
    this.queue = done.catch(() => {});
    return done;
  }

  private async owners(): Promise<OwnerNumbers> {
    return ownersIn(await this.folder.list());
  }

  private async contentOf(id: string, number: number): Promise<string> {
    return String.fromCharCode(...(await this.folder.read(fileName(id, number), 0, 64)));
  }

  /** Always of one length, so that what was there before is always written over. */
  private content(): Uint8Array {
    return encode(`${this.token} ${this.beats}`);
  }
}

const free = 'free'.padEnd(64);

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text.padEnd(64).slice(0, 64));
}

function fileName(id: string, number: number): string {
  return `${id}.${number}.owner`;
}

/** The numbers of the owner files in a folder, by the run that they are of. */
export type OwnerNumbers = ReadonlyMap<string, readonly number[]>;

/** The owner files among these names. */
export function ownersIn(names: Map<string, EntryKind>): OwnerNumbers {
  const owners = new Map<string, number[]>();
  for (const name of names.keys()) {
    const [, id, number] = /^(.+)\.(\d+)\.owner$/.exec(name) ?? [];
    if (id === undefined || !Number.isSafeInteger(Number(number))) continue;
    owners.set(id, [...(owners.get(id) ?? []), Number(number)]);
  }
  return owners;
}

/** The highest number of a run's owner files; 0 if there are none. */
function highest(id: string, owners: OwnerNumbers): number {
  return Math.max(0, ...(owners.get(id) ?? []));
}
