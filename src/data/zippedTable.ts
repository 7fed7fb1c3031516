import { fileFormat, type FileFormat } from '../base/datasetFormats';
import { unzipEntry, zipEntries, ZipFault } from './bytes/zipEntries';

/** Bytes that a table may take when unpacked. */
const maxBytes = 2 ** 31;
/** Names that an archive may hold besides, which are no tables. */
const besideTable = /(^|\/)(__MACOSX\/|\.|thumbs\.db$|readme|licen[cs]e)/i;
const maxNamed = 5;

/** The one table that a zip archive holds, unpacked, and how it is read; or what keeps it from being the only one. */
export async function onlyTable(
  bytes: Uint8Array,
): Promise<(FileFormat & { bytes: Uint8Array; name: string }) | { message: string }> {
  try {
    const files = zipEntries(bytes).filter(({ name }) => !name.endsWith('/') && !besideTable.test(name));
    const tables = files.flatMap((entry) => {
      const format = fileFormat(entry.name);
      return format && format.format !== 'zip' ? [{ ...format, entry }] : [];
    });
    const names = (tables.length > 0 ? tables.map(({ entry }) => entry) : files).map(({ name }) => name);
    const listed = names.slice(0, maxNamed).join(', ') + (names.length > maxNamed ? ', …' : '');
    if (tables.length > 1)
      return { message: `the archive holds ${tables.length} tables (${listed}); unpack it, and name one of them` };
    if (tables.length === 0) {
      return {
        message: `the archive holds no table${files.length > 0 ? ` (${listed})` : ''}; unpack it, and name a csv, xlsx, json, npy or parquet file`,
      };
    }
    const [{ entry, ...format }] = tables;
    if (entry.size > maxBytes)
      return {
        message: `${entry.name} takes ${entry.size} bytes when unpacked; unpack the archive, and name that file`,
      };
    return { ...format, bytes: await unzipEntry(bytes, entry), name: entry.name };
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    return { message: `the archive cannot be read: ${error.message}; unpack it, and name the table in it` };
  }
}
