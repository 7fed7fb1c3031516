import { printParseErrorCode, visit } from 'jsonc-parser';
import { maxProblems } from '../table/problemCap';
import type { Finding } from '../../base/problem';

/**
 * The value of a JSON text, or what is wrong with it first; offsets count from `from`. `NaN` and `Infinity`, which Python's
 * json writes though JSON has no such words, are read as numbers.
 */
export function parseJson(text: string, from = 0): { value: unknown } | { finding: Finding } {
  return valueOf(text) ?? { finding: tooDeep(text, from) ?? syntaxFinding(text, from) };
}

/** The value of a JSON text, in which `NaN` and `Infinity` may stand; undefined where it is broken or nested too deep. */
export function valueOf(text: string): { value: unknown } | undefined {
  if (tooDeep(text, 0)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    const plain = withoutWords(text, (word) => (word === 'NaN' ? 'null' : '1e999'));
    if (plain === text) return undefined;
    try {
      return { value: JSON.parse(plain) };
    } catch {
      // The words are not all that is wrong.
      return undefined;
    }
  }
}

/** Lists and objects inside each other that are read; a table needs three. */
const maxDepth = 1000;

/** Where a text nests deeper than is read, because the value would take fifty times as much memory as the text. */
function tooDeep(text: string, from: number): Finding | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) quoted = !quoted;
    else if (quoted) at += Number(code === 92);
    else if (code === 125 || code === 93) depth--;
    else if ((code === 123 || code === 91) && ++depth > maxDepth) {
      const message = `lists and objects are nested more than ${maxDepth} deep here; write a table, with a value in each cell`;
      return { severity: 'error', code: 'json-depth', message, start: from + at, end: from + at + 1 };
    }
  }
  return undefined;
}

/** Where an object has a key twice; JSON.parse says nothing of it and takes the last one. */
export function duplicateKeys(text: string): Finding[] {
  const findings: Finding[] = [];
  const seen: Set<string>[] = [];
  const onObjectProperty = (name: string, offset: number, length: number) => {
    const names = seen.at(-1)!;
    if (names.has(name) && findings.length < maxProblems) {
      const message = `the key ${JSON.stringify(name)} stands twice in this object; its last value is taken`;
      findings.push({ severity: 'warning', code: 'duplicate-key', message, start: offset, end: offset + length });
    }
    names.add(name);
  };
  visit(text, { onObjectBegin: () => void seen.push(new Set()), onObjectEnd: () => void seen.pop(), onObjectProperty });
  return findings;
}

/** How many keys a text without faults has, counted by their colons. */
export function countKeys(text: string): number {
  let keys = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) quoted = !quoted;
    else if (quoted && code === 92) i++;
    else if (!quoted && code === 58) keys++;
  }
  return keys;
}

/** The text with other words for `NaN` and `Infinity`, where they are not part of a string. */
function withoutWords(text: string, other: (word: string) => string): string {
  const parts: string[] = [];
  const words = /NaN|Infinity/g;
  let quoted = false;
  let at = 0;
  let copied = 0;
  for (let word = words.exec(text); word !== null; word = words.exec(text)) {
    for (; at < word.index; at++) {
      const code = text.charCodeAt(at);
      if (code === 34) quoted = !quoted;
      else if (quoted && code === 92) at++;
    }
    if (quoted) continue;
    parts.push(text.slice(copied, word.index), other(word[0]));
    copied = words.lastIndex;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(copied);
}

const expectedTokens: Record<string, string> = {
  InvalidSymbol: 'this is not JSON; write numbers, true, false, null, and texts and keys in double quotes',
  InvalidNumberFormat: 'this is not a JSON number; write it like -1.5 or 1e-3',
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here, between key and value',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'an object is not closed; the file may be cut off, a } is expected here',
  CloseBracketExpected: 'a list is not closed; the file may be cut off, a ] is expected here',
  EndOfFileExpected:
    'the JSON value ends before this; keep one value in a .json file, or name it .jsonl where each line holds one',
  InvalidCommentToken: 'JSON has no comments; take this out',
  UnexpectedEndOfString: 'this text is not closed; end it with a double quote',
};

function syntaxFinding(text: string, from: number): Finding {
  // Words of the same length keep the places.
  const { code, start, end } = firstError(withoutWords(text, (word) => '1'.repeat(word.length)));
  const isLate =
    /^[\]}]/.test(text.slice(from + start)) && /,\s*$/.test(text.slice(Math.max(0, from + start - 1000), from + start));
  const message = isLate
    ? 'a value is expected here, after the comma; delete the comma'
    : (expectedTokens[code] ?? 'this is not JSON; check the characters here');
  return { severity: 'error', code: 'json-syntax', message, start: from + start, end: from + end };
}

function firstError(text: string): { code: string; start: number; end: number } {
  let found: { code: string; start: number; end: number } | undefined;
  const onError = (code: number, start: number, length: number) => {
    found = { code: printParseErrorCode(code), start, end: Math.min(start + length, text.length) };
    throw new Error('found');
  };
  try {
    visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // Thrown above to end the visit, or by a nesting too deep for it.
  }
  return found ?? { code: '', start: 0, end: 0 };
}
