import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension('gradient-descent.gradient-descent');
    assert.ok(extension, 'VS Code did not load the extension');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
