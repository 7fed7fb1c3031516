import type { Node } from 'jsonc-parser';

/** A comment after blanks of its line, and one after any blanks. */
const commentOnLine = /[ \t]*(?:\/\*[^]*?\*\/|\/\/[^\r\n]*)/y;
const comment = /\s*(?:\/\*[^]*?\*\/|\/\/[^\r\n]*)/y;
const blanks = /\s+/y;

/**
 * The text with a property added to an object that does not have it: last, after the comments on the line of the one
 * before it, and laid out as that one. Nothing else changes except the comma between the two.
 */
export function insertProperty(text: string, object: Node, key: string, value: unknown): string {
  const last = object.children?.at(-1);
  return last ? insertAfter(text, object, last, key, value) : insertFirst(text, object, key, value);
}

/** JSON on one line, as it is written by hand. */
export function lineOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(lineOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${lineOf(one)}`);
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
}

/** What the text ends its lines with. */
export function lineEnd(text: string): string {
  return /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
}

function insertAfter(text: string, object: Node, last: Node, key: string, value: unknown): string {
  const end = last.offset + last.length;
  const next = skip(text, end, comment, blanks);
  const hasComma = text[next] === ',';
  const from = hasComma ? next + 1 : end;
  const at = skip(text, from, commentOnLine);
  const colon = colonOf(text, last);
  const property = `${JSON.stringify(key)}${colon}${lineOf(value)}`;
  const margin = text.slice(lineStart(text, last.offset), last.offset);
  const beginsLine = margin.trim() === '';
  // What follows a comment that ends its line would be part of it.
  if (beginsLine || (at > from && /^([\r\n]|$)/.test(text.slice(at, at + 1)))) {
    const indent = beginsLine ? margin : marginOf(text, object.offset) + indentUnit(text);
    const line = `${lineEnd(text)}${indent}${property}${hasComma ? ',' : ''}`;
    return text.slice(0, end) + (hasComma ? '' : ',') + text.slice(end, at) + line + text.slice(at);
  }
  const blank = colon.endsWith(':') ? '' : ' ';
  return text.slice(0, at) + (hasComma ? `${blank}${property},` : `,${blank}${property}`) + text.slice(at);
}

function insertFirst(text: string, object: Node, key: string, value: unknown): string {
  const end = object.offset + object.length;
  const close = text[end - 1] === '}' ? end - 1 : end;
  const at = skip(text, object.offset + 1, comment);
  const property = `${JSON.stringify(key)}: ${lineOf(value)}`;
  if (!/[\r\n]/.test(text.slice(object.offset, close))) return `${text.slice(0, at)} ${property} ${text.slice(close)}`;
  const eol = lineEnd(text);
  const margin = marginOf(text, object.offset);
  const rest = /[\r\n]/.test(text.slice(at, close)) ? text.slice(at) : `${eol}${margin}${text.slice(close)}`;
  return `${text.slice(0, at)}${eol}${margin}${indentUnit(text)}${property}${rest}`;
}

/** Where what any of the patterns match ends. */
function skip(text: string, from: number, ...patterns: RegExp[]): number {
  let at = from;
  const matches = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  while (patterns.some(matches));
  return at;
}

/** What stands between a property's key and its value. */
function colonOf(text: string, { children = [] }: Node): string {
  const [key, value] = children;
  const between = value ? text.slice(key.offset + key.length, value.offset) : '';
  return /^ ?: ?$/.test(between) ? between : ': ';
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The blanks that the line of an offset begins with. */
function marginOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))![0];
}

/** What one level more is indented by. */
function indentUnit(text: string): string {
  return /(?:^|[\r\n])([ \t]+)["/]/.exec(text)?.[1] ?? '  ';
}
