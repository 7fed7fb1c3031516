import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HostClock } from '../../../src/host/records/hostClock';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { readBlocks } from '../../../src/host/records/readBlocks';
import { encodeBlock, type Block } from '../../../src/host/records/recordBlocks';
import { drivenClock } from '../../helpers/drivenClock';

let place: string;
beforeEach(() => void (place = mkdtempSync(path.join(tmpdir(), 'gd-blocks-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const named = (name: string): Block => ({ kind: 'event', event: { type: 'labelled', runId: 'a', label: { name } } });
/** Blocks of which some are longer than what is read at a time, and others begin or end at its edge. */
const blocks = [3, 1_500_000, 400_000, 300_000, 5, 348_000, 2_500_000, 7].map((length) => named('x'.repeat(length)));
const encoded = blocks.map(encodeBlock);

async function readAll(from: number, clock: HostClock = drivenClock()): Promise<Block[]> {
  const file = Buffer.concat(encoded);
  writeFileSync(path.join(place, 'a.gdlog'), file);
  const read: Block[] = [];
  for await (const { block } of readBlocks(nodeRecordFolder(place), 'a.gdlog', from, file.length, clock))
    read.push(block);
  return read;
}

it('are the same wherever reading begins, however long they are', async () => {
  let from = 0;
  for (let i = 0; i < blocks.length; from += encoded[i++].length) expect(await readAll(from)).toEqual(blocks.slice(i));
});

it('lets others have their turn where reading takes long', async () => {
  let time = 0;
  const slow: HostClock = { ...drivenClock(), now: () => (time += 5) };
  const waited: number[] = [];
  const later: HostClock['later'] = (task, milliseconds) => (waited.push(milliseconds), slow.later(task, milliseconds));
  await readAll(0, { ...slow, later });
  expect(waited).toEqual([0, 0, 0, 0]);
});
