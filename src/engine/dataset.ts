/** Columns in double precision, one number a row, by their place. */
export type ExactColumns = ReadonlyMap<number, Float64Array>;

/** A table of float32 samples: what `TensorDataset(inputs, targets)` holds. */
export interface Dataset {
  rows: number;
  /** One name per input column. */
  inputNames: string[];
  /** One name per target column. */
  targetNames: string[];
  /** `rows × inputNames.length`, row-major. */
  inputs: Float32Array;
  /** `rows × targetNames.length`, row-major. With `classNames` one column that holds the number of each row's class. */
  targets: Float32Array;
  /** What some columns of inputs and targets held before they became float32, which rounds them visibly; absent without any. */
  exact?: { inputs: ExactColumns; targets: ExactColumns };
  /** Where the target is a class: what the classes are called, in the order of their numbers. */
  classNames?: string[];
  /** Where the last inputs are products of others: the places of the factors of each. */
  products?: number[][];
  /** What each row's loss is multiplied by; absent where all rows count the same. */
  sampleWeight?: SampleWeight;
  /** How many rows at the end were read to be the validation set; absent where any may be drawn for it. */
  validationRows?: number;
  /** Where the rows were read from a file: which of its columns the inputs are made of. */
  source?: DatasetSource;
}

/** A column of weights of rows. */
export interface SampleWeight {
  column: string;
  /** One a row, none of them below 0. */
  values: Float32Array;
}

/** How the numbers of a column are written, as far as its cells show it: what another file with such a column is read by. */
export interface ColumnWriting {
  notation?: { decimal: '.' | ','; thousands?: string };
  /** What stands beside each number, such as `%`, `$` or `kg`. */
  sign?: string;
}

/** The column of a file that an input is made of. */
export interface InputColumn {
  column: string;
  /** The input is 1 where the column holds this, and otherwise 0. */
  category?: string;
  /** What stands in for an empty cell. */
  mean?: number;
  writing?: ColumnWriting;
}

/** How a dataset is made of a file's columns. */
export interface DatasetSource {
  /** In the order of the inputs, without products of inputs. */
  inputs: InputColumn[];
  /** What stands between the cells of delimited text. */
  delimiter?: string;
  /** How all numbers are written, where that is in one way and not with a decimal point alone. */
  notation?: { decimal?: ','; thousands?: string };
  /** How the file with the validation set was read, if there is one. */
  validation?: ValidationSource;
}

/** How the rows of a validation set are written in their file. */
export interface ValidationSource {
  delimiter?: string;
  /** Whether the file does not name its columns. */
  numbered: boolean;
  /** Whether its columns are those of the other file in their order, whatever they are called. */
  byOrder: boolean;
}

/**
 * A 32-bit FNV-1a hash over the numbers and the shape of a dataset.
 * Two datasets that train differently have, except for chance, different fingerprints.
 */
export function fingerprint(dataset: Dataset): number {
  let hash = 0x811c9dc5;
  const mix = (word: number) => {
    hash = Math.imul(hash ^ word, 0x01000193);
  };
  mix(dataset.rows);
  mix(dataset.inputNames.length);
  if (dataset.validationRows !== undefined) mix(dataset.validationRows);
  const exact = [...(dataset.exact?.inputs ?? []), ...(dataset.exact?.targets ?? [])].map(([, numbers]) => numbers);
  const weights = dataset.sampleWeight ? [dataset.sampleWeight.values] : [];
  for (const numbers of [dataset.inputs, dataset.targets, ...exact, ...weights]) {
    const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.byteLength / 4);
    for (let i = 0; i < words.length; i++) mix(words[i]);
  }
  return hash >>> 0;
}
