import { tooManyBytes } from '../../base/datasetFormats';

/** Bytes that are read as a stream, in as little memory as a block takes. */
export interface ByteSource {
  /** How many bytes there are, where that is known. */
  size?: number;
  /**
   * The bytes from the first to the last, in blocks of any size; each call begins anew. May reject while it is read. A
   * block is its taker's only until the next one is asked for, whose memory may be the same.
   */
  chunks(): AsyncIterable<Uint8Array>;
}

/** What a dataset is read from: the text of an open document, bytes in memory, or a stream. */
export type DataSource = string | Uint8Array | ByteSource;

/** Follows a file while it is read. All of it is asked between two blocks. */
export interface ReadWatch {
  /** So much is read; `size` where it is known. */
  progress?(bytesRead: number, size?: number): void;
  /** Whether to give up reading. */
  cancelled?(): boolean;
  /** Lets others have a turn; resolves when reading may continue. */
  turn?(): Promise<void>;
}

/** The reader gave up because its watch said so. */
export class ReadCancelled extends Error {}

/** A source has more bytes than its reader takes; `bytes` where that is known before it is read. */
export class TooManyBytes extends Error {
  constructor(limit: number, bytes?: number) {
    super(tooManyBytes(limit, bytes));
  }
}

const blockBytes = 1 << 20;

/** Bytes of a source in blocks of at most a megabyte or as they come; the watch is asked before each. @throws ReadCancelled */
export async function* watchedBlocks(source: Uint8Array | ByteSource, watch: ReadWatch): AsyncGenerator<Uint8Array> {
  const size = source instanceof Uint8Array ? source.length : source.size;
  let read = 0;
  for await (const block of source instanceof Uint8Array ? blocksOf(source) : source.chunks()) {
    await pauseFor(watch);
    yield block;
    read += block.length;
    watch.progress?.(read, size);
  }
  await pauseFor(watch);
}

/** The same of a text, of which progress counts characters. @throws ReadCancelled */
export async function* watchedText(text: string, watch: ReadWatch): AsyncGenerator<string> {
  for (let from = text.startsWith('\uFEFF') ? 1 : 0; from < text.length; from += blockBytes) {
    await pauseFor(watch);
    yield text.slice(from, from + blockBytes);
    watch.progress?.(Math.min(from + blockBytes, text.length), text.length);
  }
  await pauseFor(watch);
}

/**
 * All bytes of a source in one piece, at most `limit`, for formats that cannot be read as a stream. A source that says how
 * many it has is held in memory once, and one that has more than `limit` is not read.
 * @throws TooManyBytes, ReadCancelled, RangeError beyond memory
 */
export async function readAll(
  source: Uint8Array | ByteSource,
  watch: ReadWatch = {},
  limit = Infinity,
): Promise<Uint8Array> {
  const size = source instanceof Uint8Array ? source.length : source.size;
  if (size !== undefined && size > limit) throw new TooManyBytes(limit, size);
  if (source instanceof Uint8Array) return source;
  let bytes = new Uint8Array(size ?? blockBytes);
  let length = 0;
  for await (const block of watchedBlocks(source, watch)) {
    const end = length + block.length;
    if (end > limit) throw new TooManyBytes(limit);
    if (end > bytes.length) bytes = grown(bytes, Math.min(limit, Math.max(2 * bytes.length, end)));
    bytes.set(block, length);
    length = end;
  }
  return bytes.subarray(0, length);
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

/** Lets others have a turn, as the watch says. @throws ReadCancelled */
export async function pauseFor(watch: ReadWatch): Promise<void> {
  await watch.turn?.();
  if (watch.cancelled?.()) throw new ReadCancelled('reading was cancelled');
}

function* blocksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += blockBytes) yield bytes.subarray(from, from + blockBytes);
}
