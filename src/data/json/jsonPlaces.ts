import { createScanner } from 'jsonc-parser';

/** A way down into a JSON value: a key for each object, a number for each list. */
export type JsonPath = (string | number)[];

/**
 * Where the values of a JSON text stand. Only lists and objects on the way to a value that is asked for are read, and what
 * was read of one is kept, so that many cells of a long list take one pass.
 */
export class JsonPlaces {
  /** Offsets of what a list or an object holds, by the offset of its bracket. */
  private readonly lists = new Map<number, number[]>();
  private readonly objects = new Map<number, Map<string, { key: number; value: number }>>();

  constructor(private readonly text: string) {}

  /** The value at a path below the value at `root`; the bracket of the last one that is there, where the path continues. */
  place(path: JsonPath, root = 0): { start: number; end: number } {
    const { at, left } = this.follow(path, root);
    return left > 0 ? { start: at, end: at + 1 } : this.token(at);
  }

  /** The key at the end of a path below the value at `root`. */
  keyPlace(path: JsonPath, root = 0): { start: number; end: number } {
    const { at, left } = this.follow(path.slice(0, -1), root);
    const key = left === 0 ? this.keys(at).get(String(path.at(-1)))?.key : undefined;
    return key === undefined ? { start: at, end: at + 1 } : this.token(key);
  }

  /** The keys of the object at a path in the order of the text, which JSON.parse does not keep for whole numbers. */
  keyOrder(path: JsonPath, root = 0): string[] {
    const { at, left } = this.follow(path, root);
    return left === 0 ? [...this.keys(at).keys()] : [];
  }

  private follow(path: JsonPath, root: number): { at: number; left: number } {
    let at = this.firstToken(root);
    for (let i = 0; i < path.length; i++) {
      const step = path[i];
      const next = typeof step === 'number' ? this.elements(at)[step] : this.keys(at).get(step)?.value;
      if (next === undefined) return { at, left: path.length - i };
      at = next;
    }
    return { at, left: 0 };
  }

  private firstToken(offset: number): number {
    const scanner = createScanner(this.text, true);
    scanner.setPosition(offset);
    scanner.scan();
    return scanner.getTokenOffset();
  }

  /** From a value's first character to its end, or to the end of the bracket where it is a list or an object. */
  private token(offset: number): { start: number; end: number } {
    const scanner = createScanner(this.text, true);
    scanner.setPosition(offset);
    scanner.scan();
    const start = scanner.getTokenOffset();
    // `-Infinity`, which JSON does not have, is two tokens.
    if (this.text[start] === '-' && scanner.getTokenLength() === 1) scanner.scan();
    return { start, end: scanner.getTokenOffset() + scanner.getTokenLength() };
  }

  private elements(open: number): number[] {
    let found = this.lists.get(open);
    if (found !== undefined) return found;
    found = [];
    const offsets = found;
    if (this.text[open] === '[') this.walk(open, (at, first) => first && offsets.push(at));
    this.lists.set(open, found);
    return found;
  }

  private keys(open: number): Map<string, { key: number; value: number }> {
    let found = this.objects.get(open);
    if (found !== undefined) return found;
    found = new Map();
    const offsets = found;
    let key = -1;
    let name = '';
    const take = (at: number, first: boolean, value: string) => {
      if (first) [key, name] = [at, value];
      else offsets.set(name, { key, value: at });
    };
    if (this.text[open] === '{') this.walk(open, take);
    this.objects.set(open, found);
    return found;
  }

  /** Visits what stands directly in the brackets; `first` until a colon, which parts a key from its value. */
  private walk(open: number, visit: (at: number, first: boolean, value: string) => void): void {
    const scanner = createScanner(this.text, true);
    scanner.setPosition(open + 1);
    let first = true;
    let taken = false;
    for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
      const at = scanner.getTokenOffset();
      const mark = this.text[at];
      if (mark === '}' || mark === ']') return;
      if (mark === ',' || mark === ':') [first, taken] = [mark === ',', false];
      else if (!taken) {
        visit(at, first, scanner.getTokenValue());
        taken = true;
      }
      if (mark === '{' || mark === '[') scanner.setPosition(this.behind(at));
    }
  }

  /** Offset of the text after the bracket at an offset and all that it holds; the text's end where it is not closed. */
  private behind(open: number): number {
    const { text } = this;
    let depth = 0;
    let quoted = false;
    for (let at = open; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 34) quoted = !quoted;
      else if (quoted) at += Number(code === 92);
      else if (code === 123 || code === 91) depth++;
      else if ((code === 125 || code === 93) && --depth === 0) return at + 1;
    }
    return text.length;
  }
}
