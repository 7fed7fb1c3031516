import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackersFor } from '../../src/data/parquet/unpackers';
import { xxHash64 } from '../../src/data/parquet/xxHash64';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const content = bytes('0.1,0.2,0.3,'.repeat(9000));
const unpackers = unpackersFor(new Set(['GZIP', 'BROTLI', 'ZSTD']));

/** A Zstandard frame with a checksum, its content stored as it is. */
function zstdFrame(stored: Uint8Array): Uint8Array {
  const frame = new DataView(new ArrayBuffer(9 + stored.length + 4));
  frame.setUint32(0, 0xfd2fb528, true);
  // One segment with a checksum and a size of one byte; a last block that is stored.
  frame.setUint16(4, 0x24 | (stored.length << 8), true);
  frame.setUint16(6, (stored.length << 3) | 1, true);
  const whole = new Uint8Array(frame.buffer);
  whole.set(stored, 9);
  frame.setUint32(9 + stored.length, Number(xxHash64(stored) & 0xffffffffn), true);
  return whole;
}

describe('XXH64', () => {
  it.each([
    ['', 0xef46db3751d8e999n],
    ['abc', 0x44bc2cf5ad770999n],
    ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
  ])('of %j is as published', (text, hash) => {
    expect(xxHash64(bytes(text))).toBe(hash);
  });
});

describe('a gzip page', () => {
  it('may have several members', async () => {
    const { GZIP } = await unpackers;
    const parts = [content, new Uint8Array(0), content.subarray(0, 100)];
    const packed = Buffer.concat(parts.map((part) => gzipSync(part)));
    expect(Buffer.from(GZIP!(packed, content.length + 100))).toEqual(Buffer.concat(parts));
  });

  it('is refused where the checksum of any member is wrong', async () => {
    const { GZIP } = await unpackers;
    const [first, second] = [gzipSync(content), gzipSync(content)];
    for (const at of [first.length - 8, first.length - 4, first.length + second.length - 8]) {
      const packed = new Uint8Array(Buffer.concat([first, second]));
      packed[at] ^= 1;
      expect(() => GZIP!(packed, 2 * content.length)).toThrow('the checksum of a page is wrong');
    }
  });
});

describe.each(['GZIP', 'BROTLI', 'ZSTD'] as const)('a page of %s', (codec) => {
  const pack = { GZIP: gzipSync, BROTLI: brotliCompressSync, ZSTD: zstdFrame };
  // The zeros at its end could be what a decoder left out.
  const page = new Uint8Array([...content.subarray(0, 200), 0, 0]);
  const packed = new Uint8Array(pack[codec](page));

  it('unpacks to its content', async () => {
    const unpack = (await unpackers)[codec]!;
    expect(unpack(packed, page.length)).toEqual(page);
  });

  it.each([-1, 1, 10])('is refused where its size is off by %d', async (difference) => {
    const unpack = (await unpackers)[codec]!;
    let unpacked: Uint8Array | undefined;
    try {
      unpacked = unpack(packed, page.length + difference);
    } catch {
      return;
    }
    expect(unpacked).not.toHaveLength(page.length + difference);
  });
});

it('a page of ZSTD is refused where its checksum is wrong', async () => {
  const { ZSTD } = await unpackers;
  const packed = zstdFrame(content.subarray(0, 200));
  packed[50] ^= 1;
  expect(() => ZSTD!(packed, 200)).toThrow('the checksum of a page is wrong');
});
