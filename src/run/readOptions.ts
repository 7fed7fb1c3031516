import type { FileConfig } from '../config/schema';
import type { ReadOptions } from '../data/table';

/** Keys of a file's dataset that only delimited text needs. */
export const delimitedKeys = ['delimiter', 'decimal', 'thousands', 'header', 'encoding'] as const;

/** How a config says that its file is to be read. */
export function readOptionsOf(dataset: FileConfig): ReadOptions {
  const { delimiter, decimal, thousands, header, encoding, na_values } = dataset;
  return {
    ...(delimiter !== undefined && { delimiter }),
    ...(decimal !== undefined && { decimal }),
    ...(thousands !== undefined && { thousands }),
    ...(header !== undefined && { header }),
    ...(encoding !== undefined && { encoding }),
    ...(na_values !== undefined && { naValues: na_values }),
  };
}
