import { distance } from 'fastest-levenshtein';

/** The word of the list that `word` was probably meant to be, if one is near enough. */
export function nearestWord(word: string, list: readonly string[]): string | undefined {
  // Beyond this no word of a config or column is near, and the distance takes quadratic time.
  if (word.length > 100) return undefined;
  const plain = normalise(word);
  const longer = plain.length < 3 ? [] : list.filter((candidate) => normalise(candidate).startsWith(plain));
  if (longer.length === 1) return longer[0];
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of list) {
    const away = distance(plain, normalise(candidate));
    if (away < bestDistance) [best, bestDistance] = [candidate, away];
  }
  const allowed = plain.length < 3 ? 0 : Math.max(1, Math.floor(plain.length / 3));
  return bestDistance <= allowed ? best : undefined;
}

/** Spelling without capitals and separators, so that `batchSize`, `batch-size` and `batch_size` are one word. */
export function normalise(word: string): string {
  return word.toLowerCase().replace(/[_\-\s]/g, '');
}

/** `1 row`, `2 rows`. */
export function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** `"a", "b" or "c"`. */
export function quotedList(list: readonly string[], joint = 'or'): string {
  const quoted = list.map((word) => JSON.stringify(word));
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} ${joint} ${quoted[quoted.length - 1]}`;
}

/** The end of a message about an unknown word: `; did you mean "lr"?`, or nothing. */
export function didYouMean(word: string | undefined): string {
  return word === undefined ? '' : `; did you mean ${JSON.stringify(word)}?`;
}

/** Text cut to a length that fits in a message. */
export function shorten(text: string, length = 40): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
