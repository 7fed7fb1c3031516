/** Epochs that a script compares with at most, and that a picture draws. */
export const mostChosen = { script: 50, picture: 1000 };

/** Numbers of some epochs out of `total`, evenly, the first and the last among them. */
export function chosenEpochs(total: number, most: number): Float64Array {
  const count = Math.min(total, most);
  const step = count > 1 ? (total - 1) / (count - 1) : 0;
  return Float64Array.from({ length: count }, (_, i) => Math.round(i * step));
}
