import { snappyUncompress } from 'hyparquet/src/snappy.js';
import type { CompressionCodec } from 'hyparquet/src/types.js';
import type { Unpack } from './columnChunk';
import { ParquetFault } from './parquetFault';
import { unpackGzip } from './unpackGzip';
import { xxHash64 } from './xxHash64';

/** Bits of the descriptor of a Zstandard frame, which comes after four bytes. */
const zstdDescriptor = 4;
const zstdChecksum = 4;

/**
 * What unpacks the pages of a file with these codecs; one that is not known is left out. Each throws where a page does not
 * unpack to exactly the size that it is given, or has a checksum that is wrong; of LZ4 that is not known. The rarer ones are
 * loaded when a file needs them: their package sets up WebAssembly as it loads, which not every place allows.
 */
export async function unpackersFor(
  codecs: ReadonlySet<CompressionCodec>,
): Promise<Partial<Record<CompressionCodec, Unpack>>> {
  const snappy: Unpack = (packed, size) => {
    const page = new Uint8Array(size);
    snappyUncompress(packed, page);
    return page;
  };
  const plain: Partial<Record<CompressionCodec, Unpack>> = { SNAPPY: snappy };
  if (codecs.has('GZIP')) {
    const { Gunzip } = await import('../bytes/packing');
    plain.GZIP = (packed, size) => unpackGzip(Gunzip, packed, size);
  }
  if ([...codecs].every((codec) => codec === 'UNCOMPRESSED' || codec in plain)) return plain;
  const { decompressBrotli, decompressLz4, decompressLz4Raw, decompressZstd } = await import('hyparquet-compressors');
  return {
    ...plain,
    // It makes its page by `new Uint8Array(size)`, which takes a buffer too.
    BROTLI: (packed, size) => exactly(size, ({ buffer }) => void decompressBrotli(packed, buffer as never)),
    ZSTD: (packed, size) => unpackZstd(decompressZstd, packed, size),
    LZ4: decompressLz4,
    LZ4_RAW: decompressLz4Raw,
  };
}

/** What a decoder that tells no length writes into a page: exactly `size` bytes, neither fewer nor more. */
function exactly(size: number, decode: (page: Uint8Array<ArrayBuffer>) => void): Uint8Array {
  // A mark that is not overwritten is where the content ends; if the last byte looks like it, another mark decides.
  for (const mark of [0xa5, 0x5a]) {
    const page = new Uint8Array(size + 1).fill(mark);
    decode(page);
    if (page[size] !== mark) break;
    if (size === 0 || page[size - 1] !== mark) return page.subarray(0, size);
  }
  throw new ParquetFault('a page of it does not hold as many bytes as it declares');
}

/** A frame of Zstandard may end with a checksum. */
function unpackZstd(
  decode: (packed: Uint8Array, page: Uint8Array) => void,
  packed: Uint8Array,
  size: number,
): Uint8Array {
  const page = exactly(size, (whole) => decode(packed, whole));
  if ((packed[zstdDescriptor] & zstdChecksum) === 0) return page;
  const found = new DataView(packed.buffer, packed.byteOffset, packed.length).getUint32(packed.length - 4, true);
  if (found !== Number(BigInt.asUintN(32, xxHash64(page)))) throw new ParquetFault('the checksum of a page is wrong');
  return page;
}
