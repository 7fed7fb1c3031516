import { expect, it } from 'vitest';
import { hasErrors } from '../../../src/base/problem';
import { hintOf, rowsOf, take } from './cases';

const inputCount = 200;

/** Numbers below a limit, the same for the same seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed * 2654435761 + 1;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const group = (value: number, by: string, decimal: string) => {
  const [whole, fraction] = Math.abs(value).toFixed(2).split('.');
  return `${value < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, by)}${decimal}${fraction}`;
};

/** Ways to write numbers, and the delimiters that leave them whole. */
const notations: { delimiters: string; write: (value: number) => string }[] = [
  { delimiters: ',;\t| ', write: String },
  { delimiters: ';\t|', write: (v) => String(v).replace('.', ',') },
  { delimiters: ';|', write: (v) => group(v, '.', ',') },
  { delimiters: ';\t|', write: (v) => group(v, ',', '.') },
  { delimiters: ';\t', write: (v) => group(v, '\u00a0', ',') },
  { delimiters: ',;', write: (v) => group(v, "'", '.') },
  { delimiters: ',', write: (v) => `"${group(v, ',', '.')}"` },
  { delimiters: ',;\t', write: (v) => (v < 0 ? `(${-v})` : String(v)) },
  { delimiters: ',;|', write: (v) => `${v.toFixed(2)} EUR` },
  { delimiters: ',;\t', write: (v) => (v < 0 ? `${-v}-` : String(v)) },
  { delimiters: ',;\t', write: (v) => String(v).replace('-', '\u2212') },
];

/** What people’s programs put around the rows; some of it has to be told. */
const signsAround: ((lines: string[], delimiter: string, roll: (limit: number) => number) => string[])[] = [
  (lines) => lines,
  (lines) => ['Report of the year', ...lines],
  (lines) => ['Report', '', 'all sites', ...lines],
  (lines) => ['# made by a program', '# version 2', ...lines],
  (lines, _, roll) => lines.toSpliced(2 + roll(5), 0, '# pause'),
  (lines) => [lines[0], ...lines.slice(1).flatMap((line, i) => (i === 4 ? [lines[0], line] : [line]))],
  (lines, delimiter) => [...lines, delimiter.repeat(2), delimiter.repeat(2)],
  (lines, delimiter) => (delimiter === ' ' ? lines : [lines[0], ...lines.slice(1).map((line) => line + delimiter)]),
  (lines) => [...lines, 'end of file'],
  (lines) => [...lines, '', 'Source: somebody', 'made today'],
  (lines, delimiter) => lines.toSpliced(1, 0, ['kg', 'm', 's'].join(delimiter)),
  (lines, delimiter) => lines.toSpliced(1, 0, ['north', 'south', 'west'].join(delimiter)),
  (lines, delimiter) => [['first', 'second', 'third'].join(delimiter), ...lines],
  (lines, delimiter) => (delimiter === ' ' ? lines : [`sep=${delimiter}`, ...lines]),
  (lines, _, roll) => lines.map((line, i) => (i === 3 + roll(4) ? line : line)),
];

it('reads none of many inputs of such kinds wrong in silence, and its hints lead to a table', async () => {
  let told = 0;
  for (let seed = 0; seed < inputCount; seed++) {
    const roll = dice(seed);
    const { delimiters, write } = notations[roll(notations.length)];
    const delimiter = delimiters[roll(delimiters.length)];
    const rows = Array.from({ length: 8 + roll(20) }, () => [0, 0, 0].map(() => (roll(800_000) - 300_000) / 4));
    const table = [['a', 'b', 'y'], ...rows.map((row) => row.map(write))].map((cells) => cells.join(delimiter));
    const end = ['\n', '\r\n'][roll(2)];
    const text = signsAround[roll(signsAround.length)](table, delimiter, roll).join(end) + end;
    const expected = rows.map((row) => row.map(Math.fround));
    let taken = await take(text);
    const keys: Record<string, unknown> = {};
    for (let tries = 0; tries < 3 && hasErrors(taken.problems); tries++) {
      const error = taken.problems.find(({ severity }) => severity === 'error')!;
      const lines = text.split(end).length;
      expect(error.line, text).toBeLessThanOrEqual(lines);
      const hint = hintOf(error.message);
      expect(hint, `${seed}: ${error.message}\n${text}`).toBeDefined();
      Object.assign(keys, hint);
      taken = await take(text, keys);
      told++;
    }
    const names = taken.table?.columns.map(({ name }) => name).join();
    expect(
      names === 'a,b,y' || names === 'north,south,west' || names === 'first,second,third',
      `${seed}: ${names}\n${text}`,
    ).toBe(true);
    expect(rowsOf(taken), `${seed}\n${text}\n${JSON.stringify(taken.problems)}`).toEqual(expected);
  }
  expect(told).toBeGreaterThan(10);
}, 120_000);
