import { snappyUncompress } from 'hyparquet/src/snappy.js';
import type { CompressionCodec } from 'hyparquet/src/types.js';
import type { Unpack } from './columnChunk';

/**
 * What unpacks the pages of a file with these codecs; one that is not known is left out. The rarer ones are loaded when a
 * file needs them: their package sets up WebAssembly as it loads, which not every place allows.
 */
export async function unpackersFor(
  codecs: ReadonlySet<CompressionCodec>,
): Promise<Partial<Record<CompressionCodec, Unpack>>> {
  const snappy: Unpack = (packed, size) => {
    const page = new Uint8Array(size);
    snappyUncompress(packed, page);
    return page;
  };
  if ([...codecs].every((codec) => codec === 'UNCOMPRESSED' || codec === 'SNAPPY')) return { SNAPPY: snappy };
  const { decompressBrotli, decompressGzip, decompressLz4, decompressLz4Raw, decompressZstd } =
    await import('hyparquet-compressors');
  return {
    SNAPPY: snappy,
    GZIP: decompressGzip,
    BROTLI: decompressBrotli,
    ZSTD: (packed, size) => decompressZstd(packed, new Uint8Array(size)),
    LZ4: decompressLz4,
    LZ4_RAW: decompressLz4Raw,
  };
}
