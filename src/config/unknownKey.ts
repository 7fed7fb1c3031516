import type { JSONPath } from 'jsonc-parser';
import { tableKeys, type KeySchema, type TableKey } from './keySchema';
import { pathName, type Finding } from './sourceMap';
import { didYouMean, nearestWord, normalise, quotedList, shorten } from './words';

/**
 * What to say about a key that the table does not have: the key of the same object that was meant, or the place elsewhere
 * that it belongs to, otherwise the keys that are allowed here.
 */
export function unknownKey(key: string, path: JSONPath, schema: KeySchema, root: KeySchema): Finding {
  const here = `unknown key ${JSON.stringify(shorten(key))} in ${pathName(path)}`;
  const follows = schema.followed?.[key];
  if (follows !== undefined) return { message: `${here}; ${follows}, so leave it out`, code: 'unknown-key' };
  const own = tableKeys(schema).filter((entry) => entry.path.length === 1);
  const meant = aliased(key, own)[0]?.path[0] ?? nearestKey(key, own);
  if (meant !== undefined) {
    return { message: `${here}${didYouMean(meant)}`, code: 'unknown-key', suggestion: JSON.stringify(meant) };
  }
  const swept = path[0] === 'sweep' ? pathName([...path.slice(1), key]) : undefined;
  if (tableKeys(root).some((entry) => pathName(entry.path) === swept)) {
    return { message: `${here}; write the path as one key of sweep, ${JSON.stringify(swept)}`, code: 'unknown-key' };
  }
  const places = aliased(key, tableKeys(root)).filter((entry) => pathName(entry.path.slice(0, -1)) !== pathName(path));
  const elsewhere = [...new Set(places.map((entry) => pathName(entry.path)))];
  if (elsewhere.length > 0 && elsewhere.length <= 2) {
    return { message: `${here}; it belongs at ${elsewhere.join(' or ')}`, code: 'unknown-key' };
  }
  const allowed = own.map((entry) => entry.path[0]).filter((name) => !name.startsWith('$'));
  return { message: `${here}; the keys here are ${quotedList(allowed, 'and')}`, code: 'unknown-key' };
}

/** Keys whose name, or one of whose other names, is `key`; true names first. */
function aliased(key: string, keys: TableKey[]): TableKey[] {
  const plain = normalise(key);
  const named = keys.filter((entry) => normalise(entry.path[entry.path.length - 1]) === plain);
  return named.length > 0 ? named : keys.filter((entry) => entry.aliases.some((alias) => normalise(alias) === plain));
}

function nearestKey(key: string, keys: TableKey[]): string | undefined {
  return nearestWord(
    key,
    keys.map((entry) => entry.path[0]),
  );
}
