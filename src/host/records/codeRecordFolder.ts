import { FileSystemError, FileType, Uri, workspace } from 'vscode';
import { FileGone, type EntryKind, type FileStamp, type RecordFolder } from './recordFolder';

/** Bytes of a segment from which on the next append begins another one. */
const segmentSize = 1 << 20;
/** Times that a folder is looked at again for an entry that it lists and does not have. */
const mostLooks = 20;

/** A part of a file that grows: bytes `[start, end)` as its name says, `end` where the file itself ends. */
interface Segment {
  entry: string;
  start: number;
  end: number;
  modified: number;
}

/**
 * Records in a folder of VS Code's file system, which can only write whole files. What is appended goes into segments,
 * `name.start-end`. The last one is written again under its new name until it is about 1 MB, and the one before it goes
 * only when the new one is whole: whenever VS Code ends, one of the two is readable. There is no exclusive creation here, so `create`
 * reads back what it wrote: of two at the same time the later one wins, and the other finds out before it writes to a record.
 */
export class CodeRecordFolder implements RecordFolder {
  /** The last segment that was read or written, which is the one that is read or extended next. */
  private cached: { entry: string; bytes: Uint8Array } | undefined;

  /** @param isGrowing whether a file is appended to, by its name; the others are small and written as a whole. */
  constructor(
    private readonly folder: Uri,
    private readonly isGrowing: (name: string) => boolean,
  ) {}

  async list(): Promise<Map<string, EntryKind>> {
    const names = new Map<string, EntryKind>();
    for (const [entry, kind] of await this.entries()) names.set(this.segmentOf(entry)?.name ?? entry, kind);
    return names;
  }

  async size(name: string): Promise<number> {
    return (await this.stamp(name)).size;
  }

  async stamp(name: string): Promise<FileStamp> {
    if (!this.isGrowing(name)) {
      const whole = await this.stampOf(name);
      if (!whole) throw new FileGone(name);
      return whole;
    }
    const segments = await this.segments(name);
    if (segments.length === 0) throw new FileGone(name);
    return { size: segments[segments.length - 1].end, modified: Math.max(...segments.map(({ modified }) => modified)) };
  }

  async read(name: string, start: number, length: number): Promise<Uint8Array> {
    if (!this.isGrowing(name)) return (await this.readWhole(name, name)).slice(start, start + length);
    for (let looks = 1; ; looks++) {
      const segments = await this.segments(name);
      if (segments.length === 0) throw new FileGone(name);
      try {
        return await this.readFrom(name, segments, start, length);
      } catch (error) {
        // Whoever writes has just put a longer segment in the place of one.
        if (!(error instanceof FileGone) || looks === mostLooks) throw error;
      }
    }
  }

  private async readFrom(name: string, segments: Segment[], start: number, length: number): Promise<Uint8Array> {
    const end = Math.min(start + length, segments[segments.length - 1].end);
    const bytes = new Uint8Array(Math.max(0, end - start));
    for (const segment of segments) {
      if (segment.end <= start || segment.start >= end) continue;
      const content = await this.readSegment(name, segment);
      const from = Math.max(start, segment.start);
      const to = Math.min(end, segment.end, segment.start + content.length);
      bytes.set(content.subarray(from - segment.start, Math.max(0, to - segment.start)), from - start);
      if (to < Math.min(end, segment.end)) return bytes.subarray(0, Math.max(0, to - start));
    }
    return bytes;
  }

  async append(name: string, at: number, bytes: Uint8Array): Promise<void> {
    if (at === 0) await workspace.fs.createDirectory(this.folder);
    const segments = at === 0 ? [] : await this.segments(name);
    if (at > (segments.at(-1)?.end ?? 0)) throw new FileGone(name);
    const open = segments.filter(({ start }) => start < at).at(-1);
    const extended = open && at - open.start < segmentSize ? open : undefined;
    const start = extended?.start ?? at;
    const content = new Uint8Array(at - start + bytes.length);
    if (extended) content.set((await this.readSegment(name, extended)).subarray(0, at - start));
    content.set(bytes, at - start);
    const entry = `${name}.${start}-${start + content.length}`;
    await workspace.fs.writeFile(this.uri(entry), content);
    this.cached = { entry, bytes: content };
    for (const [other] of await this.entries()) {
      const segment = this.segmentOf(other);
      if (segment?.name === name && segment.start >= start && other !== entry) await this.removeEntry(other);
    }
  }

  async create(name: string, bytes: Uint8Array): Promise<boolean> {
    await workspace.fs.createDirectory(this.folder);
    if (await this.isThere(name)) return false;
    await workspace.fs.writeFile(this.uri(name), bytes);
    const written = await workspace.fs.readFile(this.uri(name));
    return written.length === bytes.length && written.every((byte, i) => byte === bytes[i]);
  }

  async overwrite(name: string, bytes: Uint8Array): Promise<void> {
    if (!(await this.isThere(name))) throw new FileGone(name);
    await workspace.fs.writeFile(this.uri(name), bytes);
  }

  async remove(name: string): Promise<void> {
    if (!this.isGrowing(name)) return this.removeEntry(name);
    for (const [entry] of await this.entries()) if (this.segmentOf(entry)?.name === name) await this.removeEntry(entry);
  }

  /** The segments that follow on each other from the beginning; of those with the same start the longest. */
  private async segments(name: string, looks = 1): Promise<Segment[]> {
    const longest = new Map<number, Segment>();
    for (const [entry, kind] of await this.entries()) {
      const named = this.segmentOf(entry);
      if (named?.name !== name || kind !== 'file') continue;
      const stamp = await this.stampOf(entry);
      // It has gone since, and what took its place may not have been there to list.
      if (!stamp && looks < mostLooks) return this.segments(name, looks + 1);
      if (!stamp) continue;
      const { size, modified } = stamp;
      const end = named.start + Math.min(size, named.end - named.start);
      if (end > (longest.get(named.start)?.end ?? named.start)) {
        longest.set(named.start, { entry, ...named, end, modified });
      }
    }
    const chain: Segment[] = [];
    for (let next = longest.get(0); next; next = longest.get(next.end)) chain.push(next);
    return chain;
  }

  private segmentOf(entry: string): { name: string; start: number; end: number } | undefined {
    const [, name, start, end] = /^(.+)\.(\d+)-(\d+)$/.exec(entry) ?? [];
    return name !== undefined && this.isGrowing(name) ? { name, start: Number(start), end: Number(end) } : undefined;
  }

  private async readSegment(name: string, { entry, start }: Segment): Promise<Uint8Array> {
    if (this.cached?.entry === entry) return this.cached.bytes;
    const bytes = await this.readWhole(name, entry);
    // One that is still being written has more the next time.
    if (entry.endsWith(`-${start + bytes.length}`)) this.cached = { entry, bytes };
    return bytes;
  }

  private async readWhole(name: string, entry: string): Promise<Uint8Array> {
    try {
      return await workspace.fs.readFile(this.uri(entry));
    } catch (error) {
      throw isNotFound(error) ? new FileGone(name) : error;
    }
  }

  private async entries(): Promise<[string, EntryKind][]> {
    try {
      const entries = await workspace.fs.readDirectory(this.folder);
      return entries.map(([entry, type]) => [entry, type === FileType.File ? 'file' : 'other']);
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  /** Undefined if the entry is gone. */
  private async stampOf(entry: string): Promise<FileStamp | undefined> {
    try {
      const { size, mtime } = await workspace.fs.stat(this.uri(entry));
      return { size, modified: mtime };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private async isThere(name: string): Promise<boolean> {
    return (await this.entries()).some(([entry]) => entry === name);
  }

  private async removeEntry(entry: string): Promise<void> {
    try {
      await workspace.fs.delete(this.uri(entry));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  private uri(entry: string): Uri {
    return Uri.joinPath(this.folder, entry);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof FileSystemError && error.code === 'FileNotFound';
}
