import type { ByteSource, DataSource } from './byteSource';
import { latin1Text } from './bytesText';
import { foreignByStart, foreignByText } from './foreignKinds';
import type { FileFormat } from '../../base/datasetFormats';
import { GzipFault, unpackedSource } from './unpackedSource';

/** Bytes that decide the format. */
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
  const text = latin1Text(start);
  const foreign = foreignByStart(text) ?? foreignByText(text.replace(/^\xef\xbb\xbf/, ''));
  if (foreign !== undefined) return `this is ${foreign}`;
  const outside = formatOf(start);
  const ending = packed ? '.gz' : '';
  if (!packed && outside === 'gzip') return `this is a gzip file; rename it to .${format}.gz`;
  if (packed && outside === undefined && start.length > 0) return 'this is no gzip file; take .gz off its name';
  if (packed && outside !== 'gzip') return outside && renamed(outside, '');
  const inside = packed ? formatOf(await startOf(unpackedSource(source, Infinity))) : outside;
  if (outside === undefined && isText(text) && (format === 'xlsx' || format === 'zip')) {
    return `this is a text file, not ${format === 'xlsx' ? 'a workbook' : 'an archive'}; rename it to .csv, or to .json if it holds JSON`;
  }
  if ((format === 'json' || format === 'jsonl') && isDelimitedText(text))
    return 'this is delimited text; rename it to .csv';
  const isKnown = inside === undefined || inside === format || (inside === 'zip' && format === 'npz');
  return isKnown ? undefined : renamed(inside, ending);
}

function isText(start: string): boolean {
  // oxlint-disable-next-line no-control-regex -- these are what no text has
  return start !== '' && !/[\0-\x08\x0e-\x1f]/.test(start);
}

/** Whether a text is lines of as many cells each, of which the first begins with no bracket. */
function isDelimitedText(start: string): boolean {
  const lines = start.split(/\r\n?|\n/).slice(0, 4);
  const whole = lines.slice(0, -1).filter((line) => line.trim() !== '');
  const counts = [',', ';', '\t', '|'].map((sign) => whole.map((line) => line.split(sign).length));
  const isTable = counts.some(
    (cells) => cells.length > 1 && cells[0] > 1 && cells.every((count) => count === cells[0]),
  );
  return isText(start) && isTable && !/^\s*[[{]/.test(start);
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
