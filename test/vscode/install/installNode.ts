import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installOnce } from './installOnce';
import { runNpm } from './npm.mjs';

const version = '24.21.0';
/** Platforms that have a package `node-<platform>` on npm with the program in it. */
const platforms = ['linux-x64', 'linux-arm64'];

/**
 * A Node 24: the one that runs this, if it is one or newer, else one that is put into `.vscode-test/` from npm.
 *
 * @throws where npm has none for this platform, with what to do
 */
export async function installNode24(): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) {
    throw new Error(
      `The newest VS Code needs Node 24, and npm has no package of it for ${platform}: ` +
        'run the tests under Node 24, or leave `--vscode newest` out.',
    );
  }
  const folder = await installOnce(
    `node-${version}`,
    `Installing Node ${version} into .vscode-test, once …`,
    (empty) => {
      writeFileSync(path.join(empty, 'package.json'), '{"private":true}');
      runNpm(empty, ['install', '--ignore-scripts', `node-${platform}@${version}`]);
    },
  );
  const program = path.join(folder, 'node_modules', `node-${platform}`, 'bin/node');
  if (!existsSync(program)) throw new Error(`${program} is missing: remove ${folder} and run this again.`);
  return program;
}
