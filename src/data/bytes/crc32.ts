/** Of each byte, by how many zero bytes follow it: so that eight bytes are summed at once. */
const tables = Array.from({ length: 8 }, () => new Uint32Array(256));

for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  tables[0][byte] = rest;
}
for (let zeros = 1; zeros < 8; zeros++) {
  const before = tables[zeros - 1];
  for (let byte = 0; byte < 256; byte++) tables[zeros][byte] = tables[0][before[byte] & 0xff] ^ (before[byte] >>> 8);
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;

/** The checksum that zip keeps of each file, as an unsigned number of 32 bits. */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  let i = 0;
  for (const whole = bytes.length - 7; i < whole; i += 8) {
    const low = sum ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    sum =
      t7[low & 0xff] ^
      t6[(low >>> 8) & 0xff] ^
      t5[(low >>> 16) & 0xff] ^
      t4[low >>> 24] ^
      t3[bytes[i + 4]] ^
      t2[bytes[i + 5]] ^
      t1[bytes[i + 6]] ^
      t0[bytes[i + 7]];
  }
  for (; i < bytes.length; i++) sum = t0[(sum ^ bytes[i]) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
