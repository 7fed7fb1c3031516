import { expect, it } from 'vitest';
import { crc32 } from '../../src/data/bytes/crc32';

it('the checksum is that of zip, at every length and place', () => {
  const bytes = Uint8Array.from({ length: 85 }, (_, i) => (i * 167 + 13) & 0xff);
  // What zip's definition gives bit by bit.
  const bitwise = (part: Uint8Array) => {
    let sum = 0xffffffff;
    for (const byte of part) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
    return (sum ^ 0xffffffff) >>> 0;
  };
  for (let from = 0; from < 9; from++) {
    for (let to = from; to <= bytes.length; to++) {
      expect(crc32(bytes.subarray(from, to)), `${from} to ${to}`).toBe(bitwise(bytes.subarray(from, to)));
    }
  }
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});
