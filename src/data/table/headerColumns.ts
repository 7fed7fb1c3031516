import type { Problem } from '../../base/problem';
import { Column } from './column';
import type { ColumnOptions } from './columnOptions';
import type { ReadOptions } from './table';

/** What is to be said of a name, at its place. */
export type NameFinding<Place> = Place & Pick<Problem, 'severity' | 'message'> & { code: string };

/**
 * The columns that a header names, and what is to be said of the names. A column without a name is called `Unnamed: i` and a
 * second column of the same name `name.1`, or by the first such number that no other column has, as pandas does. `places`
 * are the header's cells in the file.
 */
export function headerColumns<Place extends object>(
  names: string[],
  places: Place[],
  optionsOf: (name: string) => ColumnOptions = () => ({}),
): { columns: Column[]; findings: NameFinding<Place>[] } {
  const own = ownNames(names);
  const first = new Map<string, number>();
  const findings: NameFinding<Place>[] = [];
  const columns = names.map((name, i) => {
    const report = (code: string, message: string) =>
      findings.push({ ...(places[i] ?? places[0]), severity: 'warning', code, message });
    const number = i + 1;
    const called = JSON.stringify(own[i]);
    if (name === '') report('no-name', `column ${number} has no name; it is left out unless you name it ${called}`);
    else if (first.has(name)) {
      const like = `${JSON.stringify(name)} like column ${first.get(name)}`;
      report('duplicate-name', `column ${number} is called ${like}, so it is taken as ${called}`);
    } else first.set(name, number);
    return new Column(own[i], name === '', optionsOf(own[i]));
  });
  return { columns, findings };
}

/** What columns are called: as the file names them, unless other names were asked for. `numbered` where it names none. */
export function givenNames(names: string[], numbered: boolean, { names: given }: ReadOptions): string[] {
  return given && (given.always || numbered) ? names.map((name, i) => given.texts[i] ?? name) : names;
}

/** A name for each column that no other has; columns without one are named last. */
function ownNames(names: string[]): string[] {
  const given = new Set(names);
  const taken = new Set<string>();
  const suffixes = new Map<string, number>();
  const own = (name: string): string => {
    let unique = name;
    while (taken.has(unique) || (unique !== name && given.has(unique))) {
      const suffix = (suffixes.get(name) ?? 0) + 1;
      suffixes.set(name, suffix);
      unique = `${name}.${suffix}`;
    }
    taken.add(unique);
    return unique;
  };
  const named = names.map((name) => (name === '' ? '' : own(name)));
  return named.map((name, i) => (name === '' ? own(`Unnamed: ${i}`) : name));
}
