import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../src/base/problem';
import { formatBytes, formatFiles, readFormat } from '../helpers/formatFiles';

/** Numbers below 1 from a seed, by the generator of Numerical Recipes. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** All that a file says: names, numbers and texts; undefined where it is refused. */
async function contentOf(name: string, bytes: Uint8Array): Promise<string | undefined> {
  const { table, problems } = await readFormat(name, bytes);
  if (!table || hasErrors(problems)) return undefined;
  return JSON.stringify(
    table.columns.map(({ name, data, places, samples }) => [name, Array.from(data, String), [...places], samples]),
  );
}

/** How files are read of which one bit is wrong: as if none were, as an error, or as something else. */
async function outcomes(name: string, runs: number) {
  const bytes = formatBytes(name);
  const right = await contentOf(name, bytes);
  const random = randomOf(name.length * 7919 + bytes.length);
  const counts = { same: 0, error: 0, other: 0 };
  for (let run = 0; run < runs; run++) {
    const damaged = bytes.slice();
    damaged[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
    const content = await contentOf(name, damaged);
    counts[content === undefined ? 'error' : content === right ? 'same' : 'other']++;
  }
  return counts;
}

const readable = (name: string) => !['nested.parquet', 'uneven.npz'].includes(name);
/** The pages of gzip-v2.parquet are stored as they are where gzip would not make them smaller. */
const hasChecksums = (name: string) => /\.gz$|\.npz$|^checked.*\.parquet$|^gzip\.parquet$/.test(name);
const all = formatFiles('csv', 'json', 'jsonl', 'npy', 'npz', 'parquet', 'gz').filter(readable);

describe('a file with one wrong bit', () => {
  it.each(all.filter(hasChecksums))('%s, which has checksums, is the same or an error', async (name) => {
    const counts = await outcomes(name, 200);
    expect(counts.other).toBe(0);
    expect(counts.error).toBeGreaterThan(50);
  });

  it('of a format without checksums is the same, an error or something else, and nothing is thrown', async () => {
    const counts = { same: 0, error: 0, other: 0 };
    for (const name of all.filter((one) => !hasChecksums(one))) {
      for (const [kind, count] of Object.entries(await outcomes(name, 10)))
        counts[kind as keyof typeof counts] += count;
    }
    expect(Object.values(counts).every((count) => count > 0)).toBe(true);
  });
});
