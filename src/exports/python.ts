/** Values as Python writes them. */

/** Characters that would not be seen, or that would turn the order of those around them. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A text in double quotes, whatever is in it: nothing of it can end the quotes. */
export function pythonText(text: string): string {
  // Escapes of JSON are also Python's.
  return JSON.stringify(text).replace(unseen, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A float64 in the fewest digits that read back to it. */
export function pythonNumber(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential();
  return Number.isFinite(value)
    ? String(value)
    : `float("${Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'}")`;
}

/** A float32 in the fewest digits that read back to it. */
export function pythonSingle(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return pythonNumber(value);
  for (let digits = 1; digits < 9; digits++) {
    const written = Number(value.toPrecision(digits));
    if (Math.fround(written) === value) return pythonNumber(written);
  }
  return pythonNumber(value);
}

/** A list on one line. */
export function pythonList(items: Iterable<string>): string {
  return `[${[...items].join(', ')}]`;
}

/** A list with an item a line. */
export function pythonLines(items: readonly string[]): string {
  return `[\n${items.map((item) => `    ${item},\n`).join('')}]`;
}

/** Rows of numbers, a row a line. */
export function pythonRows(numbers: ArrayLike<number>, width: number, write: (value: number) => string): string {
  const all = Array.from(numbers, write);
  const rows = Array.from({ length: all.length / width }, (_, row) =>
    pythonList(all.slice(row * width, (row + 1) * width)),
  );
  return pythonLines(rows);
}

/** `, name=value` for each of some keyword arguments. */
export function keywordArguments(options: Record<string, unknown>): string {
  return Object.entries(options)
    .map(([name, value]) => `, ${name}=${pythonValue(value)}`)
    .join('');
}

/** A value of a config. */
export function pythonValue(value: unknown): string {
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return pythonList(value.map(pythonValue));
  return 'None';
}
