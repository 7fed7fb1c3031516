import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { offeredFixes } from '../../../src/advice/verdicts/offeredFixes';
import type { Api } from '../../../src/host/start';
import { restoreSnapshot } from '../../../src/protocol/state';
import { activate, inWorkspace, readFile, until, untilFixes, untilStatus, writeFile } from './support';

/** What one row of the tutorial alone allows: its last one, 355 … 382.5 in steps of 5.5, and the bias. */
const tutorialLimit = 1 / [355, 360.5, 366, 371.5, 377, 382.5, 1].reduce((sum, x) => sum + x * x, 0);

async function show(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** The tutorial under another name, with another rate. */
async function tutorialWith(name: string, lr: string): Promise<vscode.TextDocument> {
  const original = await readFile('tutorial.gd.json');
  return show(await writeFile(name, original.replace('"lr": 1e-6', `"lr": ${lr}`)));
}

function placeOf(document: vscode.TextDocument, needle: string): vscode.Position {
  return document.positionAt(document.getText().indexOf(needle));
}

async function hintsOf({ uri, lineCount }: vscode.TextDocument): Promise<string[]> {
  const everything = new vscode.Range(0, 0, lineCount, 0);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    uri,
    everything,
  );
  return hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
}

/** The hints once there are some for the text as it is. */
const untilHints = (document: vscode.TextDocument) =>
  until('a hint', async () => {
    const hints = await hintsOf(document);
    return hints.length > 0 && hints;
  });

const severe = ({ severity }: vscode.Diagnostic) => severity <= vscode.DiagnosticSeverity.Warning;
const diagnosticsOf = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri);

describe('the rate in a config', () => {
  before(activate);
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('has its share of the limit beside it, and the reasons under the pointer', async () => {
    const document = await show(inWorkspace('tutorial.gd.json'));
    assert.deepEqual(await untilHints(document), ['82 % of the limit 1.22e-6']);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      placeOf(document, '"lr": 1e-6').translate(0, 7),
    );
    const texts = hovers.flatMap(({ contents }) => contents).map((one) => (typeof one === 'string' ? one : one.value));
    const reasons = (texts.find((text) => /limit/.test(text)) ?? '').replaceAll('\\', '');
    assert.match(reasons, /10 training rows/);
    assert.match(reasons, /row 10 is the steepest/);
    assert.match(reasons, /condition/);
    assert.match(reasons, /smallest possible loss/);
  });

  it('is a warning at its value when it is over the limit, and the quick fixes mend it', async () => {
    const document = await tutorialWith('too-steep.gd.json', '1e-5');
    const [problem, ...others] = await until('the warning', () => {
      const found = diagnosticsOf(document.uri).filter(severe);
      return found.length > 0 && found;
    });
    assert.deepEqual(others, []);
    assert.equal(problem.code, 'rate-over-limit');
    assert.equal(document.getText(problem.range), '1e-5');
    assert.match(problem.message, /8\.2 times the limit 1\.22e-6 for batches of one row \(row 10 is the steepest\)/);
    assert.deepEqual(await untilHints(document), ['8.2 times the limit 1.22e-6']);
    const count = (await untilFixes(document.uri, problem.range)).length;
    assert.equal(count, 2);
    const before = document.getText();
    for (let index = 0; index < count; index++) {
      const { title, edit } = (await untilFixes(document.uri, problem.range))[index];
      assert.ok(edit, `${title} has no edit`);
      await vscode.workspace.applyEdit(edit);
      const [hint] = await until(`"${title}" to be checked`, async () => {
        const hints = await hintsOf(document);
        return hints.length > 0 && !diagnosticsOf(document.uri).some(severe) && hints;
      });
      assert.match(hint, /^(49|50|4\d|4\d\.\d) % of the ((safe|estimated) )?limit /, title);
      assert.ok(document.getText().includes('// Stochastic gradient descent.'), 'comments stay');
      const back = new vscode.WorkspaceEdit();
      back.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), before);
      await vscode.workspace.applyEdit(back);
      await until('the warning again', () => diagnosticsOf(document.uri).some(severe));
    }
    await document.save();
  });

  it('stays while the config is saved and its data are read anew', async () => {
    await writeFile('anew.csv', 'a,b\n10,2\n20,3\n30,5\n');
    const config = JSON.stringify({
      dataset: { file: 'anew.csv', inputs: ['a'], targets: ['b'] },
      optimizer: { type: 'SGD', lr: 1 },
    });
    const document = await show(await writeFile('anew.gd.json', config));
    const warnings = () => diagnosticsOf(document.uri).filter(({ code }) => code === 'rate-over-limit');
    const [first] = await until('the warning', () => warnings().length > 0 && warnings());
    const type = new vscode.WorkspaceEdit();
    type.insert(document.uri, new vscode.Position(0, 0), ' ');
    await vscode.workspace.applyEdit(type);
    await untilFixes(document.uri, first.range);
    await document.save();
    await writeFile('anew.csv', 'a,b\n10,2\n20,3\n300,5\n');
    for (let [now] = warnings(); now?.message === first.message; [now] = warnings()) {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assert.match(warnings()[0]?.message ?? 'none', /times the limit/);
  });
});

describe('faults in a dataset', () => {
  before(activate);
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const configFor = (file: string) =>
    JSON.stringify({
      seed: 0,
      dataset: { file, inputs: ['a'], targets: ['b'] },
      split: [2, 1],
      loader: { batch_size: 1 },
      optimizer: { type: 'SGD', lr: 0.001 },
    });
  const placesIn = (uri: vscode.Uri) =>
    diagnosticsOf(uri).map(({ range }) => `${range.start.line + 1}:${range.start.character + 1}`);

  it('are shown in the file at row and column, and go away when it is put right', async () => {
    const data = await writeFile('faulty.csv', 'a,b\n1,2\n2,?\nx,5\n');
    await show(await writeFile('faulty.gd.json', configFor('faulty.csv')));
    await until('two problems', () => placesIn(data).length === 2);
    assert.deepEqual(placesIn(data), ['3:3', '4:1']);
    assert.match(diagnosticsOf(data)[0].message, /"b"/);
    assert.ok(diagnosticsOf(data).every(({ severity }) => severity === vscode.DiagnosticSeverity.Error));
    await writeFile('faulty.csv', 'a,b\n1,2\n2,3\n3,5\n');
    await until('no problem', () => placesIn(data).length === 0);
  });

  it('go away with the config that they were found for', async () => {
    const data = await writeFile('left.csv', 'a,b\n1,2\n2,?\n3,5\n');
    await show(await writeFile('left.gd.json', configFor('left.csv')));
    await until('a problem', () => placesIn(data).length === 1);
    const other = await show(await writeFile('other.gd.json', configFor('numbers.csv').replace('numbers', 'left')));
    const edit = new vscode.WorkspaceEdit();
    const at = other.getText().indexOf('left.csv');
    edit.replace(other.uri, new vscode.Range(0, at, 0, at + 'left.csv'.length), 'right.csv');
    await vscode.workspace.applyEdit(edit);
    await other.save();
    assert.deepEqual(placesIn(data), ['3:3']);
    const left = await show(inWorkspace('left.gd.json'));
    const whole = new vscode.WorkspaceEdit();
    whole.replace(left.uri, new vscode.Range(0, 0, 1, 0), configFor('right.csv'));
    await vscode.workspace.applyEdit(whole);
    await until('no problem', () => placesIn(data).length === 0);
    await left.save();
  });

  it('are listed up to a hundred, and the rest is counted', async () => {
    const rows = Array.from({ length: 150 }, (_, row) => `${row},?`);
    const data = await writeFile('many.csv', ['a,b', '1,2', ...rows, '3,4'].join('\n'));
    await show(await writeFile('many.gd.json', configFor('many.csv').replace('[2,1]', '[0.5,0.5]')));
    await until('problems', () => placesIn(data).length > 0);
    const messages = diagnosticsOf(data).map(({ message }) => message);
    assert.equal(messages.length, 101);
    assert.equal(messages.filter((message) => /and 50 more problems/.test(message)).length, 1);
  });

  it('are looked for in the text of an editor, saved or not', async () => {
    const data = await writeFile('typed.csv', 'a,b\n1,2\n2,3\n3,5\n');
    const config = await show(await writeFile('typed.gd.json', configFor('typed.csv')));
    assert.equal((await untilHints(config)).length, 1);
    const document = await show(data);
    const type = async (text: string, place: vscode.Range) => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(data, place, text);
      await vscode.workspace.applyEdit(edit);
    };
    await type('?', new vscode.Range(2, 2, 2, 3));
    assert.ok(document.isDirty);
    await until('the cell', () => placesIn(data).join() === '3:3');
    await type('3', new vscode.Range(2, 2, 2, 3));
    await until('no problem', () => placesIn(data).length === 0);
    await type('4,7\n', new vscode.Range(4, 0, 4, 0));
    await until('the row that was typed', () =>
      diagnosticsOf(config.uri).some(({ message }) => /the dataset has 4 rows/.test(message)),
    );
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('three rows again', () => !diagnosticsOf(config.uri).some(severe));
  });
});

describe('a run', () => {
  let api: Api;
  before(async () => (api = await activate()));
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('has what its data say about it, and fixes where its rate is over the limit', async () => {
    const { uri } = await tutorialWith('over.gd.json', '1e-5');
    await vscode.commands.executeCommand('gradientDescent.run', uri);
    await untilStatus(api, 'diverged');
    // They are tried out first, and none is offered meanwhile.
    const run = await until('the fixes', () => {
      const last = api.newest();
      return last?.trials && last;
    });
    const { curvature } = run;
    const fixes = offeredFixes(restoreSnapshot(run));
    assert.ok(Math.abs(curvature!.limit.rate! / tutorialLimit - 1) < 1e-6);
    assert.equal(curvature!.lr, 1e-5);
    assert.equal(fixes.length, 2);
    const { value } = fixes[0].edits[0];
    assert.ok(typeof value === 'number' && value > 0.45 * tutorialLimit && value <= 0.5 * tutorialLimit);
  });

  it('goes back a batch, and on to the same numbers', async () => {
    const { uri } = await tutorialWith('short.gd.json', '1e-6');
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const at = placeOf(document, '"epochs": 2000');
    edit.replace(uri, new vscode.Range(at, at.translate(0, '"epochs": 2000'.length)), '"epochs": 3');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await vscode.commands.executeCommand('gradientDescent.run', uri);
    const end = await untilStatus(api, 'finished');
    await vscode.commands.executeCommand('gradientDescent.stepBack');
    const back = await untilStatus(api, 'paused');
    const { epoch, batch } = back.progress.checkpoint;
    assert.deepEqual([epoch, batch], [2, 9]);
    assert.notDeepEqual(back.progress.checkpoint.parameters, end.progress.checkpoint.parameters);
    await vscode.commands.executeCommand('gradientDescent.step');
    const again = await untilStatus(api, 'finished');
    assert.deepEqual(again.progress.checkpoint.parameters, end.progress.checkpoint.parameters);
    assert.equal(again.trainLoss, end.trainLoss);
  });
});
