import { ParquetFault } from './parquetFault';

/** Widths up to which packed values fit into JavaScript's bit operations with a byte to spare. */
const maxNarrow = 24;

/** A place in the bytes of a page, which nothing reads beyond. */
export class PageBytes {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that are left. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Throws where fewer than `count` bytes are left. */
  need(count: number): void {
    if (!(count >= 0 && count <= this.left)) throw new ParquetFault('a page of it is cut off or damaged');
  }

  take(count: number): Uint8Array {
    this.need(count);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  byte(): number {
    this.need(1);
    return this.bytes[this.at++];
  }

  uint32(): number {
    this.need(4);
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  /** A number of up to 35 bits, 7 in each byte. */
  varint(): number {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    throw new ParquetFault('a page of it is damaged');
  }

  /** A signed number of up to 64 bits. */
  zigzag(): bigint {
    let value = 0n;
    for (let i = 0n; i < 10n; i++) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << (7n * i);
      if (byte < 128) return (value >> 1n) ^ -(value & 1n);
    }
    throw new ParquetFault('a page of it is damaged');
  }

  /**
   * `count` numbers of `width` bits (at most 24) in runs: of one number repeated, or of numbers packed bit by bit. Reads up
   * to `length` bytes and stands behind them afterwards.
   */
  runs(width: number, count: number, length: number): Uint32Array {
    if (width > maxNarrow) throw new ParquetFault('a page of it is damaged');
    const run = new PageBytes(this.take(length));
    const values = new Uint32Array(count);
    for (let seen = 0; seen < count;) {
      const head = run.varint();
      const size = Math.min(count - seen, (head & 1 ? 8 : 1) * Math.floor(head / 2));
      if (head & 1) run.packed(width, values.subarray(seen, seen + size), Math.floor(head / 2) * width);
      else values.fill(run.narrow(width), seen, seen + size);
      seen += size;
    }
    return values;
  }

  /** Numbers of `width` bits (at most 24), packed into up to `length` bytes, of which the unused ones may be missing. */
  private packed(width: number, values: Uint32Array, length: number): void {
    const next = Math.min(this.at + length, this.bytes.length);
    const mask = 2 ** width - 1;
    let rest = 0;
    let bits = 0;
    for (let i = 0; i < values.length; i++) {
      for (; bits < width; bits += 8) rest |= this.byte() << bits;
      values[i] = rest & mask;
      rest >>>= width;
      bits -= width;
    }
    this.at = next;
  }

  private narrow(width: number): number {
    let value = 0;
    for (let bits = 0; bits < width; bits += 8) value += this.byte() * 2 ** bits;
    return value;
  }

  /** Whole numbers of `size` bits written as differences in blocks, as doubles. */
  deltas(count: number, size: 32 | 64): Float64Array {
    const blockSize = this.varint();
    const miniblocks = this.varint();
    this.varint();
    const perMiniblock = blockSize / miniblocks;
    if (!Number.isInteger(perMiniblock) || perMiniblock === 0 || perMiniblock % 8 !== 0) {
      throw new ParquetFault('a page of it is damaged');
    }
    const values = new Float64Array(count);
    let value = this.zigzag();
    let seen = 0;
    if (count > 0) values[seen++] = Number(value);
    while (seen < count) {
      const least = this.zigzag();
      const widths = this.take(miniblocks);
      for (let i = 0; i < miniblocks && seen < count; i++) {
        const packed = new PageBytes(this.take((perMiniblock * widths[i]) / 8));
        const end = Math.min(seen + perMiniblock, count);
        let rest = 0n;
        let bits = 0;
        const width = widths[i];
        if (width > size) throw new ParquetFault('a page of it is damaged');
        for (; seen < end; seen++) {
          for (; bits < width; bits += 8) rest |= BigInt(packed.byte()) << BigInt(bits);
          value = BigInt.asIntN(size, value + least + BigInt.asUintN(width, rest));
          rest >>= BigInt(width);
          bits -= width;
          values[seen] = Number(value);
        }
      }
    }
    return values;
  }
}
