import type { Finding } from '../../base/problem';

/** What of the platform's streams is used here: Node, web workers and pages all have it. */
declare class DecompressionStream {
  constructor(format: 'gzip');
  readonly readable: { getReader(): StreamReader };
  readonly writable: { getWriter(): StreamWriter };
}
interface StreamReader {
  read(): Promise<{ done: boolean; value?: Uint8Array }>;
  cancel(): Promise<void>;
}
interface StreamWriter {
  write(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** The content of a gzip file as it comes out. */
export interface Gunzipped {
  chunks: AsyncIterable<Uint8Array>;
  /** What is wrong with the file, once `chunks` has ended, perhaps before the content did; undefined where nothing is. */
  finding?: Finding;
}

const sliceBytes = 1 << 16;

/**
 * Unpacks gzip as fast as `chunks` is read, also of several members one after the other, which Node's streams take but
 * those of browsers refuse. Ends with a finding where the data are damaged or cut off, and as soon as more than `limit`
 * bytes came out.
 */
export function gunzip(source: Uint8Array | AsyncIterable<Uint8Array>, limit: number): Gunzipped {
  const result: Gunzipped = { chunks: unpack() };
  return result;

  async function* unpack(): AsyncGenerator<Uint8Array, void, undefined> {
    const stream = new DecompressionStream('gzip');
    const [reader, writer] = [stream.readable.getReader(), stream.writable.getWriter()];
    const fed = feed(writer, source instanceof Uint8Array ? slices(source) : source);
    let size = 0;
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        size += step.value!.length;
        if (size > limit) {
          result.finding = tooLarge(limit);
          return;
        }
        yield step.value!;
      }
    } catch {
      result.finding = damaged();
    } finally {
      // Both reject where the stream has failed already, which is known by then.
      await reader.cancel().catch(() => undefined);
      await writer.abort().catch(() => undefined);
    }
    const failure = await fed;
    if (failure !== undefined) throw failure.error;
  }
}

/** Gives the stream what is packed. Returns what the source threw; a failure of the stream itself shows where it is read. */
async function feed(
  writer: StreamWriter,
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<{ error: unknown } | undefined> {
  try {
    for await (const chunk of source) {
      // The stream may take it later than it says, and the source use its memory again.
      const written = await writer.write(chunk.slice()).then(
        () => true,
        () => false,
      );
      if (!written) return undefined;
    }
  } catch (error) {
    await writer.abort().catch(() => undefined);
    return { error };
  }
  await writer.close().catch(() => undefined);
  return undefined;
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}

function damaged(): Finding {
  const message =
    'the gzip file is damaged, cut off or, in a browser, made of several parts; copy the whole file, or pack it again with gzip';
  return { severity: 'error', code: 'gzip-damaged', message, start: 0, end: 0 };
}

function tooLarge(limit: number): Finding {
  const message = `the gzip file holds more than ${limit} bytes, which is the most that is unpacked; use fewer rows or columns`;
  return { severity: 'error', code: 'too-large', message, start: 0, end: 0 };
}
