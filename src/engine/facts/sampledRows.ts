/** At most `most` of some rows, evenly taken. */
export function sampledRows(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]);
}

/** Columns of rows with mean 0 and deviation 1, row-major; a constant column is 0. @param width numbers a row. */
export function standardRows(values: Float32Array, width: number, rows: Uint32Array): Float64Array {
  const result = new Float64Array(rows.length * width);
  for (let column = 0; column < width; column++) {
    let mean = 0;
    for (const row of rows) mean += values[row * width + column];
    mean /= rows.length;
    let squares = 0;
    for (const row of rows) squares += (values[row * width + column] - mean) ** 2;
    const deviation = Math.sqrt(squares / rows.length);
    // What is left of a constant is the rounding of its mean.
    const scale = deviation > 1e-7 * Math.abs(mean) ? 1 / deviation : 0;
    rows.forEach((row, i) => (result[i * width + column] = (values[row * width + column] - mean) * scale));
  }
  return result;
}
