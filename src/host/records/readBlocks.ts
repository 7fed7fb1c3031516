import { blockHead, blockLength, decodeBlock, type Block } from './recordBlocks';
import { wait, type HostClock } from './hostClock';
import type { RecordFolder } from './recordFolder';

/** Bytes that are read at a time; a block that is longer is read whole. */
export const readSize = 1 << 20;
/** Milliseconds of work between two turns of the event loop. */
export const sliceTime = 8;

/** A whole block and where it is in its file. */
export interface PlacedBlock {
  block: Block;
  start: number;
  end: number;
}

/**
 * The whole blocks of a file from offset `from` on, up to the first one that is not whole. Lets other tasks have their turn.
 * @param head bytes from the file's beginning, where they were read.
 */
export async function* readBlocks(
  folder: RecordFolder,
  name: string,
  from: number,
  size: number,
  clock: HostClock,
  head: Uint8Array = new Uint8Array(0),
): AsyncGenerator<PlacedBlock> {
  let bytes = head;
  let start = 0;
  let sliceStart = clock.now();
  for (let at = from; at + blockHead <= size;) {
    const isIn = (length: number) => at + length <= start + bytes.length;
    const load = async (length: number) => {
      if (isIn(length)) return;
      bytes = await folder.read(name, at, Math.min(Math.max(length, readSize), size - at));
      start = at;
    };
    await load(blockHead);
    if (!isIn(blockHead)) return;
    const length = blockLength(bytes.subarray(at - start));
    if (at + length > size) return;
    await load(length);
    if (!isIn(length)) return;
    const block = decodeBlock(bytes.subarray(at - start, at - start + length));
    if (!block) return;
    yield { block, start: at, end: at + length };
    at += length;
    if (clock.now() - sliceStart < sliceTime) continue;
    await wait(clock, 0);
    sliceStart = clock.now();
  }
}
