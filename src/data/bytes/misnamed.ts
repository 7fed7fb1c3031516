import type { ByteSource, DataSource } from './byteSource';
import { latin1Text } from './bytesText';
import { foreignByStart } from './foreignKinds';
import type { FileFormat } from '../../base/datasetFormats';
import { GzipFault, unpackedSource } from './unpackedSource';

/** As many bytes as a format is told by. */
const probedBytes = 512;
/** Offsets in the header of a zip archive's first file. */
const zipNameLength = 26;
const zipName = 30;

/**
 * What to say of a file that could not be read because its first bytes show another format than its name; undefined where
 * they do not, or show none that can be read. Rejects with what the source throws.
 */
export async function misnamed(source: DataSource, { format, packed }: FileFormat): Promise<string | undefined> {
  if (typeof source === 'string') return undefined;
  const start = await startOf(source);
  const foreign = foreignByStart(latin1Text(start));
  if (foreign !== undefined) return `this is ${foreign}`;
  const outside = formatOf(start);
  const ending = packed ? '.gz' : '';
  if (!packed && outside === 'gzip') return `this is a gzip file; rename it to .${format}.gz`;
  if (packed && outside === undefined && start.length > 0) return 'this is no gzip file; take .gz off its name';
  if (packed && outside !== 'gzip') return outside && renamed(outside, '');
  const inside = packed ? formatOf(await startOf(unpackedSource(source, Infinity))) : outside;
  const isKnown = inside === undefined || inside === format || (inside === 'zip' && format === 'npz');
  return isKnown ? undefined : renamed(inside, ending);
}

function renamed(format: string, ending: string): string {
  return `this is ${format === 'xlsx' ? 'an' : 'a'} ${format} file; rename it to .${format}${ending}`;
}

/** The first bytes of a source; none where gzip cannot unpack them. */
async function startOf(source: Uint8Array | ByteSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source.subarray(0, probedBytes);
  const start = new Uint8Array(probedBytes);
  let length = 0;
  try {
    for await (const block of source.chunks()) {
      const part = block.subarray(0, probedBytes - length);
      start.set(part, length);
      length += part.length;
      if (length === probedBytes) break;
    }
  } catch (error) {
    if (!(error instanceof GzipFault)) throw error;
  }
  return start.subarray(0, length);
}

function formatOf(start: Uint8Array): 'gzip' | 'npy' | 'npz' | 'parquet' | 'xlsx' | 'zip' | undefined {
  const text = latin1Text(start);
  if (text.startsWith('\x1f\x8b')) return 'gzip';
  if (text.startsWith('\x93NUMPY')) return 'npy';
  if (text.startsWith('PAR1')) return 'parquet';
  const nameLength = text.charCodeAt(zipNameLength) + 256 * text.charCodeAt(zipNameLength + 1);
  if (!text.startsWith('PK\x03\x04')) return undefined;
  const first = text.slice(zipName, zipName + nameLength);
  if (first.endsWith('.npy')) return 'npz';
  return /^(\[Content_Types\]\.xml|_rels\/|xl\/|docProps\/)/.test(first) ? 'xlsx' : 'zip';
}
