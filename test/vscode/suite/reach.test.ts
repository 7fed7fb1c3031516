import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../../src/host/start';
import { isConfig } from '../../../src/host/documents/configChecks';
import { dataFolderOf, nameDataFile, resolveDataFile } from '../../../src/host/documents/dataFiles';
import { activate, inWorkspace, until, untilStatus, writeFile } from './support';

/** Files that cannot be written, on a scheme of their own; takes down what is asked for. */
class ReadOnlyFiles implements vscode.FileSystemProvider {
  readonly asked: string[] = [];
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  constructor(private readonly textOf: (uri: vscode.Uri) => string | undefined) {}

  watch() {
    return { dispose: () => {} };
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.read(uri).length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return new TextEncoder().encode(this.read(uri));
  }

  readDirectory = () => [];
  createDirectory = refuse;
  writeFile = refuse;
  delete = refuse;
  rename = refuse;

  private read(uri: vscode.Uri): string {
    this.asked.push(uri.toString());
    const text = this.textOf(uri);
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return text;
  }
}

function refuse(): never {
  throw vscode.FileSystemError.NoPermissions();
}

const rows = 'a,b\n1,2\n2,4\n3,6\n4,7\n';
const configFor = (file: string) =>
  JSON.stringify({ dataset: { file }, optimizer: { type: 'SGD', lr: 0.001 }, epochs: 3 }, null, 1);

describe('the file that a config names', () => {
  let api: Api;
  let folder: vscode.Uri;
  let config: vscode.Uri;
  before(async () => {
    api = await activate();
    config = inWorkspace('sub/a.gd.json');
    folder = inWorkspace('');
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const where = (file: string, from: vscode.Uri | undefined = config) => String(resolveDataFile(file, from));

  it('is found by a path, or by a URI on the same file system', () => {
    const at = (path: string) => folder.with({ path }).toString();
    assert.equal(where('x.csv'), at(`${folder.path.replace(/\/$/, '')}/sub/x.csv`));
    assert.equal(where('../x y?#.csv'), inWorkspace('x y?#.csv').toString());
    assert.equal(where('/data/x.csv'), at('/data/x.csv'));
    assert.equal(where(at('/data/x.csv')), at('/data/x.csv'));
    assert.equal(where(`${at('/data/x.csv')}?who=me#there`), at('/data/x.csv'));
    const other = vscode.Uri.parse('memory://one/b.gd.json');
    assert.equal(where('memory://one/x.csv', other), 'memory://one/x.csv');
    assert.equal(where(at('/data/x.csv'), other), at('/data/x.csv'));
    assert.equal(where('x.csv', vscode.Uri.parse('untitled:b.gd.json')), inWorkspace('x.csv').toString());
    assert.equal(where('/x.csv', vscode.Uri.parse('untitled:b.gd.json')), at('/x.csv'));
  });

  it('is out of reach on any other', () => {
    for (const file of [
      'https://example.com/x.csv?who=me',
      'HTTP://example.com/x.csv',
      'file://share.example.com/x.csv',
      '//share.example.com/folder/x.csv',
      '////share.example.com/x.csv',
      'vscode-vfs://github/owner/x.csv',
      'memory://two/x.csv',
    ]) {
      assert.equal(where(file), 'foreign', file);
      assert.equal(where(file, vscode.Uri.parse('memory://one/b.gd.json')), 'foreign', file);
      assert.equal(where(file, undefined), 'foreign', file);
    }
  });

  it('is a file beside it for a config that a diff shows', () => {
    const shown = config.with({ scheme: 'git', query: '{"ref":"HEAD"}', fragment: 'x' });
    assert.equal(where('x.csv', shown), inWorkspace('sub/x.csv').with({ scheme: 'git' }).toString());
    assert.equal(dataFolderOf(shown).query, '');
  });

  it('is never asked for where it is out of reach, and that is said at the key', async () => {
    const files = new ReadOnlyFiles(() => rows);
    const provider = vscode.workspace.registerFileSystemProvider('elsewhere', files);
    const file = 'elsewhere://example.com/x.csv?who=me';
    const uri = await writeFile('reaching.gd.json', configFor(file));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const [problem] = await until('the problem', () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length > 0 && found;
    });
    assert.equal(document.getText(problem.range), JSON.stringify(file));
    assert.match(problem.message, /is outside this config’s workspace/);
    await vscode.commands.executeCommand('gradientDescent.run', uri);
    const { problems } = await untilStatus(api, 'failed');
    assert.deepEqual(
      problems.map(({ code, line, message }) => [code, line, message]),
      [['foreign-file', problem.range.start.line + 1, problem.message]],
    );
    assert.deepEqual(files.asked, []);
    provider.dispose();
  });

  it('is named so that it is found, wherever it is', () => {
    for (const [uri, name] of [
      [inWorkspace('sub/x y.csv'), 'sub/x y.csv'],
      [folder.with({ path: `${folder.path.replace(/\/$/, '')}-other/x.csv` }), undefined],
      [vscode.Uri.parse('memory://three/a%20b/x.csv'), 'memory://three/a%20b/x.csv'],
    ] as const) {
      const named = nameDataFile(uri, undefined);
      assert.equal(named, name ?? uri.path);
      assert.equal(where(named, vscode.Uri.parse('untitled:b.gd.json')), uri.toString());
    }
    assert.equal(nameDataFile(inWorkspace('sub/x.csv'), config), 'x.csv');
  });

  it('is found by the config that is made for one in a folder that cannot be written to', async () => {
    const files = new ReadOnlyFiles(({ path }) => (path === '/data/sub/leaves.csv' ? rows : undefined));
    const provider = vscode.workspace.registerFileSystemProvider('readonly', files, { isReadonly: true });
    const before = api.newest()?.identity.id;
    const asked = vscode.commands.executeCommand(
      'gradientDescent.run',
      vscode.Uri.parse('readonly:/data/sub/leaves.csv'),
    );
    const run = await until('the run of the leaves', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const newest = api.newest();
      return newest && newest.identity.id !== before && /finished|failed/.test(newest.status) && newest;
    });
    await asked;
    assert.deepEqual(
      run.problems.map(({ message }) => message),
      [],
    );
    assert.equal(run.identity.configUri, `untitled:${inWorkspace('leaves.gd.json').path}`);
    assert.equal(run.shape?.trainRows, 4);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    provider.dispose();
  });
});

describe('a config as it was, as a diff shows it', () => {
  it('is no config: nothing is read for it and it has no lens', async () => {
    await activate();
    const text = configFor('x.csv');
    const files = new ReadOnlyFiles(({ path }) => (path.endsWith('.gd.json') ? text : rows));
    const provider = vscode.workspace.registerFileSystemProvider('snapshot', files, { isReadonly: true });
    for (const query of ['{"ref":"HEAD"}', '']) {
      const uri = vscode.Uri.from({ scheme: 'snapshot', path: '/old/x.gd.json', query });
      const document = await vscode.workspace.openTextDocument(uri);
      assert.equal(document.getText(), text);
      assert.equal(isConfig(document), false, query);
      const command = 'vscode.executeCodeLensProvider';
      assert.deepEqual(await vscode.commands.executeCommand<vscode.CodeLens[]>(command, uri, 3), []);
    }
    const now = await vscode.workspace.openTextDocument(await writeFile('now.gd.json', text));
    assert.ok(isConfig(now));
    await until('the config as it is now to be checked', () => vscode.languages.getDiagnostics(now.uri).length > 0);
    assert.ok(files.asked.every((uri) => uri.includes('.gd.json')));
    provider.dispose();
  });
});
