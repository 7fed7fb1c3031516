import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installOnce } from './installOnce';
import { writeNativeStandIns } from './nativeStandIns';
import { runNpm } from './npm.mjs';

const serverVersion = '4.100.3';
const ripgrepVersion = '1.18.0';

/**
 * Installs the VS Code server from npm into `.vscode-test/` unless it is there, and returns the path of the script that
 * starts it. Install scripts stay off: they would compile native modules and refuse to run as root.
 */
export async function installServer(): Promise<string> {
  if (process.platform === 'win32') {
    throw new Error('The VS Code server from npm runs on Linux and macOS; on Windows put `code` on the PATH.');
  }
  const folder = await installOnce(
    `code-server-${serverVersion}`,
    `Installing the VS Code server ${serverVersion} into .vscode-test, once (300 MB) …`,
    fill,
  );
  return path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js');
}

function fill(folder: string) {
  const dependencies = { 'code-server': serverVersion, '@vscode/ripgrep': ripgrepVersion };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  runNpm(folder, ['install', '--ignore-scripts']);
  const server = path.join(folder, 'node_modules/code-server/lib/vscode');
  // `npm ci` refuses the shrinkwrap that comes with the server, and `--no-package-lock` would drop its pins.
  runNpm(server, ['install', '--ignore-scripts', '--omit=dev', '--no-save']);
  const modules = path.join(server, 'node_modules');
  writeNativeStandIns(modules);
  copyRipgrep(path.join(folder, 'node_modules'), modules);
}

/** Search and `workspace.findFiles` call this program; the server's own copy comes from an install script. */
function copyRipgrep(from: string, to: string) {
  const source = path.join(from, `@vscode/ripgrep-${process.platform}-${process.arch}`, 'bin/rg');
  if (!existsSync(source)) throw new Error(`${source} is missing: ripgrep has no package for this platform.`);
  mkdirSync(path.join(to, '@vscode/ripgrep/bin'), { recursive: true });
  copyFileSync(source, path.join(to, '@vscode/ripgrep/bin/rg'));
}
