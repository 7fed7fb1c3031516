import assert from 'node:assert/strict';
import { activate, inWorkspace, untilStatus, writeFile } from '../support';
import { commands } from 'vscode';

describe('an extension host in a browser', () => {
  it('is what this suite runs in', () => {
    assert.ok('importScripts' in globalThis);
    assert.equal(typeof process, 'undefined');
  });

  it('reads data from where the editor has them, and no path of the disk', async () => {
    const api = await activate();
    assert.equal(inWorkspace('plants.csv').scheme, 'vscode-remote');
    const config = { seed: 0, dataset: { file: 'plants.csv' }, optimizer: { type: 'SGD', lr: 1e-3 }, epochs: 3 };
    await commands.executeCommand('gradientDescent.run', await writeFile('there.gd.json', JSON.stringify(config)));
    const { shape, progress } = await untilStatus(api, 'finished');
    assert.equal(shape?.trainRows, 30);
    assert.ok(progress.records.loss.every(Number.isFinite));
  });
});
