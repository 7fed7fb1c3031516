import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate } from './support';

interface Manifest {
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string }[]>;
    views: Record<string, { id: string }[]>;
    configuration: { properties: Record<string, { default: unknown }> };
  };
}

describe('the manifest', () => {
  let manifest: Manifest;
  before(async () => {
    await activate();
    const extension = vscode.extensions.getExtension('gradient-descent.gradient-descent');
    manifest = extension?.packageJSON as Manifest;
  });

  it('lists the commands that the source registers', async () => {
    const viewCommand = /\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/;
    const registered = (await vscode.commands.getCommands(true)).filter(
      (command) => command.startsWith('gradientDescent.') && !viewCommand.test(command),
    );
    const listed = manifest.contributes.commands.map(({ command }) => command);
    assert.deepEqual(registered.sort(), listed.sort());
  });

  it('puts only listed commands into menus', () => {
    const listed = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const [menu, items] of Object.entries(manifest.contributes.menus)) {
      for (const { command } of items) assert.ok(listed.has(command), `${command} in ${menu}`);
    }
  });

  it('gives every setting its default', () => {
    for (const [name, { default: value }] of Object.entries(manifest.contributes.configuration.properties)) {
      assert.equal(vscode.workspace.getConfiguration().inspect(name)?.defaultValue, value);
      assert.notEqual(value, undefined);
    }
  });

  it('has text for every placeholder', () => {
    assert.doesNotMatch(JSON.stringify(manifest.contributes), /%[a-z][\w.]*%/i);
  });
});
