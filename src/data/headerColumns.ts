import type { Problem } from '../problem';
import { Column, type ColumnOptions } from './column';

/** What is wrong with a name, at its place. */
export type NameFinding<Place> = Place & Pick<Problem, 'severity' | 'message'> & { code: string };

/**
 * The columns that a header names, and what is wrong with the names. A column without a name is called `Unnamed: i` and a
 * second column of the same name `name.1`, as pandas does. `places` are the header's cells in the file.
 */
export function headerColumns<Place extends object>(
  names: string[],
  places: Place[],
  optionsOf: (name: string) => ColumnOptions = () => ({}),
): { columns: Column[]; findings: NameFinding<Place>[] } {
  const findings: NameFinding<Place>[] = [];
  const taken = new Map<string, number>();
  const columns = names.map((name, i) => {
    const report = (severity: 'error' | 'warning', code: string, message: string) =>
      findings.push({ ...(places[i] ?? places[0]), severity, code, message });
    const create = (stem: string, unnamed: boolean, column?: number) => {
      const own = free(stem, taken, column);
      return new Column(own, unnamed, optionsOf(own));
    };
    if (name === '') {
      report('warning', 'no-name', `column ${i + 1} has no name; it is left out unless you name it "Unnamed: ${i}"`);
      return create(`Unnamed: ${i}`, true);
    }
    const first = taken.get(name);
    if (first === undefined) return create(name, false, i);
    report(
      'error',
      'duplicate-name',
      `column ${i + 1} is called ${JSON.stringify(name)} like column ${first + 1}; give each column its own name`,
    );
    return create(name, false, i);
  });
  return { columns, findings };
}

/** The name itself, or with the first suffix that no other column has. */
function free(name: string, taken: Map<string, number>, column = 0): string {
  let unique = name;
  for (let suffix = 1; taken.has(unique); suffix++) unique = `${name}.${suffix}`;
  taken.set(unique, column);
  return unique;
}
