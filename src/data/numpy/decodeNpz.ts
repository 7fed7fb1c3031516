import { readNpy, skippedFindings, type NpyArray } from './decodeNpy';
import { refused, type Decoded } from '../table/decodedTable';
import type { Finding } from '../../base/problem';
import { unzipEntry, zipEntries, ZipFault, type ZipEntry } from '../bytes/zipEntries';

/** Bytes that all arrays of an archive may take when unpacked. */
const maxBytes = 2 ** 31;
/** Beyond this many bytes, an archive may grow by this factor; a packed table of numbers rarely grows by ten. */
const bombBytes = 100_000_000;
const bombRatio = 1000;

/**
 * Decodes a .npz archive: arrays of one dimension, or with one column, are columns by their names, of two dimensions they
 * are columns `name[0]`, `name[1]` …, and fields of structured arrays are `name.field`. Arrays that are no table are left
 * out with a finding. Never rejects.
 */
export async function decodeNpz(bytes: Uint8Array): Promise<Decoded> {
  try {
    return await decodeEntries(bytes, zipEntries(bytes));
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    return refused(
      'npz-archive',
      `the archive cannot be read: ${error.message}; write it with np.savez(path, x=x, y=y)`,
    );
  }
}

interface NamedArray extends NpyArray {
  name: string;
}

async function decodeEntries(bytes: Uint8Array, entries: ZipEntry[]): Promise<Decoded> {
  const files = entries.filter(({ name }) => name.endsWith('.npy'));
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > maxBytes || (size > bombBytes && size > bytes.length * bombRatio)) {
    const message = `the arrays take ${size} bytes when unpacked, too many for an archive of ${bytes.length} bytes; at most ${maxBytes} and ${bombRatio} times as many can be read`;
    return refused('npz-too-large', message);
  }
  const arrays: NamedArray[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    const name = file.name.slice(0, -'.npy'.length);
    const array = await readEntry(bytes, file);
    if ('message' in array) {
      const message = `array ${JSON.stringify(name)} is left out: ${array.message}`;
      findings.push({ severity: array.severity, code: array.code, message, start: 0, end: 0 });
    } else arrays.push({ ...array, name });
  }
  return combined(arrays, findings);
}

/** An array that is damaged is an error; one that is sound but no table is worth a warning, as the rest may do. */
async function readEntry(
  bytes: Uint8Array,
  file: ZipEntry,
): Promise<NpyArray | { code: string; message: string; severity: 'error' | 'warning' }> {
  try {
    const array = readNpy(await unzipEntry(bytes, file));
    if (!('message' in array)) return array;
    const sound = ['npy-objects', 'npy-type', 'npy-shape', 'too-many-columns', 'no-rows'].includes(array.code);
    return { ...array, severity: sound ? 'warning' : 'error' };
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    return { code: 'npz-entry', message: error.message, severity: 'error' };
  }
}

function combined(arrays: NamedArray[], findings: Finding[]): Decoded {
  if (arrays.length === 0) {
    if (findings.length > 0) return { findings: findings.map((one) => ({ ...one, severity: 'error' as const })) };
    return refused('no-rows', 'the archive holds no arrays; write it with np.savez(path, x=x, y=y)');
  }
  const [{ rows }] = arrays;
  if (arrays.some((array) => array.rows !== rows)) {
    const counts = arrays.slice(0, 10).map((array) => `${JSON.stringify(array.name)} has ${array.rows}`);
    const message = `the arrays have different numbers of rows: ${counts.join(', ')}; save those of one dataset in a file of their own`;
    return { findings: [...findings, { severity: 'error', code: 'uneven', message, start: 0, end: 0 }] };
  }
  const columns = arrays.flatMap((array) =>
    array.columns.map(({ name, values }, i) => ({ name: nameOf(array, name, i), values })),
  );
  const skipped = arrays.flatMap((array) => array.skipped.map((field) => `${JSON.stringify(array.name)} ${field}`));
  return {
    table: { names: columns.map(({ name }) => name), rows, values: columns.map(({ values }) => values) },
    findings: [...findings, ...skippedFindings(skipped)],
  };
}

function nameOf({ name, structured, columns }: NamedArray, field: string, index: number): string {
  if (structured) return `${name}.${field}`;
  return columns.length === 1 ? name : `${name}[${index}]`;
}
