import { chromium } from 'playwright-core';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { installOnce } from './installOnce';
import { runNpm } from './npm.mjs';
import { readBrotli, unpackTar } from './unpack';

const packagedVersion = '143.0.4';

const installedNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const installedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A Chromium that runs here: its program and what its environment needs beside the caller's own. */
export interface Chromium {
  program: string;
  environment: Record<string, string>;
}

/**
 * Finds a Chromium, in this order: `CHROMIUM_PATH`, one that is installed, Playwright's own, and on Linux x64 one that is
 * put into `.vscode-test/` from an npm package.
 *
 * @throws when there is none, with the ways to get one
 */
export async function findChromium(): Promise<Chromium> {
  const asked = process.env.CHROMIUM_PATH;
  if (asked) {
    if (runs(asked)) return { program: asked, environment: {} };
    throw new Error(`CHROMIUM_PATH is "${asked}", which does not run; set it to the program of a Chromium or Chrome.`);
  }
  const program = [...installedCandidates(), chromium.executablePath()].find((each) => existsSync(each) && runs(each));
  if (program) return { program, environment: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium();
  throw new Error(
    'No Chromium was found. Install Chromium or Chrome, or set CHROMIUM_PATH to its program, ' +
      'or run `npx playwright-core install chromium`.',
  );
}

function installedCandidates(): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter).concat('/usr/bin');
  return installedNames.flatMap((name) => folders.map((folder) => path.join(folder, name))).concat(installedPlaces);
}

function runs(program: string, environment: Record<string, string> = {}): boolean {
  const result = spawnSync(program, ['--version'], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
    timeout: 30_000,
  });
  return result.status === 0;
}

async function packagedChromium(): Promise<Chromium> {
  const folder = await installOnce(
    `chromium-${packagedVersion}`,
    `Installing Chromium ${packagedVersion} into .vscode-test, once (260 MB) …`,
    fill,
  );
  const program = path.join(folder, 'chromium');
  const environment: Record<string, string> = {};
  if (!systemHasFonts()) {
    environment.FONTCONFIG_PATH = folder;
    writeFileSync(path.join(folder, 'fonts.conf'), fontSettings(folder));
  }
  if (runs(program, environment)) return { program, environment };
  environment.LD_LIBRARY_PATH = [path.join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  if (runs(program, environment)) return { program, environment };
  const { stderr } = spawnSync(program, ['--version'], { env: { ...process.env, ...environment }, encoding: 'utf8' });
  throw new Error(
    `${program} does not run: ${stderr.trim()}\n` +
      'Install Chromium or Chrome with the system’s package manager, or set CHROMIUM_PATH to the program of one.',
  );
}

function fill(folder: string) {
  const dependencies = { '@sparticuz/chromium': packagedVersion };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  runNpm(folder, ['install', '--ignore-scripts']);
  const packed = path.join(folder, 'node_modules/@sparticuz/chromium/bin');
  writeFileSync(path.join(folder, 'chromium'), readBrotli(path.join(packed, 'chromium.br')), { mode: 0o755 });
  for (const archive of ['al2023', 'fonts']) unpackTar(readBrotli(path.join(packed, `${archive}.tar.br`)), folder);
  rmSync(path.join(folder, 'node_modules'), { recursive: true });
}

function systemHasFonts(): boolean {
  if (process.env.FONTCONFIG_PATH || process.env.FONTCONFIG_FILE) return true;
  if (!existsSync('/etc/fonts/fonts.conf')) return false;
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts', '.fonts', '.local/share/fonts'];
  return folders
    .map((folder) => path.resolve(homedir(), folder))
    .filter((folder) => existsSync(folder))
    .some((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((file) => /\.(ttf|otf|ttc|pfb)$/i.test(file)),
    );
}

function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(folder, 'fonts')}</dir>
  <cachedir>${path.join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
