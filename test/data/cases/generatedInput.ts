/** Numbers below a limit. */
export type Roll = (limit: number) => number;

/** A file as people have it, and the table that is right. */
export interface Input {
  content: string | Uint8Array;
  fileName?: string;
  /** Keys of `dataset` that its owner has set. */
  keys?: Record<string, unknown>;
  /** Names of the inputs, then of the targets. */
  names: string[];
  rows: number[][];
  /** Where the first thing stands that must be told. */
  place?: [line: number, column: number];
  /** What is right once it was told, where that is another table. */
  cured?: number[][];
  /** What the message tells to do to the file where no key helps, and the file after that. */
  mended?: { says: RegExp; content: string };
}

export const quarter = (roll: Roll) => (roll(80_000) - 30_000) / 4;
export const numbers = (roll: Roll, width = 3) =>
  Array.from({ length: 11 + roll(12) }, () => Array.from({ length: width }, () => quarter(roll)));
export const names = ['speed', 'mass', 'force'];
export const lines = (rows: (string | number)[][], delimiter: string) => rows.map((row) => row.join(delimiter));
export const textOf = (rows: (string | number)[][], delimiter = ',', end = '\n') =>
  lines(rows, delimiter).join(end) + end;
export const one = <T>(choices: readonly T[], roll: Roll): T => choices[roll(choices.length)];
export const places = (roll: Roll, rows: readonly unknown[]) => 1 + roll(rows.length - 2);

/** Rows and names as they are, in some text. */
export function plain(write: (rows: number[][], roll: Roll) => Omit<Input, 'names' | 'rows'>) {
  return (roll: Roll): Input => {
    const rows = numbers(roll);
    return { names, rows, ...write(rows, roll) };
  };
}

/** A column before the others that is no input. */
export function leftOut(name: string, cell: (i: number, rows: number) => string | number) {
  return plain((rows, roll) => ({
    content: textOf(
      [[name, ...names], ...rows.map((row, i) => [cell(i, rows.length), ...row])],
      one([',', ';', '\t'], roll),
    ),
  }));
}

/** A target that is written in a way of its own, beside plain inputs. */
export function writtenTarget(write: (value: number, roll: Roll) => string, delimiters = [';', '\t'], value = quarter) {
  return (roll: Roll): Input => {
    const rows = numbers(roll).map(([a, b]) => [a, b, value(roll)]);
    return {
      content: textOf([names, ...rows.map(([a, b, y]) => [a, b, write(y, roll)])], one(delimiters, roll)),
      names,
      rows,
    };
  };
}

export const grouped = (value: number, by: string, decimals = 2) =>
  Math.abs(value)
    .toFixed(decimals)
    .replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, by);
export const signed = (value: number, size: string) => (value < 0 ? `-${size}` : size);
