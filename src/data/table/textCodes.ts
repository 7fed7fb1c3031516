import { maxClasses } from '../../engine/data/classes';

/** Stands for a cell without a value. */
export const noText = 0xffff;

/** A column of texts as numbers: each different text once, and for each row which one it is. Memory: 2 bytes a row. */
export class TextCodes {
  /** The different texts in the order in which they came; undefined where there are more than MAX_CLASSES. */
  texts: string[] | undefined = [];
  private codes = new Uint16Array(16);
  private length = 0;
  private readonly known = new Map<string, number>();

  /** Appends a row's text; undefined where it has none. */
  add(text: string | undefined): void {
    if (!this.texts) return;
    if (this.length === this.codes.length) this.reserve(this.length * 2);
    const code = text === undefined ? noText : (this.known.get(text) ?? this.learn(text));
    this.codes[this.length++] = code;
  }

  /** The code of each row: a place among `texts`, or NO_TEXT. */
  get rows(): Uint16Array {
    return this.codes.subarray(0, this.length);
  }

  /** Makes room for this many rows. */
  reserve(rows: number): void {
    if (!this.texts || rows <= this.codes.length) return;
    const larger = new Uint16Array(rows);
    larger.set(this.codes);
    this.codes = larger;
  }

  private learn(text: string): number {
    const code = this.known.size;
    if (code === maxClasses) {
      this.texts = undefined;
      this.known.clear();
      this.codes = new Uint16Array(0);
      this.length = 0;
      return noText;
    }
    const own = ownCopy(text);
    this.known.set(own, code);
    this.texts!.push(own);
    return code;
  }
}

/** The text in memory of its own; a plain slice would keep the whole file's text. */
export function ownCopy(text: string): string {
  // Takes long texts too, and halves of characters, which an encoding would lose.
  return JSON.parse(JSON.stringify(text)) as string;
}
