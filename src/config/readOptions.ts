import { whitespace } from '../base/whitespace';
import type { FileConfig } from './schema';

/** Keys of a file's dataset that only delimited text needs. */
export const delimitedKeys = [
  ...(['delimiter', 'decimal', 'thousands', 'header', 'encoding'] as const),
  ...(['comment', 'skiprows', 'skipfooter'] as const),
];

/** How a config says that its file is to be read. */
export function readOptionsOf(dataset: FileConfig) {
  const { delimiter, decimal, thousands, header, encoding, comment, skiprows, skipfooter, sheet, na_values } = dataset;
  return {
    ...(delimiter !== undefined && { delimiter: delimiter.length > 1 ? whitespace : delimiter }),
    ...(decimal !== undefined && { decimal }),
    ...(thousands !== undefined && { thousands }),
    ...(header !== undefined && { header }),
    ...(encoding !== undefined && { encoding }),
    ...(comment !== undefined && { comment }),
    ...(skiprows !== undefined && { skipRows: skiprows }),
    ...(skipfooter !== undefined && { skipFooter: skipfooter }),
    ...(sheet !== undefined && { sheet }),
    ...(na_values !== undefined && { naValues: [na_values].flat().map(String) }),
    ...(dataset.parse_dates && {
      dates: {
        columns: dataset.parse_dates,
        since: dataset.date_origin ?? '1970-01-01',
        dayFirst: dataset.dayfirst ?? false,
      },
    }),
    ...((dataset.missing === 'drop' || dataset.missing === 'mean') && { fillShort: true }),
  };
}
