/** At most `most` of some rows, evenly taken. */
export function sampledRows(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]);
}

/** Columns of rows with mean 0 and deviation 1, row-major; a constant column is 0. @param width numbers a row. */
export function standardRows(values: Float32Array, width: number, rows: Uint32Array): Float64Array {
  const result = new Float64Array(rows.length * width);
  rows.forEach((row, i) => result.set(values.subarray(row * width, (row + 1) * width), i * width));
  const means = new Float64Array(width);
  for (let at = 0; at < result.length; at += width) for (let i = 0; i < width; i++) means[i] += result[at + i];
  for (let i = 0; i < width; i++) means[i] /= rows.length;
  const scales = new Float64Array(width);
  for (let at = 0; at < result.length; at += width) {
    for (let i = 0; i < width; i++) scales[i] += (result[at + i] - means[i]) ** 2;
  }
  for (let i = 0; i < width; i++) {
    const deviation = Math.sqrt(scales[i] / rows.length);
    // What is left of a constant is the rounding of its mean.
    scales[i] = deviation > 1e-7 * Math.abs(means[i]) ? 1 / deviation : 0;
  }
  for (let at = 0; at < result.length; at += width) {
    for (let i = 0; i < width; i++) result[at + i] = (result[at + i] - means[i]) * scales[i];
  }
  return result;
}
