import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installOnce } from './installOnce';
import { installNode24 } from './installNode';
import { writeNativeStandIns } from './nativeStandIns';
import { runNpm } from './npm.mjs';
import { chosenVersion, serverVersions } from './vscodeVersion';

const ripgrepVersion = '1.18.0';

/** A VS Code server that is installed: the script that starts it, and the Node that has to run it. */
export interface InstalledServer {
  script: string;
  node: string;
}

/**
 * Installs the VS Code server of the chosen version from npm into `.vscode-test/` unless it is there. Install scripts stay
 * off: they would compile native modules and refuse to run as root.
 *
 * @throws where the server, or the Node that the newest one needs, has no package for this platform
 */
export async function installServer(): Promise<InstalledServer> {
  if (process.platform === 'win32') {
    throw new Error('The VS Code server from npm runs on Linux and macOS; on Windows put `code` on the PATH.');
  }
  const version = serverVersions[chosenVersion()];
  const node = version.needsNode24 ? await installNode24() : process.execPath;
  const folder = await installOnce(
    `code-server-${version.codeServer}`,
    `Installing the VS Code server ${version.codeServer} into .vscode-test, once (${version.size}) …`,
    (empty) => fill(empty, version.codeServer),
  );
  return { script: path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'), node };
}

function fill(folder: string, serverVersion: string) {
  const dependencies = { 'code-server': serverVersion, '@vscode/ripgrep': ripgrepVersion };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  runNpm(folder, ['install', '--ignore-scripts']);
  const server = path.join(folder, 'node_modules/code-server/lib/vscode');
  // `npm ci` refuses the shrinkwrap that comes with the server, and `--no-package-lock` would drop its pins.
  runNpm(server, ['install', '--ignore-scripts', '--omit=dev', '--no-save']);
  const modules = path.join(server, 'node_modules');
  writeNativeStandIns(modules);
  // 1.139 brings the program with it; the copy of 1.100 comes from an install script.
  if (existsSync(path.join(modules, '@vscode/ripgrep'))) copyRipgrep(path.join(folder, 'node_modules'), modules);
}

/** Search and `workspace.findFiles` call this program. */
function copyRipgrep(from: string, to: string) {
  const source = path.join(from, `@vscode/ripgrep-${process.platform}-${process.arch}`, 'bin/rg');
  if (!existsSync(source)) throw new Error(`${source} is missing: ripgrep has no package for this platform.`);
  mkdirSync(path.join(to, '@vscode/ripgrep/bin'), { recursive: true });
  copyFileSync(source, path.join(to, '@vscode/ripgrep/bin/rg'));
}
