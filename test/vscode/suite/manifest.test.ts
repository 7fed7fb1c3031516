import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { dataOnlyExtensions, datasetExtensions, mayBeDataset } from '../../../src/base/datasetFormats';
import { activate } from './support';

interface Manifest {
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    views: Record<string, { id: string }[]>;
    walkthroughs: { steps: { description: string; completionEvents: string[]; media: { svg: string } }[] }[];
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

  it('leads through steps that its own commands complete, each with a button and a picture', () => {
    const listed = manifest.contributes.commands.map(({ command }) => command);
    const [{ steps }] = manifest.contributes.walkthroughs;
    assert.equal(steps.length, 5);
    for (const { description, completionEvents, media } of steps) {
      const [, button] = /\(command:([\w.]+)\)$/.exec(description)!;
      assert.ok(completionEvents.includes(`onCommand:${button}`), description);
      for (const event of completionEvents) assert.ok(listed.includes(event.replace(/^onCommand:/, '')), event);
      assert.match(media.svg, /^media\/walkthrough\/\w+\.svg$/);
    }
  });

  it('offers to run the files that the source reads, by their endings', () => {
    const endingsOf = (menu: string) => {
      const run = manifest.contributes.menus[menu].find(({ command }) => command === 'gradientDescent.run');
      const [pattern] = [...run!.when!.matchAll(/resourceFilename =~ \/(.+?)\/i/g)].map((match) => match[1]).slice(-1);
      const [, endings] = /^\\\.\((.+)\)\(\\\.gz\)\?\$$/.exec(pattern) ?? [];
      assert.ok(endings, `${pattern} in ${menu}`);
      return endings.split('|');
    };
    assert.deepEqual(endingsOf('explorer/context'), [...datasetExtensions]);
    assert.deepEqual(endingsOf('editor/context'), [...dataOnlyExtensions]);
  });

  it('offers to run no file of the explorer that a program or a reader has for itself', () => {
    const { when } = manifest.contributes.menus['explorer/context'].find(
      ({ command }) => command === 'gradientDescent.run',
    )!;
    const patterns = [...when!.matchAll(/resourceFilename =~ \/(.+?)\/i/g)].map(
      ([, pattern]) => new RegExp(pattern, 'i'),
    );
    const isOffered = (name: string) => patterns.every((pattern) => pattern.test(name));
    const names = ['sales.csv', 'data.json', 'points.txt', 'package.csv', 'package.json', 'package-lock.json'];
    names.push('tsconfig.json', 'tsconfig.web.json', 'jsconfig.json', 'requirements.txt', 'dev-requirements.txt');
    names.push(
      'readme.txt',
      'LICENSE.txt',
      'gd.schema.json',
      '.eslintrc.json',
      'composer.json',
      'robots.txt',
      'houses.json.gz',
    );
    for (const name of names) assert.equal(isOffered(name), mayBeDataset(name), name);
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
