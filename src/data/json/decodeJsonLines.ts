import { refused, type Decoded } from '../table/decodedTable';
import { decodeText } from '../bytes/decodeText';
import { JsonPlaces } from './jsonPlaces';
import { decodeRows } from './jsonRows';
import { countKeys, duplicateKeys, parseJson, valueOf } from './parseJson';
import { maxProblems } from '../table/problemCap';
import type { Finding } from '../../base/problem';

/** Decodes JSON lines: an object or a list on each line, all of one kind. Lines that are no JSON are left out. Never throws. */
export function decodeJsonLines(source: Uint8Array | string): Decoded {
  const { text, findings } = decodeText(source);
  if (findings.some((finding) => finding.severity === 'error')) return { findings, text };
  const { rows, starts, broken, unlisted, comma } = readLines(text);
  if (rows.length === 0 && broken.length === 0) {
    const message = 'the file is empty; write an object on each line, like {"x": 1, "y": 2}';
    return { ...refused('empty', message), text };
  }
  if (rows.length === 0) return { findings: [...findings, ...broken], unlisted, text };
  const places = new JsonPlaces(text);
  const { keys, ...decoded } = decodeRows({
    rows,
    place: (row, path) => places.place(path, starts[row]),
    keyPlace: (row, key) => places.keyPlace([key], starts[row]),
    firstKeys: () => places.keyOrder([], starts[0]),
    length: text.length,
  });
  const whole = broken.length === 0 && keys !== undefined;
  const twice = whole && keys !== countKeys(text) ? duplicateKeysOfLines(text, starts) : [];
  return {
    ...decoded,
    findings: [...findings, ...broken, ...(comma ? [comma] : []), ...decoded.findings, ...twice],
    unlisted: unlisted + (decoded.unlisted ?? 0),
    text,
  };
}

interface Lines {
  rows: unknown[];
  /** Offset of the line of each row. */
  starts: number[];
  broken: Finding[];
  unlisted: number;
  /** The first comma at a line's end, as between the entries of a list. */
  comma?: Finding;
}

function readLines(text: string): Lines {
  const lines: Lines = { rows: [], starts: [], broken: [], unlisted: 0 };
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    if (line.trim() !== '') takeLine(lines, line, start);
    start = end + 1;
  }
  return lines;
}

/** The first broken lines are listed; the rest are counted, because finding what is wrong with a line takes a while. */
function takeLine(lines: Lines, line: string, start: number): void {
  const bare = line.replace(/,\s*$/, '');
  const isListed = lines.broken.length < maxProblems;
  const parsed = isListed ? parseJson(bare, start) : valueOf(bare);
  if (parsed && 'value' in parsed) {
    if (bare.length < line.length) lines.comma ??= commaNote(start + bare.length);
    lines.rows.push(parsed.value);
    lines.starts.push(start);
  } else if (parsed) lines.broken.push(parsed.finding);
  else lines.unlisted++;
}

function commaNote(start: number): Finding {
  const message = 'lines that end in a comma are read without it';
  return { severity: 'information', code: 'json-comma', message, start, end: start + 1 };
}

function duplicateKeysOfLines(text: string, starts: number[]): Finding[] {
  const findings: Finding[] = [];
  for (let i = 0; i < starts.length && findings.length < maxProblems; i++) {
    const from = starts[i];
    const found = duplicateKeys(text.slice(from, starts[i + 1] ?? text.length));
    findings.push(...found.map((one) => ({ ...one, start: one.start + from, end: one.end + from })));
  }
  return findings;
}
