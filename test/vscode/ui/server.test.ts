import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type Server } from '../editor/server';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const tokenOf = (address: string) => new URL(address).searchParams.get('tkn')!;

it('answers only who has its token', async () => {
  const address = server.url('/');
  const wrong = address.replace(tokenOf(address), 'wrong');
  for (const place of [`http://${server.authority}/`, wrong]) expect((await fetch(place)).status).toBe(403);
  // It takes the token out of the address and puts it into a cookie.
  const answer = await fetch(address, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([302, expect.stringContaining(tokenOf(address))]);
});

it('does not print its token', () => {
  expect(server.output()).toContain('agent listening');
  expect(server.output()).not.toContain(tokenOf(server.url('/')));
});

it.runIf(process.platform === 'linux')('keeps its token off every command line', () => {
  const token = tokenOf(server.url('/'));
  const lines = readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? [readFileSync(`/proc/${name}/cmdline`, 'utf8')] : [];
    } catch {
      // It has ended since.
      return [];
    }
  });
  expect(lines.some((line) => line.includes('--connection-token-file'))).toBe(true);
  expect(lines.filter((line) => line.includes(token))).toEqual([]);
});
