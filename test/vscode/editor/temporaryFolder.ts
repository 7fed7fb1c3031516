import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onExit } from './onExit';
import { samplesFolder } from './paths';

/** A new folder below the system's temporary folder, and how to remove it; at the latest it goes with this process. */
export function temporaryFolder(): { path: string; dispose(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'gd-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  const cancel = onExit(remove);
  const dispose = () => {
    cancel();
    remove();
  };
  return { path: folder, dispose };
}

/** A copy of a workspace (the samples by default) that a test may write to, and how to remove it. */
export function copyOfWorkspace(source = samplesFolder): { path: string; dispose(): void } {
  const copy = temporaryFolder();
  if (existsSync(source)) cpSync(source, copy.path, { recursive: true });
  return copy;
}
