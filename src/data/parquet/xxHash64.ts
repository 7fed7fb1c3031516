const mask64 = (1n << 64n) - 1n;
const [P1, P2, P3, P4, P5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];
const laneBytes = 32;

/** The hash XXH64, with seed 0, of which Zstandard keeps the lower 32 bits as a frame's checksum. */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  let at = 0;
  let hash = P5;
  if (length >= laneBytes) {
    const lanes = [times(P1 + P2, 1n), P2, 0n, times(-P1, 1n)];
    for (; at + laneBytes <= length; at += laneBytes) {
      lanes.forEach((lane, i) => (lanes[i] = round(lane, view.getBigUint64(at + 8 * i, true))));
    }
    hash = rotate(lanes[0], 1n) + rotate(lanes[1], 7n) + rotate(lanes[2], 12n) + rotate(lanes[3], 18n);
    for (const lane of lanes) hash = times((hash & mask64) ^ round(0n, lane), P1) + P4;
  }
  hash = (hash + BigInt(length)) & mask64;
  for (; at + 8 <= length; at += 8) {
    hash = (times(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n), P1) + P4) & mask64;
  }
  if (at + 4 <= length) {
    hash = (times(rotate(hash ^ times(BigInt(view.getUint32(at, true)), P1), 23n), P2) + P3) & mask64;
    at += 4;
  }
  for (; at < length; at++) hash = times(rotate(hash ^ times(BigInt(bytes[at]), P5), 11n), P1);
  hash = times(hash ^ (hash >> 33n), P2);
  hash = times(hash ^ (hash >> 29n), P3);
  return hash ^ (hash >> 32n);
}

function round(lane: bigint, input: bigint): bigint {
  return times(rotate((lane + input * P2) & mask64, 31n), P1);
}

function times(a: bigint, b: bigint): bigint {
  return (a * b) & mask64;
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | ((value & mask64) >> (64n - bits))) & mask64;
}
