import type { ParsedConfig } from '../config/parseConfig';
import type { FileConfig } from '../config/schema';
import type { ReadWatch } from '../data/bytes/byteSource';
import type { DatasetPart, DatasetPlan } from '../data/dataset/fileDataset';
import { validationNeeds, validationPart } from '../data/dataset/validationPart';
import { readTable } from '../data/readTable';
import type { ReadOptions } from '../data/table/table';
import type { Problem } from '../base/problem';
import type { DataSourceFile } from './readDataset';

/** What the rows of a validation file are read for. */
interface ValidationOf {
  dataset: FileConfig;
  /** Absent where the config names none, or it is not there. */
  file: DataSourceFile['validation'];
  plan: DatasetPlan;
  /** How the file with the rows to train on was read. */
  readOptions: ReadOptions;
}

/** The rows of the validation file that a config names, if it names one; or, where any of the problems is an error, none. */
export async function readValidation(
  { source }: ParsedConfig,
  { dataset, file, plan, readOptions }: ValidationOf,
  watch: ReadWatch,
): Promise<{ part?: DatasetPart; problems: Problem[] }> {
  if (dataset.validation_file === undefined) return { problems: [] };
  const named = JSON.stringify(dataset.validation_file);
  const path = ['dataset', 'validation_file'];
  if (file === undefined) {
    const message = `there is no file ${named}; the path starts at the config's own folder`;
    return { problems: [source.problemAt(path, { message, code: 'no-file' })] };
  }
  if (file === 'foreign') {
    const message =
      `${named} is outside this config’s workspace, and nothing is fetched from there; ` +
      `copy the file beside the config and write its name`;
    return { problems: [source.problemAt(path, { message, code: 'foreign-file' })] };
  }
  const options = { ...readOptions, ...validationNeeds(plan) };
  return validationPart(plan, await readTable(file.content, file.name, options, watch));
}
