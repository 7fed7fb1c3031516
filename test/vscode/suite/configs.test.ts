import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, inWorkspace, until, untilFixes, writeFile } from './support';

const config = {
  dataset: { file: 'numbers.csv', targets: ['b'] },
  split: [2, 1],
  loader: { batch_size: 2 },
  optimizer: { type: 'SGD', lr: 0.01 },
};

async function problemsOf(name: string, text: string, expected: number): Promise<vscode.Diagnostic[]> {
  const uri = await writeFile(name, text);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  return until(`${expected} problems`, () => {
    const problems = vscode.languages.getDiagnostics(uri);
    return problems.length === expected && problems;
  });
}

describe('configs', () => {
  before(async () => {
    await activate();
    await writeFile('numbers.csv', 'a,b\n1,2\n2,3\n3,5\n');
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('have a lens to run, to step and to open the panel', async () => {
    const uri = inWorkspace('tutorial.gd.json');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const lenses = await until('the lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 3);
      return found.length > 0 && found;
    });
    assert.deepEqual(
      lenses.map((lens) => lens.command?.command),
      ['gradientDescent.run', 'gradientDescent.step', 'gradientDescent.openPanel'],
    );
  });

  it('link to their data file', async () => {
    const text = JSON.stringify(config);
    const uri = await writeFile('linked.gd.json', text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const [link] = await until('the link', async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
      return found.length > 0 && found;
    });
    assert.equal(link.target?.toString(), inWorkspace('numbers.csv').toString());
    assert.equal(text.slice(link.range.start.character, link.range.end.character), 'numbers.csv');
  });

  it('link to the file of their validation set, and underline what does not fit in it', async () => {
    await writeFile('held/numbers.csv', 'b,a\n2,1\nx,3\n');
    const dataset = { file: 'numbers.csv', inputs: ['a'], targets: ['b'], validation_file: 'held/numbers.csv' };
    const uri = await writeFile('held.gd.json', JSON.stringify({ ...config, dataset, split: undefined }));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const links = await until('both links', async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
      return found.length > 1 && found;
    });
    const files = ['numbers.csv', 'held/numbers.csv'].map((name) => inWorkspace(name));
    assert.deepEqual(
      links.map(({ target }) => target?.toString()),
      files.map((file) => file.toString()),
    );
    const errorsIn = (file: vscode.Uri) =>
      vscode.languages.getDiagnostics(file).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    const [error] = await until('the cell', () => errorsIn(files[1]).length > 0 && errorsIn(files[1]));
    assert.match(error.message, /column "b" must hold numbers, got "x"/);
    assert.deepEqual([error.range.start.line, error.range.start.character], [2, 0]);
    assert.deepEqual(errorsIn(files[0]), []);
    await writeFile('held/numbers.csv', 'b,a\n2,1\n3,3\n');
    await until('no error', () => errorsIn(files[1]).length === 0);
  });

  it('are JSON with comments', async () => {
    const document = await vscode.workspace.openTextDocument(inWorkspace('tutorial.gd.json'));
    assert.equal(document.languageId, 'jsonc');
  });

  it('are underlined where they do not fit their data, at the key', async () => {
    const text = JSON.stringify(
      { ...config, dataset: { file: 'numbers.csv', targets: ['c'] }, split: [2, 2] },
      null,
      2,
    );
    const problems = await problemsOf('misfit.gd.json', text, 2);
    const lines = text.split('\n');
    const underlined = problems.map(({ range }) =>
      lines[range.start.line].slice(range.start.character, range.end.character),
    );
    assert.match(problems[0].message, /"c"/);
    assert.equal(underlined[0], '"c"');
    assert.match(problems[1].message, /adds up to 4, but the dataset has 3 rows/);
    assert.match(problems[1].message, /\[2, 1\]/);
  });

  it('offer the nearest known key and take it by a quick fix', async () => {
    const text = JSON.stringify(config).replace('"lr"', '"learning_rate"');
    const problems = await problemsOf('unknown.gd.json', text, 1);
    const unknown = problems.find((problem) => problem.code === 'unknown-key')!;
    assert.match(unknown.message, /did you mean "lr"/);
    const { activeTextEditor } = vscode.window;
    const { uri } = activeTextEditor!.document;
    const [fix] = await untilFixes(uri, unknown.range);
    assert.ok(fix.edit, `${fix.title} has no edit`);
    await vscode.workspace.applyEdit(fix.edit);
    await until('no problem left', () => vscode.languages.getDiagnostics(uri).length === 0);
  });

  it('are checked again when their data file changes', async () => {
    const problems = await problemsOf('checked.gd.json', JSON.stringify(config), 0);
    assert.deepEqual(problems, []);
    await writeFile('numbers.csv', 'a,b\n1,2\n2,3\n3,5\n4,6\n');
    const uri = inWorkspace('checked.gd.json');
    await until('the split to be wrong', () =>
      vscode.languages.getDiagnostics(uri).some((problem) => /the dataset has 4 rows/.test(problem.message)),
    );
  });

  it('are completed with the columns and the names of the data files', async () => {
    const text = '{ "dataset": { "file": "", "targets": ["b", ""] } }'.replace('""', '"numbers.csv"');
    const uri = await writeFile('columns.gd.json', text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const itemsAt = async (needle: string) => {
      const position = new vscode.Position(0, text.indexOf(needle) + 1);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        position,
      );
      return list.items;
    };
    const column = await until('the columns', async () => (await itemsAt('""')).find(({ label }) => label === 'a'));
    assert.equal(column.insertText, '"a"');
    assert.match(column.detail ?? '', /^1 to \d+\ne.g. 1 · 2 · 3$/);
    assert.ok(!(await itemsAt('""')).some(({ label }) => label === 'b'));
    assert.ok((await itemsAt('"numbers')).some(({ insertText }) => insertText === '"numbers.csv"'));
  });

  it('are completed with what fits first: words as classes and as columns, no mere numbers of rows', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i},${(i * 5) % 7},${'ab'[i % 2]}`);
    await writeFile('kinds.csv', `id,size,kind\n${rows.join('\n')}\n`);
    const dataset = { file: 'kinds.csv', targets: [''], inputs: [''], one_hot: [''] };
    const text = JSON.stringify({ dataset, loss: 'cross_entropy' }, null, 1);
    const uri = await writeFile('kinds.gd.json', text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const offered = (key: string) =>
      until(`the columns for ${key}`, async () => {
        const at = document.positionAt(text.indexOf('""', text.indexOf(key)) + 1);
        const command = 'vscode.executeCompletionItemProvider';
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(command, uri, at);
        const ours = items.filter(({ label }) => ['id', 'size', 'kind'].includes(label as string));
        const sorted = ours.sort((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
        return sorted.length === 3 && sorted.map(({ label, detail }) => [label, detail!.split('\n')[0]]);
      });
    const [id, size] = [
      ['id', '0 to 11 · looks like a row ID'],
      ['size', '0 to 6'],
    ];
    const kind = (use = '') => ['kind', `text, 2 distinct values${use}`];
    assert.deepEqual(await offered('targets'), [kind(' → classes'), id, size]);
    assert.deepEqual(await offered('inputs'), [size, id, kind()]);
    assert.deepEqual(await offered('one_hot'), [kind(' → one input each'), id, size]);
  });

  it('are completed with the columns as the config says that they are read', async () => {
    await writeFile('years.csv', '2020,2021\n1,2\n3,4\n');
    const text = JSON.stringify({ dataset: { file: 'years.csv', header: true, targets: [''] } }, null, 1);
    const uri = await writeFile('years.gd.json', text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const columns = await until('the columns', async () => {
      const at = document.positionAt(text.indexOf('""') + 1);
      const command = 'vscode.executeCompletionItemProvider';
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(command, uri, at);
      const found = items.filter(({ detail }) => detail?.includes('e.g.'));
      return found.length > 0 && found.map(({ label }) => label);
    });
    assert.deepEqual(columns, ['2020', '2021']);
  });

  it('are completed with the rate that their data allow, after everything else is known', async () => {
    const values = { inputs: [[1], [2], [3], [4]], targets: [[2], [4], [6], [9]] };
    const rest = { dataset: { values }, loader: { batch_size: 4 }, optimizer: { type: 'SGD', lr: 5 } };
    for (const lr of ['0.02', '']) {
      const text = JSON.stringify(rest).replace('"lr":5', `"lr":${lr}`);
      const uri = await writeFile(`rate${lr}.gd.json`, text);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      const at = document.positionAt(text.indexOf('"lr":') + 5 + lr.length);
      const offered = await until('the rates', async () => {
        const command = 'vscode.executeCompletionItemProvider';
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(command, uri, at);
        const rates = items.filter(({ detail }) => /the limit/.test(detail ?? ''));
        return rates.length > 0 && rates.map(({ label, detail }) => [label, detail]);
      });
      assert.deepEqual(offered, [
        ['0.059', 'half the limit 0.12 of this data'],
        ['0.011', 'a tenth of the limit 0.12 of this data'],
      ]);
    }
  });

  it('are completed by the schema', async () => {
    const uri = await writeFile('empty.gd.json', '{\n  \n}');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const labels = await until('completions', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        new vscode.Position(1, 2),
      );
      const found = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.includes('dataset') && found;
    });
    for (const key of ['seed', 'dataset', 'split', 'loader', 'model', 'loss', 'optimizer', 'epochs', 'log_every']) {
      assert.ok(labels.includes(key), `${key} is missing from ${labels.join(', ')}`);
    }
  });
});
