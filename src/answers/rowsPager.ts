import type { Numbers } from '../engine/numbers';
import { EpochOrder } from './epochOrder';
import { rowsAt } from '../training/exactRows';
import type { OpenedRun } from '../training/openRun';
import { predictRows } from '../training/predictRows';
import type { RowsPage, RowsQuery } from '../protocol/questions';

/** Rows whose predictions are held in memory at a time while sorting. */
const chunk = 4096;

/** Lists a run's rows beside its predictions, a page at a time. */
export class RowsPager {
  /** 1 for each row of the dataset that is held out. */
  readonly validation: Uint8Array;
  private sorted: { order: Uint32Array; descending: boolean; parameters: Float32Array } | undefined;

  constructor(
    private readonly run: OpenedRun,
    private readonly epochOrder = new EpochOrder(run.trainer),
  ) {
    this.validation = new Uint8Array(run.dataset.rows);
    for (const row of run.trainer.parts.validationRows) this.validation[row] = 1;
  }

  /** The rows that a query asks for, fewer at the end, predicted with `parameters`. */
  page({ offset, count, sort, descending, batches = false }: RowsQuery, parameters: Float32Array): RowsPage {
    const { dataset, initial } = this.run;
    const total = dataset.rows;
    const first = Math.min(Math.max(0, offset), total);
    const length = Math.min(Math.max(0, count), total - first);
    const order = sort === 'error' ? this.orderByError(descending, parameters) : undefined;
    const rows = Uint32Array.from({ length }, (_, i) => {
      if (order) return order[first + i];
      return descending ? total - 1 - first - i : first + i;
    });
    return {
      total,
      offset: first,
      rows,
      inputs: rowsAt(dataset, 'inputs', dataset.inputNames.length, rows),
      targets: rowsAt(dataset, 'targets', dataset.targetNames.length, rows),
      before: this.predict(rows, initial),
      now: this.predict(rows, parameters),
      validation: Uint8Array.from(rows, (row) => this.validation[row]),
      batch: batches ? this.epochOrder.batchesOf(rows) : new Int32Array(0),
    };
  }

  /** Predictions in the targets' own units, as exact as the targets. */
  predict(rows: Uint32Array, parameters: Float32Array): Numbers {
    return predictRows(this.run, rows, parameters);
  }

  private orderByError(descending: boolean, parameters: Float32Array): Uint32Array {
    const { sorted } = this;
    if (sorted?.descending === descending && sorted.parameters.every((value, i) => value === parameters[i])) {
      return sorted.order;
    }
    const order = sortByKey(this.largestErrors(parameters), descending);
    this.sorted = { order, descending, parameters: parameters.slice() };
    return order;
  }

  private largestErrors(parameters: Float32Array): Float32Array {
    const { dataset } = this.run;
    const width = dataset.targetNames.length;
    const errors = new Float32Array(dataset.rows);
    for (let start = 0; start < dataset.rows; start += chunk) {
      const rows = Uint32Array.from({ length: Math.min(chunk, dataset.rows - start) }, (_, i) => start + i);
      const predictions = this.predict(rows, parameters);
      const targets = rowsAt(dataset, 'targets', width, rows);
      for (let i = 0; i < predictions.length; i++) {
        const row = start + Math.floor(i / width);
        const error = Math.abs(predictions[i] - targets[i]);
        if (!(error <= errors[row])) errors[row] = error;
      }
    }
    return errors;
  }
}

/** Some rows of a table `… × width`, row-major, in memory of their own. */
export function gather(numbers: Float32Array, width: number, rows: Uint32Array): Float32Array {
  const gathered = new Float32Array(rows.length * width);
  rows.forEach((row, i) => gathered.set(numbers.subarray(row * width, (row + 1) * width), i * width));
  return gathered;
}

/**
 * Positions of the keys (none negative) in order, equal keys by position. Key and position are packed into one float64
 * and sorted natively, many times faster than with a comparator: the bits of a float32 that is not negative are in the
 * order of its value, and 31 bits leave room for 2^22 positions; beyond that the lowest bits of the key go.
 */
function sortByKey(keys: Float32Array, descending: boolean): Uint32Array {
  const bits = new Uint32Array(keys.buffer, keys.byteOffset, keys.length);
  const largest = 0x7fffffff;
  const shift = Math.max(0, Math.ceil(Math.log2(Math.max(1, keys.length))) - 22);
  const packed = new Float64Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = descending ? largest - bits[i] : bits[i];
    packed[i] = (key >>> shift) * keys.length + i;
  }
  packed.sort();
  return Uint32Array.from(packed, (value) => value % keys.length);
}
