import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInThisContext } from 'node:vm';
import * as vscode from 'vscode';
import { doorVariable, type Door } from './editor/extensionHost';

/** VS Code runs this as a test suite. It never ends: it answers what a UI test asks of the extension host. */
export function run(): Promise<void> {
  const file = process.env[doorVariable];
  if (!file) throw new Error(`${doorVariable} is not set: start the server with startServer.`);
  const token = randomUUID();
  const door = createServer((request, response) => {
    if (request.headers.authorization !== token) {
      response.writeHead(403).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void answer(Buffer.concat(chunks).toString()).then((text) => response.end(text)));
  });
  return new Promise((_resolve, reject) => {
    door.on('error', reject);
    door.listen(0, '127.0.0.1', () => {
      const address: Door = { port: (door.address() as AddressInfo).port, token };
      writeFileSync(`${file}.new`, JSON.stringify(address));
      renameSync(`${file}.new`, file);
    });
  });
}

async function answer(body: string): Promise<string> {
  try {
    const { task, argument } = JSON.parse(body) as { task: string; argument: unknown };
    const call = runInThisContext(`(${task})`) as (api: typeof vscode, argument: unknown) => unknown;
    return JSON.stringify({ result: await call(vscode, argument) });
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
