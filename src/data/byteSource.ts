/** Bytes that are read as a stream, in as little memory as a block takes. */
export interface ByteSource {
  /** How many bytes there are, where that is known. */
  size?: number;
  /** The bytes from the first to the last, in blocks of any size; each call begins anew. May reject while it is read. */
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
  /** Lets others have a turn; resolves when reading may go on. */
  turn?(): Promise<void>;
}

/** The reader gave up because its watch said so. */
export class ReadCancelled extends Error {}

const BLOCK = 1 << 20;

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
  for (let from = text.startsWith('\uFEFF') ? 1 : 0; from < text.length; from += BLOCK) {
    await pauseFor(watch);
    yield text.slice(from, from + BLOCK);
    watch.progress?.(Math.min(from + BLOCK, text.length), text.length);
  }
  await pauseFor(watch);
}

/** All bytes of a source in one piece, for formats that cannot be read as a stream. @throws ReadCancelled, RangeError beyond memory */
export async function readAll(source: Uint8Array | ByteSource, watch: ReadWatch = {}): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const blocks: Uint8Array[] = [];
  let length = 0;
  for await (const block of watchedBlocks(source, watch)) {
    // A stream may use a block's memory again for the next one.
    blocks.push(block.slice());
    length += block.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/** Lets others have a turn, as the watch says. @throws ReadCancelled */
export async function pauseFor(watch: ReadWatch): Promise<void> {
  await watch.turn?.();
  if (watch.cancelled?.()) throw new ReadCancelled('reading was cancelled');
}

function* blocksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += BLOCK) yield bytes.subarray(from, from + BLOCK);
}
