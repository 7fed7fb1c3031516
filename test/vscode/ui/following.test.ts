import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../editor/paths';
import { chooseFile } from './fileDialog';
import { expectTutorialLoss, inView, uiTests, untilState } from './uiTest';

const ui = uiTests();

it('follows a run that trains elsewhere, says that its process has ended, and goes on when more comes', async () => {
  const workbench = await ui.open({ size: { width: 1500, height: 1000 } });
  const { folder } = workbench;
  const command = [path.join(projectRoot, 'dist/cli.js'), 'run', path.join(folder, 'tutorial.gd.json'), '--json'];
  const lines = execFileSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 1 << 26 }).split(/(?<=\n)/);
  // The line of the start, one an epoch, and that of the end.
  expect(lines).toHaveLength(2002);
  const file = path.join(folder, 'elsewhere.jsonl');
  const says = (testId: string, words: RegExp) =>
    inView(workbench, testId, 'side').filter({ hasText: words }).first().waitFor();

  // Killed in the middle of a line.
  writeFileSync(file, lines.slice(0, 1001).join('') + lines[1001].slice(0, 20));
  await workbench.runCommand('Gradient Descent: Follow a Run…');
  await chooseFile(workbench, 'Follow a Run', /\/$/, file);
  await untilState(workbench, 'running', 'side');
  await says('epoch', /^1,000 of 2,000 epochs$/);
  await says('loss-readout', /Epoch 1,000/);
  await says('notice', /Trains elsewhere and is followed from elsewhere\.jsonl/);
  // Where it trains, nobody answers questions, and nobody hears of a speed.
  for (const absent of ['quality', 'speed']) expect(await inView(workbench, absent, 'side').isVisible()).toBe(false);
  await workbench.keepPicture('following');
  await untilState(workbench, 'stopped', 'side');
  await says(
    'notice',
    /has no end line and has not grown for \d+ seconds.*Its last epoch is 1,000\. It ends within line 1,002\./,
  );
  await workbench.keepPicture('following-killed');

  appendFileSync(file, lines[1001].slice(20) + lines.slice(1002, 1501).join(''));
  await untilState(workbench, 'running', 'side');
  await says('epoch', /^1,500 of 2,000 epochs$/);
  appendFileSync(file, lines.slice(1501).join(''));
  await untilState(workbench, 'finished', 'side');
  await says('epoch', /^2,000 of 2,000 epochs$/);
  expectTutorialLoss(await inView(workbench, 'loss', 'side').innerText());
  await says('verdict', /\w/);
  await workbench.keepPicture('followed');
});
