import { watchedBlocks, type ByteSource, type ReadWatch } from './byteSource';
import { gunzip } from './gunzip';
import type { Finding } from '../../base/problem';

/** A gzip file is damaged, cut off or holds too much. */
export class GzipFault extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}

const blockBytes = 1 << 20;

/**
 * What gzip packed into a source, at most `limit` bytes, in blocks of a megabyte. Reading it tells `progress` how much of
 * the packed bytes is read, and throws a GzipFault, perhaps after some blocks, or what the source throws.
 */
export function unpackedSource(
  source: Uint8Array | ByteSource,
  limit: number,
  { progress }: Pick<ReadWatch, 'progress'> = {},
): ByteSource {
  return {
    async *chunks() {
      const unpacked = gunzip(watchedBlocks(source, progress ? { progress } : {}), limit);
      yield* inBlocks(unpacked.chunks);
      if (unpacked.finding) throw new GzipFault(unpacked.finding);
    },
  };
}

/** Bytes that come in small pieces in larger ones, for each costs its reader a turn. */
async function* inBlocks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(blockBytes);
  let length = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const part = piece.subarray(from, from + blockBytes - length);
      block.set(part, length);
      from += part.length;
      length += part.length;
      if (length < blockBytes) continue;
      yield block;
      [block, length] = [new Uint8Array(blockBytes), 0];
    }
  }
  if (length > 0) yield block.subarray(0, length);
}
