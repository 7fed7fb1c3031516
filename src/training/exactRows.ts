import type { Dataset } from '../engine/dataset';
import { numbersAt, type Numbers } from '../engine/numbers';

/** The numbers of a dataset: row-major, and those of its columns that are known more exactly. */
type DatasetNumbers = Pick<Dataset, 'inputs' | 'targets' | 'exact'>;

/** Some rows of the inputs or the targets, `width` a row, row-major; in double precision where any column has it. */
export function rowsAt(data: DatasetNumbers, of: 'inputs' | 'targets', width: number, rows: Uint32Array): Numbers {
  const exact = data.exact?.[of];
  const found = exact?.size ? new Float64Array(rows.length * width) : new Float32Array(rows.length * width);
  rows.forEach((row, i) => found.set(data[of].subarray(row * width, (row + 1) * width), i * width));
  exact?.forEach((numbers, column) => rows.forEach((row, i) => (found[i * width + column] = numbers[row])));
  return found;
}

/** Some rows of one column among `width`, in double precision where it has it. */
export function columnAt(
  data: DatasetNumbers,
  { of, index }: { of: 'inputs' | 'targets'; index: number },
  width: number,
  rows: Uint32Array,
): Numbers {
  const exact = data.exact?.[of].get(index);
  return exact
    ? numbersAt(exact, rows)
    : numbersAt(
        data[of],
        rows.map((row) => row * width + index),
      );
}
