import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { it } from 'vitest';
import { outFile, projectRoot } from '../editor/paths';
import { temporaryFolder } from '../editor/temporaryFolder';
import { expectTutorialLoss, inView, runCommandTitle, uiTests, untilState } from './uiTest';

const vsix = pack();

/** Packs a copy of the project, because packing builds `dist` anew, and other tiers use that one meanwhile. */
function pack(): string {
  const copy = temporaryFolder();
  const left = ['node_modules', '.vscode-test', 'out', 'dist', '.git', 'test'];
  const isPacked = (file: string) => !left.includes(path.relative(projectRoot, file));
  cpSync(projectRoot, copy.path, { recursive: true, filter: isPacked });
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(copy.path, 'node_modules'));
  const file = outFile('tested.vsix');
  const args = ['run', '--silent', 'package', '--', '--out', file];
  execFileSync('npm', args, { cwd: copy.path, shell: process.platform === 'win32' });
  copy.dispose();
  return file;
}

const ui = uiTests(() => ({ vsix }));

it('trains the tutorial as it ships: packed, and installed into an empty VS Code', async () => {
  const workbench = await ui.open({ extensionFolder: null, withHost: false });
  await workbench.runCommand(runCommandTitle);
  await workbench.pick('The tutorial (10 rows, generated)');
  await untilState(workbench, 'finished');
  expectTutorialLoss(await inView(workbench, 'loss').innerText());
});
