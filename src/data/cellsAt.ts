/** A cell of a delimited text: where it stands, from offset `start` up to `end`, and what it says without its quotes. */
export interface Cell {
  start: number;
  end: number;
  text: string;
}

/** The first cells, at most `limit`, of the row that starts at offset `start`. */
export function cellsAt(text: string, start: number, delimiter: string, newline: string, limit: number): Cell[] {
  const cells: Cell[] = [];
  walk(text, start, delimiter, newline, limit, (from, to) => cells.push(trimmed(text, from, to)));
  return cells;
}

/** The cell at place `index` of the row that starts at offset `start`; empty where the row has none there. */
export function cellAt(text: string, start: number, delimiter: string, newline: string, index: number): Cell {
  let found: Cell = { start, end: start, text: '' };
  walk(text, start, delimiter, newline, index + 1, (from, to, i) => {
    if (i === index) found = trimmed(text, from, to);
  });
  return found;
}

/** Goes over the first cells, at most `limit`, of the row that starts at offset `start`. */
function walk(
  text: string,
  start: number,
  delimiter: string,
  newline: string,
  limit: number,
  visit: (from: number, to: number, index: number) => void,
): void {
  let at = start;
  // Looked for once a line, not once a cell: a row can have a hundred thousand cells.
  let lineEnd = -1;
  for (let i = 0; i < limit; i++) {
    const from = text[at] === '"' ? closingQuote(text, at, delimiter) + 1 : at;
    if (lineEnd < from) lineEnd = indexOrEnd(text, newline, from);
    const end = Math.min(indexOrEnd(text, delimiter, from), lineEnd);
    visit(at, end, i);
    if (end >= text.length || text[end] !== delimiter) break;
    at = end + delimiter.length;
  }
}

function indexOrEnd(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from);
  return index < 0 ? text.length : index;
}

/** The quote that ends a cell: one that is not doubled and has nothing but spaces up to the cell's end. */
function closingQuote(text: string, open: number, delimiter: string): number {
  let quote = text.indexOf('"', open + 1);
  while (quote >= 0) {
    if (text[quote + 1] === '"') {
      quote = text.indexOf('"', quote + 2);
      continue;
    }
    let after = quote + 1;
    while (text[after] === ' ' || text[after] === '\r') after++;
    if (after >= text.length || text[after] === delimiter || text[after] === '\n') return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

function trimmed(text: string, start: number, end: number): Cell {
  const raw = text.slice(start, end);
  if (raw.trim() === '') return { start, end: start, text: '' };
  const from = start + (raw.length - raw.trimStart().length);
  const to = end - (raw.length - raw.trimEnd().length);
  const bare = text.slice(from, to);
  const quoted = bare.length > 1 && bare.startsWith('"') && bare.endsWith('"');
  return { start: from, end: to, text: quoted ? bare.slice(1, -1).replaceAll('""', '"').trim() : bare };
}
