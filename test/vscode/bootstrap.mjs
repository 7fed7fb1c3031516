// Runs before `npm install`, so it uses nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagesAreInstalled, runNpm } from './install/npm.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const programs = { start: 'start.js', test: 'runTiers.js' };

function prepare() {
  if (!packagesAreInstalled(root)) {
    console.log('Installing the packages that the project needs …');
    runNpm(root, ['ci', '--ignore-scripts']);
  }
  const build = spawnSync(process.execPath, ['esbuild.js', '--tests'], { cwd: root, stdio: 'inherit' });
  if (build.status !== 0) throw new Error('The build failed: see the messages above.');
}

const [command, ...args] = process.argv.slice(2);
if (command !== 'start' && command !== 'test') {
  console.error(`bootstrap.mjs: "${command ?? ''}" is not a command; write "start" or "test".`);
  process.exit(2);
}
process.chdir(root);
try {
  prepare();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (command === 'test') console.log('0 passed, 1 failed');
  process.exit(1);
}
const { main } = createRequire(import.meta.url)(path.join(root, 'out/test/vscode', programs[command]));
process.exit(await main(args));
