import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { activate, inWorkspace, untilStatus } from './support';

const cli = path.join(__dirname, '../../../../dist/cli.js');

describe('a run in the editor', () => {
  it('gives the same bits as the command line', async () => {
    const api = await activate();
    const config = inWorkspace('tutorial.gd.json');
    await vscode.commands.executeCommand('gradientDescent.run', config);
    const { progress, trainLoss, shape } = await untilStatus(api, 'finished');
    const output = execFileSync(process.execPath, [cli, 'run', config.fsPath, '--json'], { encoding: 'utf8' });
    const events = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, never>);
    const end = events.at(-1)!;
    assert.deepEqual(
      [...progress.records.loss],
      events.slice(1, -1).map((event) => event.loss),
    );
    assert.deepEqual(
      [...progress.checkpoint.parameters],
      [...(end.weight as number[][]).flat(), ...(end.bias as number[])],
    );
    assert.equal(trainLoss, end.loss);
    assert.equal(shape?.seed, 0);
  });
});
