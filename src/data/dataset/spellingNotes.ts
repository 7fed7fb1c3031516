import type { Problem } from '../../base/problem';
import type { Table } from '../table/table';

/** Values that a note names, by their spellings. */
const maxNamed = 3;

/** Warns of texts of a column (by its place) that differ only in capitals or spaces, and so are several classes or categories. */
export function spellingNotes(table: Table, index: number, what: 'class' | 'category'): Problem[] {
  const { name, texts, type } = table.columns[index];
  const spellings = new Map<string, string[]>();
  for (const text of (type === 'text' && texts?.texts) || []) {
    const plain = text.replace(/\s+/g, ' ').toLowerCase();
    spellings.set(plain, [...(spellings.get(plain) ?? []), text]);
  }
  const several = [...spellings.values()].filter((same) => same.length > 1);
  if (several.length === 0) return [];
  const named = several.slice(0, maxNamed).map((same) => same.map((text) => JSON.stringify(text)).join(' and '));
  const more = several.length > maxNamed ? ` (and ${several.length - maxNamed} more such values)` : '';
  const kinds = what === 'class' ? 'classes' : 'categories';
  const message = `column ${JSON.stringify(name)} has ${named.join(', ')}${more}, which differ only in capitals or spaces, as different ${kinds}; if they mean the same, write them the same way in the file`;
  return [{ file: table.fileName, ...table.cell(-1, index).range, severity: 'warning', message, code: 'spellings' }];
}
