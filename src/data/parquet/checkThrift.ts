import { ParquetFault } from './parquetFault';

const maxDepth = 16;
const maxVarint = 10;

/**
 * Goes over a struct in Thrift's compact protocol from byte `at` and returns where it ends. Throws a ParquetFault where it
 * does not end before `end`, or declares lists or texts that it has no bytes for: then nothing is allocated for them.
 */
export function checkThrift(view: DataView, at: number, end: number): number {
  const reader = new Reader(view, at, end);
  reader.struct(0);
  return reader.at;
}

class Reader {
  constructor(
    private readonly view: DataView,
    public at: number,
    private readonly end: number,
  ) {}

  struct(depth: number): void {
    if (depth > maxDepth) throw new ParquetFault('its structure is nested too deep');
    for (let head = this.byte(); (head & 15) !== 0; head = this.byte()) {
      if (head >> 4 === 0) this.varint();
      this.element(head & 15, depth);
    }
  }

  private element(type: number, depth: number): void {
    if (type === 1 || type === 2) return;
    if (type === 3) this.skip(1);
    else if (type >= 4 && type <= 6) this.varint();
    else if (type === 7) this.skip(8);
    else if (type === 8) this.skip(this.varint());
    else if (type === 9) this.list(depth);
    else if (type === 12) this.struct(depth + 1);
    else throw new ParquetFault('its structure holds an unknown type');
  }

  private list(depth: number): void {
    if (depth > maxDepth) throw new ParquetFault('its structure is nested too deep');
    const head = this.byte();
    const type = head & 15;
    const count = head >> 4 === 15 ? this.varint() : head >> 4;
    if (count > this.end - this.at) throw new ParquetFault('its structure declares more than the file holds');
    for (let i = 0; i < count; i++) {
      if (type === 1 || type === 2) this.skip(1);
      else this.element(type, depth + 1);
    }
  }

  private byte(): number {
    this.skip(1);
    return this.view.getUint8(this.at - 1);
  }

  private skip(bytes: number): void {
    if (bytes > this.end - this.at) throw new ParquetFault('its structure is cut off');
    this.at += bytes;
  }

  private varint(): number {
    let value = 0;
    for (let i = 0; i < maxVarint; i++) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    throw new ParquetFault('its structure holds a number that is too long');
  }
}
