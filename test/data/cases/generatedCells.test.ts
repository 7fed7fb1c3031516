import { expect, it } from 'vitest';
import { Generator } from '../../../src/engine/random/random';
import { rowsOf, take } from './cases';

const inputCount = 200;

/** What stands in one cell of a column of numbers instead of a number. */
const oddCells = [
  '-',
  '.',
  'n.a.',
  '***',
  ':',
  '<0.5',
  '#DIV/0!',
  'missing',
  'x',
  '12 p',
  '',
  'NA',
  'null',
  '?',
  'nan',
];
const delimiters = [',', ';', '\t', '|'];
/** Columns before the ones that matter, of which each is to be left out. */
const before: { name: string; cell: (row: number) => string }[] = [
  { name: 'id', cell: (row) => String(row + 1) },
  { name: 'Unnamed: 0', cell: String },
  { name: 'day', cell: (row) => `2021-03-${String(row + 1).padStart(2, '0')}` },
  { name: 'kind', cell: (row) => ['red', 'green', 'blue'][(row * row) % 3] },
  { name: 'site', cell: () => 'north' },
  { name: 'empty', cell: () => '' },
];

/** The keys that a message names, each with a value that it names; of choices, the first. */
function cureOf(message: string, odd: string): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  if (message.includes('dataset.na_values')) keys['na_values'] = [odd];
  const missing = /dataset\.missing to ("\w+")/.exec(message);
  if (missing) keys['missing'] = JSON.parse(missing[1]) as unknown;
  return keys;
}

it('names the line and column of a cell that is no number, wherever it stands, and what it says to do leaves that row out', async () => {
  for (let seed = 0; seed < inputCount; seed++) {
    const generator = new Generator(seed);
    const roll = (limit: number) => generator.uint32() % limit;
    const delimiter = delimiters[roll(delimiters.length)];
    const rows = Array.from({ length: 11 + roll(12) }, () => [0, 0, 0].map(() => (roll(8000) - 3000) / 4));
    const extra = roll(2) === 0 ? [] : [before[roll(before.length)]];
    const [odd, row, column] = [oddCells[roll(oddCells.length)], roll(rows.length), roll(3)];
    const cells = rows.map((row, i) => [...extra.map(({ cell }) => cell(i)), ...row.map(String)]);
    const place = extra.length + column;
    cells[row][place] = odd;
    const header = [...extra.map(({ name }) => name), 'alpha', 'beta', 'y'];
    const text = [header, ...cells].map((line) => line.join(delimiter)).join('\n') + '\n';
    const taken = await take(text);
    const errors = taken.problems.filter(({ severity }) => severity === 'error');
    const at = 1 + cells[row].slice(0, place).reduce((sum, cell) => sum + cell.length + delimiter.length, 0);
    const told = `${seed}: ${JSON.stringify(taken.problems)}\n${text}`;
    expect(
      errors.map((error) => [error.line, error.column]),
      told,
    ).toEqual([[row + 2, at]]);
    expect(taken.dataset, told).toBeUndefined();
    const cured = await take(text, cureOf(errors[0].message, odd));
    const left = rows.filter((_, i) => i !== row).map((values) => values.map(Math.fround));
    expect(rowsOf(cured), `${told}\n${JSON.stringify(cured.problems)}`).toEqual(left);
  }
}, 120_000);
