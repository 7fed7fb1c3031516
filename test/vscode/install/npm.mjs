import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const keptNpmSettings = /^npm_config_(cache|registry|userconfig|globalconfig|cafile|proxy|https_proxy|noproxy)$/i;

/**
 * The environment without the variables that npm sets for a script, save where it finds its cache, registry and settings:
 * an npm started inside an npm script would otherwise take the outer one's folder and flags for its own.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment(environment = process.env) {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.filter(([name]) => !/^npm_/i.test(name) || keptNpmSettings.test(name)));
}

/**
 * Runs npm in `folder`, quietly; what it printed is shown only when it fails.
 *
 * @param {string} folder where npm runs
 * @param {string[]} args npm's arguments
 * @throws {Error} with npm's output when it fails
 */
export function runNpm(folder, args) {
  const script = process.env.npm_execpath;
  const [program, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const result = spawnSync(program, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env: npmEnvironment(),
    encoding: 'utf8',
    shell: program === 'npm' && process.platform === 'win32',
    maxBuffer: 1 << 28,
  });
  if (result.status === 0) return;
  const reason = result.error?.message ?? `${result.stdout}${result.stderr}`.trim();
  throw new Error(`npm ${args.join(' ')} failed in ${folder}:\n${reason}`);
}

/**
 * Whether node_modules holds what package-lock.json asks for; packages for other platforms may be missing.
 *
 * @param {string} root the project's folder
 * @returns {boolean}
 */
export function packagesAreInstalled(root) {
  const installedFile = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  delete wanted[''];
  const same = (/** @type {string} */ name) =>
    name in installed
      ? installed[name].version === wanted[name].version && existsSync(path.join(root, name))
      : Boolean(wanted[name].optional);
  return Object.keys(installed).every((name) => name in wanted) && Object.keys(wanted).every(same);
}
