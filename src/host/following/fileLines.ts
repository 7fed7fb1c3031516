import { textDecoder } from '../../data/bytes/textDecoder';

/** Bytes of a line at most: the last line of a run may hold a prediction for each of a million rows. */
export const longestLine = 1 << 26;

/** A line of a file, and its number from 1. */
export interface FileLine {
  number: number;
  text: string;
}

/** Cuts the bytes of a file that grows into lines. A line that has no end yet waits for it. */
export class FileLines {
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private count = 0;

  /** The lines that end in more bytes of the file. Throws an Error where one is longer than `longestLine`. */
  *take(bytes: Uint8Array): Generator<FileLine> {
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      this.keep(bytes.subarray(start, end));
      const text = this.text();
      start = end + 1;
      yield { number: ++this.count, text };
    }
    this.keep(bytes.slice(start));
  }

  /** Whether the file ends within a line. */
  get isWithinLine(): boolean {
    return this.pendingBytes > 0;
  }

  /** The number of the line that the file ends within, or that comes next. */
  get next(): number {
    return this.count + 1;
  }

  private keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes > longestLine) throw new Error(`line ${this.next} is longer than ${longestLine} bytes`);
  }

  private text(): string {
    const decoder = textDecoder();
    const text = this.pending.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode();
    this.pending = [];
    this.pendingBytes = 0;
    return text;
  }
}
