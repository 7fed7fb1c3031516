import { execFileSync } from 'node:child_process';
import { it } from 'vitest';
import { outFile, projectRoot } from '../editor/paths';
import { expectTutorialLoss, inView, runCommandTitle, uiTests, untilState } from './uiTest';

const vsix = outFile('gradient-descent.vsix');
execFileSync('npm', ['run', '--silent', 'package'], { cwd: projectRoot, shell: process.platform === 'win32' });

const ui = uiTests(() => ({ vsix }));

it('trains the tutorial as it ships: packed, and installed into an empty VS Code', async () => {
  const workbench = await ui.open({ extensionFolder: null });
  await workbench.runCommand(runCommandTitle);
  await workbench.pick('The tutorial (10 rows, generated)');
  await untilState(workbench, 'finished');
  expectTutorialLoss(await inView(workbench, 'loss').innerText());
});
