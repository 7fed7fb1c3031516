import { signMessage, writingOf } from '../data/table/columnWriting';
import type { PassedColumn, PassedRow } from '../data/table/rowSink';
import { formatFloat32, formatRounded } from '../base/format';
import type { ModelInput, SavedModel } from './modelFile';

/** What keeps a row from being predicted, or is worth knowing of its prediction. */
export interface RowFault {
  /** Place of the column in the file. */
  column: number;
  message: string;
  /** Whether there is no prediction. */
  isFatal: boolean;
}

/**
 * Writes the inputs that a column makes, scaled, to the row of inputs that begins at `at`, and adds what is wrong; or a
 * product of inputs that were written before.
 */
export type InputReader = (row: PassedRow, inputs: Float32Array, at: number, faults: RowFault[]) => void;

type CategoryInput = ModelInput & { category: string };

/** The names of columns that a model needs and a file does not have. */
export function missingColumns({ inputs }: SavedModel, names: readonly string[]): string[] {
  const known = new Set(names);
  const needed = inputs.flatMap(({ column, factors }) => (factors ? [] : column));
  return [...new Set(needed)].filter((name) => !known.has(name));
}

/** Says of which columns the numbers stand beside another sign or unit than those that a model was trained on. */
export function otherSigns({ inputs }: SavedModel, columns: readonly PassedColumn[]): string[] {
  return columns.flatMap(({ name, form }) => {
    const input = inputs.find(({ column, factors }) => !factors && column === name);
    return signMessage(name, writingOf(undefined, form)?.sign, input?.writing) ?? [];
  });
}

/** A reader for each column that a model needs, then for each product. All columns are among the names. */
export function inputReaders(model: SavedModel, names: readonly string[]): InputReader[] {
  const places = new Map(names.map((name, i) => [name, i]));
  const ofColumns = new Map<string, number[]>();
  // The inputs of the row at hand before they are scaled, which products are made of.
  const unscaled = new Float64Array(model.inputs.length);
  model.inputs.forEach(({ column, factors }, i) => {
    if (!factors) ofColumns.set(column, [...(ofColumns.get(column) ?? []), i]);
  });
  const readers = [...ofColumns].map(([column, inputs]) => {
    const place = places.get(column)!;
    const ofCategories = inputs.filter((i) => model.inputs[i].category !== undefined);
    return ofCategories.length > 0
      ? categoryReader(model, unscaled, column, ofCategories, place)
      : numberReader(model, unscaled, inputs[0], place);
  });
  const products = model.inputs.flatMap(({ factors }, i) =>
    factors ? [productReader(model, unscaled, factors, i, places.get(model.inputs[factors[0]].column)!)] : [],
  );
  return [...readers, ...products];
}

function productReader(
  { inputs: all, inputScaling }: SavedModel,
  unscaled: Float64Array,
  factors: readonly number[],
  index: number,
  place: number,
): InputReader {
  const { name, exactFrom = Infinity } = all[index];
  const [offset, scale] = [inputScaling.offset[index], inputScaling.scale[index]];
  return (_, inputs, at, faults) => {
    let product = 1;
    for (const factor of factors) product *= unscaled[factor];
    // One is enough, and a factor that is no number has been named already.
    if (!Number.isFinite(Math.fround(product)) && !faults.some(({ isFatal }) => isFatal)) {
      const message = `${JSON.stringify(name)} is ${formatRounded(product)}, more than a float32 can hold`;
      faults.push({ column: place, message, isFatal: true });
    }
    inputs[at + index] = (held(product, exactFrom) - offset) / scale;
  };
}

/** A number as a column of the training data holds it. */
function held(value: number, exactFrom: number): number {
  const single = Math.fround(value);
  return Math.abs(value - single) < exactFrom ? single : value;
}

function numberReader(
  { inputs: all, inputScaling }: SavedModel,
  unscaled: Float64Array,
  index: number,
  place: number,
): InputReader {
  const { name, min, max, mean, exactFrom = Infinity } = all[index];
  const [offset, scale] = [inputScaling.offset[index], inputScaling.scale[index]];
  // Exact numbers are those of columns that float32 does not hold.
  const substitute = mean === undefined || exactFrom < Infinity ? mean : Math.fround(mean);
  return (row, inputs, at, faults) => {
    let value = row.numbers[place];
    if (Number.isNaN(value)) {
      const fault = row.fault(place);
      if (fault !== 'missing' || substitute === undefined) {
        const what = fault === 'missing' ? 'is empty' : faultOf(fault, row.text(place));
        faults.push({ column: place, message: `${JSON.stringify(name)} ${what}`, isFatal: true });
      }
      value = substitute ?? NaN;
    } else {
      value = held(value, exactFrom);
      if (value < min || value > max)
        faults.push({ column: place, message: outside(all[index], value), isFatal: false });
    }
    unscaled[index] = value;
    inputs[at + index] = (value - offset) / scale;
  };
}

function faultOf(fault: 'text' | 'notFinite' | 'tooLarge', text: string): string {
  const wanted = fault === 'tooLarge' ? 'more than a float32 can hold' : 'not a number';
  return `is ${JSON.stringify(text)}, ${wanted}`;
}

function outside({ name, min, max }: ModelInput, value: number): string {
  const range = `${formatFloat32(min)} to ${formatFloat32(max)}`;
  return `${JSON.stringify(name)} is ${formatFloat32(value)}, outside the training range ${range}`;
}

/** Reads a column that makes an input for each of its categories: 1 for the one that a row holds. */
function categoryReader(
  { config, inputs: all, inputScaling }: SavedModel,
  unscaled: Float64Array,
  column: string,
  indices: readonly number[],
  place: number,
): InputReader {
  const { missing } = 'missing' in config.dataset ? config.dataset : { missing: 'error' };
  const known = new Map(indices.map((i) => [(all[i] as CategoryInput).category, i]));
  const ofGaps = missing === 'category' ? known.get('nan') : undefined;
  const gapIsKnown = missing === 'mean' || ofGaps !== undefined;
  const isNumeric = [...known].every(([name, i]) => i === ofGaps || String(Number(name)) === name);
  const name = JSON.stringify(column);
  const indexOf = (row: PassedRow): number | undefined => {
    const number = row.numbers[place];
    // The same number may be written in another way than in training, and was held as a float32 there.
    return isNumeric && !Number.isNaN(number)
      ? (known.get(String(number)) ?? known.get(String(Math.fround(number))))
      : known.get(row.text(place));
  };
  return (row, inputs, at, faults) => {
    const isGap = Number.isNaN(row.numbers[place]) && row.fault(place) === 'missing';
    const index = isGap ? ofGaps : indexOf(row);
    for (const i of indices) {
      unscaled[i] = Number(i === index);
      inputs[at + i] = (unscaled[i] - inputScaling.offset[i]) / inputScaling.scale[i];
    }
    if (isGap ? gapIsKnown : index !== undefined) return;
    const what = isGap ? 'is empty' : `is ${JSON.stringify(row.text(place))}, which was never seen in training`;
    faults.push({ column: place, message: `${name} ${what}`, isFatal: true });
  };
}
