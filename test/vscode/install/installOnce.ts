import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { downloadsFolder } from '../editor/paths';

/**
 * Fills `.vscode-test/<name>` once and returns its path. The work is done in a folder beside it that gets the name only
 * when it is complete, so an interrupted install is redone and two at the same time do not meet.
 */
export async function installOnce(name: string, message: string, fill: (folder: string) => Promise<void> | void) {
  const target = path.join(downloadsFolder, name);
  if (existsSync(target)) return target;
  mkdirSync(downloadsFolder, { recursive: true });
  removeLeftovers();
  console.log(message);
  const staging = path.join(downloadsFolder, `${name}.partial-${process.pid}`);
  try {
    mkdirSync(staging);
    await fill(staging);
    try {
      renameSync(staging, target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return target;
}

function removeLeftovers() {
  for (const entry of readdirSync(downloadsFolder)) {
    const owner = /\.partial-(\d+)$/.exec(entry)?.[1];
    if (owner && !isAlive(Number(owner))) rmSync(path.join(downloadsFolder, entry), { recursive: true, force: true });
  }
}

function isAlive(processId: number) {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
