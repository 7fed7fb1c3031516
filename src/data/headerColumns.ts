import type { Cell } from './cellsAt';
import { Column } from './column';
import { parseNumber } from './parseCell';
import type { Finding } from './table';

/**
 * The columns that a header names, and what is wrong with the names. A column without a name is called `Unnamed: i` and a
 * second column of the same name `name.1`, as pandas does. `places` are the header's cells in the file.
 */
export function headerColumns(names: string[], places: Cell[]): { columns: Column[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const taken = new Map<string, number>();
  const columns = names.map((cell, i) => {
    const name = cell.trim();
    const report = (severity: 'error' | 'warning', code: string, message: string) => {
      const { start, end } = places[i] ?? places[0];
      findings.push({ severity, code, message, start, end });
    };
    if (name === '') {
      report('warning', 'no-name', `column ${i + 1} has no name; it is left out unless you name it "Unnamed: ${i}"`);
      return new Column(free(`Unnamed: ${i}`, taken), true);
    }
    const first = taken.get(name);
    if (first === undefined) return new Column(free(name, taken, i), false);
    const quoted = JSON.stringify(name);
    report(
      'error',
      'duplicate-name',
      `column ${i + 1} is called ${quoted} like column ${first + 1}; give each column its own name`,
    );
    return new Column(free(name, taken, i), false);
  });
  if (names.every((cell) => Number.isFinite(parseNumber(cell)))) {
    const message = 'the first row holds numbers; it is taken for the column names, so add a row of names above it';
    findings.push({
      severity: 'warning',
      code: 'no-header',
      message,
      start: places[0].start,
      end: places[places.length - 1].end,
    });
  }
  return { columns, findings };
}

/** The name itself, or with the first suffix that no other column has. */
function free(name: string, taken: Map<string, number>, column = 0): string {
  let unique = name;
  for (let suffix = 1; taken.has(unique); suffix++) unique = `${name}.${suffix}`;
  taken.set(unique, column);
  return unique;
}
