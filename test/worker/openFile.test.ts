import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAll } from '../../src/data/bytes/byteSource';
import { readTable } from '../../src/data/readTable';
import { openFile } from '../../src/worker/openFile';

const folder = mkdtempSync(path.join(tmpdir(), 'gd-open-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

function write(name: string, content: string): string {
  writeFileSync(at(name), content);
  return at(name);
}

function makePipe(name: string): string {
  expect(spawnSync('mkfifo', [at(name)]).status).toBe(0);
  return at(name);
}

const textOf = async (name: string) => Buffer.from(await readAll(await openFile(name))).toString();

describe('a file', () => {
  it('gives its bytes as often as it is asked', async () => {
    const content = 'x,y\n' + '1,2\n'.repeat(1e6);
    const source = await openFile(write('a.csv', content));
    expect(source.size).toBe(content.length);
    for (let i = 0; i < 2; i++) expect(Buffer.from(await readAll(source)).toString()).toBe(content);
  });

  it('is read into the same memory again and again, however long it is', async () => {
    const memory = new Set<ArrayBufferLike>();
    let blocks = 0;
    for await (const block of (await openFile(write('much.csv', 'x\n'.repeat(3e6)))).chunks()) {
      memory.add(block.buffer);
      blocks++;
    }
    expect(blocks).toBeGreaterThan(4);
    expect(memory.size).toBeLessThanOrEqual(2);
  });

  it('can be empty', async () => {
    expect(await textOf(write('empty.csv', ''))).toBe('');
  });

  it('can be left in the middle', async () => {
    const { chunks } = await openFile(write('long.csv', 'x\n'.repeat(2e6)));
    for await (const block of chunks()) {
      expect(block[0]).toBe(120);
      break;
    }
  });

  it('is read to the end that it had when it was opened, though more is written to it', async () => {
    const name = write('growing.csv', 'x,y\n1,2\n');
    const source = await openFile(name);
    appendFileSync(name, '3,4\n');
    expect(Buffer.from(await readAll(source)).toString()).toBe('x,y\n1,2\n');
  });

  it('that becomes shorter is an error, not a shorter table', async () => {
    const name = write('shrinking.csv', 'x,y\n1,2\n3,4\n');
    const source = await openFile(name);
    truncateSync(name, 8);
    const { table, problems } = await readTable(source, name);
    expect(table).toBeUndefined();
    expect(problems[0].message).toBe(
      'the file cannot be read: it became shorter while it was read: it had 12 bytes, then 8; try again',
    );
  });
});

describe.runIf(process.platform !== 'win32')('what is not a file', () => {
  const refusal = (kind: string) => `it is ${kind}, not a file; copy what it holds into a file and name that`;
  const link = (target: string, name: string) => {
    symlinkSync(target, at(name));
    return at(name);
  };

  it('is refused by its kind', async () => {
    await expect(openFile(folder)).rejects.toThrow(refusal('a folder'));
    await expect(openFile(link('/dev/zero', 'zero.csv'))).rejects.toThrow(refusal('a device'));
    await expect(openFile(makePipe('pipe.csv'))).rejects.toThrow(refusal('a named pipe'));
    await expect(openFile(link(at('pipe.csv'), 'link-to-pipe.csv'))).rejects.toThrow(refusal('a named pipe'));
    await expect(openFile(link(at('loop.csv'), 'loop.csv'))).rejects.toThrow(/a link that leads back to itself/);
    const server = createServer().listen(at('socket.csv'));
    await once(server, 'listening');
    await expect(openFile(at('socket.csv'))).rejects.toThrow(refusal('a socket'));
    server.close();
  });

  it('is refused where it has come to the place of a file since', async () => {
    const source = await openFile(write('replaced.csv', 'x,y\n1,2\n'));
    rmSync(at('replaced.csv'));
    makePipe('replaced.csv');
    await expect(readAll(source)).rejects.toThrow(refusal('a named pipe'));
  });
});
