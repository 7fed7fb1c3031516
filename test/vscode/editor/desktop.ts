import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { outFile } from './paths';

/** The path of a program on the PATH, if it is there. */
export function findOnPath(name: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders
    .flatMap((folder) => endings.map((end) => path.join(folder, name + end)))
    .find((file) => existsSync(file));
}

/** Whether windows can be shown. */
export function hasDisplay(): boolean {
  const { platform, env } = process;
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Opens `folder` in desktop VS Code with an extension under development; resolves with the status of `code`. */
export function openDesktop(code: string, extensionFolder: string, folder: string): Promise<number> {
  // VS Code does not start as root without these two.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox', '--user-data-dir', outFile('desktop-user')] : [];
  const args = ['--new-window', `--extensionDevelopmentPath=${extensionFolder}`, ...asRoot, folder];
  return new Promise((resolve, reject) => {
    const child = spawn(code, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
}

/** Opens an address in the person's browser where there is one; says whether it tried. */
export function openInBrowser(address: string): boolean {
  const name = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  const program = hasDisplay() ? findOnPath(name) : undefined;
  if (!program) return false;
  const child = spawn(program, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
  return true;
}
