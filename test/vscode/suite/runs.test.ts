import assert from 'node:assert/strict';
import { gzipSync } from 'fflate';
import * as vscode from 'vscode';
import type { Api } from '../../../src/host/start';
import type { RunSnapshot } from '../../../src/protocol/protocol';
import { activate, endlessConfig, inWorkspace, readFile, until, untilStatus, writeFile } from './support';

const run = (uri?: vscode.Uri) => vscode.commands.executeCommand('gradientDescent.run', uri);
const command = (name: string) => vscode.commands.executeCommand(`gradientDescent.${name}`);

/** A run has all its epochs, each by itself or, where they are many, in buckets. */
function assertWhole({ progress: { records, checkpoint } }: RunSnapshot): void {
  assert.equal(records.loss.length, Math.ceil(checkpoint.epoch / (records.thinned?.stride ?? 1)));
}

describe('runs', () => {
  let api: Api;
  before(async () => (api = await activate()));
  afterEach(async () => {
    await command('stop');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('take the text in the editor, saved or not', async () => {
    const uri = await writeFile('unsaved.gd.json', endlessConfig.replace('1000000000', '5'));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('"epochs":5');
    edit.replace(uri, new vscode.Range(0, at, 0, at + 10), '"epochs":7');
    await vscode.workspace.applyEdit(edit);
    await run();
    const finished = await untilStatus(api, 'finished');
    assert.equal(finished.identity.name, 'unsaved');
    assert.equal(finished.progress.records.loss.length, 7);
    assert.ok(document.isDirty);
    await document.save();
  });

  it('say that their data were saved since, and that a file is gone', async () => {
    await writeFile('later.csv', 'a,b\n1,2\n2,4\n3,7\n');
    const text = JSON.stringify({ dataset: { file: 'later.csv' }, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 3 });
    const config = await writeFile('later.gd.json', text);
    await run(config);
    await untilStatus(api, 'finished');
    const surroundings = () => api.newest()?.surroundings ?? {};
    assert.deepEqual(surroundings(), {});
    await writeFile('later.csv', 'a,b\n1,3\n2,4\n3,7\n');
    await until('the newer data', () => surroundings().newerData === 'later.csv');
    await vscode.workspace.fs.delete(config);
    await until('the config that is gone', () => surroundings().goneConfig === 'later.gd.json');
    await vscode.workspace.fs.delete(inWorkspace('later.csv'));
    await until('the data that are gone', () => surroundings().goneData === 'later.csv');
  });

  it('validate on a second file, and say that it was saved since', async () => {
    await writeFile('first.csv', 'a,b\n1,2\n2,4\n3,7\n');
    await writeFile('second.csv', 'b,a\n5,2\n9,4\n');
    const dataset = { file: 'first.csv', validation_file: 'second.csv' };
    const text = JSON.stringify({ dataset, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 3 });
    await run(await writeFile('second.gd.json', text));
    const { shape, validationLoss } = await untilStatus(api, 'finished');
    assert.deepEqual([shape?.trainRows, shape?.validationRows], [3, 2]);
    assert.ok(Number.isFinite(validationLoss));
    await writeFile('second.csv', 'b,a\n5,2\n9,5\n');
    await until('the newer data', () => api.newest()?.surroundings?.newerData === 'second.csv');
  });

  it('pause, step, resume and stop', async () => {
    await run(await writeFile('endless.gd.json', endlessConfig));
    await untilStatus(api, 'running');
    await command('pause');
    const paused = await untilStatus(api, 'paused');
    await command('step');
    const total = ({ epoch, batch }: { epoch: number; batch: number }) => epoch * 50 + batch;
    const before = total(paused.progress.checkpoint);
    await until('one more batch', () => total(api.newest()!.progress.checkpoint) === before + 1);
    await command('stepEpoch');
    await until('the end of the epoch', () => {
      const { checkpoint } = api.newest()!.progress;
      return checkpoint.batch === 0 && total(checkpoint) > before + 1;
    });
    await command('resume');
    await untilStatus(api, 'running');
    await command('stop');
    const stopped = await untilStatus(api, 'stopped');
    assertWhole(stopped);
    await command('resume');
    assert.equal(api.newest()?.status, 'stopped');
  });

  it('stop for the next run, and keep what they reached', async () => {
    const uri = await writeFile('endless.gd.json', endlessConfig);
    await run(uri);
    const first = await untilStatus(api, 'running');
    await until('some epochs', () => api.newest()!.progress.records.loss.length > 100);
    await run(uri);
    const second = await until('the second run', () => {
      const last = api.newest()!;
      return last.identity.id !== first.identity.id && last.status === 'running' && last;
    });
    const kept = await until('the first run to stop', () => {
      const found = api.runs().find(({ identity }) => identity.id === first.identity.id);
      return found?.status === 'stopped' && found;
    });
    assert.ok(kept.progress.records.loss.length > 100);
    assertWhole(kept);
    assert.equal(second.identity.name, 'endless');
  });

  it('survive two presses of Run in a row', async () => {
    const uri = await writeFile('endless.gd.json', endlessConfig);
    const known = api.runs().length;
    await Promise.all([run(uri), run(uri)]);
    await until('both runs', () => {
      const statuses = api
        .runs()
        .slice(known)
        .map(({ status }) => status);
      return (
        statuses.length === 2 && statuses[0] !== 'running' && statuses[0] !== 'opening' && statuses[1] === 'running'
      );
    });
  });

  it('go on from where they stood when their worker was killed', async () => {
    await run(await writeFile('endless.gd.json', endlessConfig));
    await untilStatus(api, 'running');
    await until('some epochs', () => api.newest()!.progress.records.loss.length > 50);
    api.killWorkers();
    const paused = await untilStatus(api, 'paused');
    assert.match(paused.notice ?? '', /worker ended/);
    const { epoch } = paused.progress.checkpoint;
    await command('resume');
    const resumed = await until('more epochs', () => {
      const now = api.newest()!;
      return now.progress.checkpoint.epoch > epoch + 10 && now;
    });
    assert.equal(resumed.identity.id, paused.identity.id);
    const losses = resumed.progress.records.loss;
    assert.deepEqual([...losses.slice(0, epoch)], [...paused.progress.records.loss]);
    assert.ok(losses.every(Number.isFinite));
  });

  it('train on while their view is closed', async () => {
    await run(await writeFile('endless.gd.json', endlessConfig));
    await untilStatus(api, 'running');
    await command('openPanel');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('workbench.action.closeSidebar');
    const { length } = api.newest()!.progress.records.loss;
    await until('more epochs', () => api.newest()!.progress.records.loss.length > length + 100);
    assert.equal(api.newest()?.status, 'running');
  });

  it('say that a dataset is gone that was there when it was checked', async () => {
    await writeFile('gone.csv', 'a,b\n1,2\n2,3\n');
    const config = { dataset: { file: 'gone.csv' }, optimizer: { type: 'SGD', lr: 0.1 } };
    const uri = await writeFile('gone.gd.json', JSON.stringify(config));
    await vscode.workspace.openTextDocument(uri);
    await vscode.workspace.fs.delete(inWorkspace('gone.csv'));
    await run(uri);
    const failed = await untilStatus(api, 'failed');
    assert.match(failed.problems[0].message, /gone\.csv/);
    assert.match(failed.problems[0].file ?? '', /gone\.gd\.json/);
  });

  it('are made for a dataset file of any kind by choosing columns, words among them', async () => {
    const rows = Array.from({ length: 20 }, (_, id) => {
      return JSON.stringify({ id, size: (id * 7) % 11, site: 'ns'[id % 2], kind: (id * 7) % 11 > 5 ? 'oak' : 'elm' });
    });
    const file = inWorkspace('trees.jsonl.gz');
    await vscode.workspace.fs.writeFile(file, gzipSync(new TextEncoder().encode(rows.join('\n'))));
    const before = api.newest()?.identity.id;
    const asked = run(file);
    const finished = await until('the run of the trees', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const newest = api.newest();
      return newest?.identity.id !== before && newest?.status === 'finished' && newest;
    });
    await asked;
    assert.equal(finished.identity.name, 'trees');
    assert.deepEqual(finished.shape?.inputNames, ['size', 'site=n', 'site=s']);
    assert.deepEqual(finished.shape?.classNames, ['elm', 'oak']);
    const config = await readFile('trees.gd.json');
    assert.match(config, /"one_hot": \["site"\]/);
    assert.match(config, /"loss": "cross_entropy"/);
  });

  it('step the config as it stands in the editor', async () => {
    const text = endlessConfig;
    const uri = await writeFile('edited.gd.json', text);
    const step = () => vscode.commands.executeCommand('gradientDescent.step', uri);
    await step();
    const first = await untilStatus(api, 'paused');
    await step();
    await until('the second batch', () => api.newest()!.progress.checkpoint.batch === 2);
    assert.equal(api.newest()?.identity.id, first.identity.id);
    const edit = new vscode.WorkspaceEdit();
    const at = text.indexOf('0.0001');
    edit.replace(uri, new vscode.Range(0, at, 0, at + 6), '0.0002');
    await vscode.workspace.applyEdit(edit);
    await step();
    const other = await until('a batch of the edited config', () => {
      const run = api.newest()!;
      return run.identity.id !== first.identity.id && run.progress.checkpoint.batch === 1 && run;
    });
    assert.equal(other.shape?.lr, 0.0002);
  });

  it('show what their config was beside what it is', async () => {
    const uri = await writeFile('changed.gd.json', endlessConfig.replace('1000000000', '5'));
    await run(uri);
    await untilStatus(api, 'finished');
    const active = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    await command('openRunConfig');
    await until('the config', () => active() instanceof vscode.TabInputText);
    await writeFile('changed.gd.json', endlessConfig.replace('1000000000', '6'));
    await until('the change', async () =>
      (await vscode.workspace.openTextDocument(uri)).getText().includes('"epochs":6'),
    );
    await command('openRunConfig');
    const diff = await until('both', () => {
      const input = active();
      return input instanceof vscode.TabInputTextDiff && input;
    });
    const recorded = await vscode.workspace.openTextDocument(diff.original);
    assert.match(recorded.getText(), /"epochs":5/);
    assert.equal(diff.modified.toString(), uri.toString());
  });

  it('are made of hours and scores, and not before an input is chosen', async () => {
    const rows = [35, 41, 39, 52, 49, 58, 61, 60, 72, 70, 75, 84, 81, 90, 93].map((score, i) => `${i + 1},${score}`);
    const file = await writeFile('hours.csv', `hours,score\n${rows.join('\n')}\n`);
    const { pages, restore } = watchPages();
    try {
      const before = api.newest()?.identity.id;
      const asked = run(file);
      const second = await secondPage(pages);
      assert.deepEqual(second.selectedItems, [second.items[0]]);
      assert.equal(second.items[0].label, 'hours');
      assert.doesNotMatch(second.items[0].description ?? '', /looks like a row ID/);
      second.selectedItems = [];
      second.value = 'h';
      await sentChanges();
      await until('words that say what is missing', async () => {
        await accept();
        return second.placeholder === 'Choose at least one input';
      });
      assert.equal(second.value, '');
      assert.equal(pages.length, 2);
      second.selectedItems = [second.items[0]];
      await sentChanges();
      await until('the run', async () => {
        await accept();
        return api.newest()?.identity.id !== before;
      });
      await asked;
      const finished = await untilStatus(api, 'finished');
      assert.deepEqual(finished.shape?.inputNames, ['hours']);
      assert.deepEqual(finished.shape?.targetNames, ['score']);
    } finally {
      restore();
    }
  });

  it('are not made of columns that cannot be used, which the pages list with the reason', async () => {
    const rows = [7, 3, 9, 1, 8, 4].map((score, i) => `9:1${score},w${i},${score},${(i * 5) % 6}`);
    const file = await writeFile('prices.csv', `price,who,x,y\n${rows.join('\n')}\n`);
    const { pages, restore } = watchPages();
    try {
      const before = api.newest()?.identity.id;
      const asked = run(file);
      const second = await secondPage(pages);
      const [separator, price] = second.items.slice(-2);
      assert.deepEqual([separator.kind, separator.label], [vscode.QuickPickItemKind.Separator, 'Cannot be used']);
      assert.equal(price.label, 'price');
      const reason = 'looks like times ("9:17"); write them as numbers, for instance as minutes since midnight';
      assert.equal(price.description, reason);
      assert.deepEqual(pages[0].items.slice(-1), [price]);
      const [chosen] = second.selectedItems;
      second.selectedItems = [chosen, price];
      await sentChanges();
      await until('the reason', async () => {
        await accept();
        return second.placeholder === `price cannot be used: it ${reason}`;
      });
      assert.deepEqual(second.selectedItems, [chosen]);
      await sentChanges();
      await until('the run', async () => {
        await accept();
        return api.newest()?.identity.id !== before;
      });
      await asked;
      assert.deepEqual((await untilStatus(api, 'finished')).shape?.inputNames, ['x']);
    } finally {
      restore();
    }
  });

  it('diverge with the epoch and finite weights', async () => {
    await run(await writeFile('steep.gd.json', endlessConfig.replace('0.0001', '1e10')));
    const diverged = await untilStatus(api, 'diverged');
    assert.equal(diverged.divergence?.epoch, 0);
    assert.ok(diverged.progress.checkpoint.parameters.every(Number.isFinite));
  });
});

describe('what to run', () => {
  it('begins with the file in the editor that may be data, and lists others like it', async () => {
    await activate();
    const rows = [5, 3, 8, 1].map((rent, i) => ({ area: 20 + 7 * i, rent }));
    const flats = await writeFile('flats.json', JSON.stringify(rows));
    await writeFile('more.json', JSON.stringify(rows));
    await writeFile('tsconfig.app.json', '{}');
    await writeFile('.vscode/tasks.json', '{}');
    const listed = async (active: vscode.Uri) => {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(active));
      const { showQuickPick } = vscode.window;
      let items: readonly vscode.QuickPickItem[] = [];
      const answer = async (given: vscode.QuickPickItem[] | Thenable<vscode.QuickPickItem[]>) => {
        items = await given;
        return undefined;
      };
      vscode.window.showQuickPick = answer as unknown as typeof showQuickPick;
      try {
        await vscode.commands.executeCommand('gradientDescent.run');
      } finally {
        vscode.window.showQuickPick = showQuickPick;
      }
      return items.map(({ label }) => label);
    };
    const labels = await listed(flats);
    assert.deepEqual(labels.slice(0, 3), ['In the editor', 'flats.json', 'Configs']);
    assert.equal(labels.filter((label) => label === 'flats.json').length, 1);
    assert.ok(labels.indexOf('more.json') > labels.indexOf('Datasets'));
    const settings = await listed(inWorkspace('tsconfig.app.json'));
    assert.equal(settings[0], 'Configs');
    assert.ok(settings.includes('flats.json'));
    assert.ok(!settings.includes('tsconfig.app.json') && !settings.includes('tasks.json'));
  });
});

/** Waits until what was set on a page is on its way to VS Code, which is once this turn of the event loop is over. */
function sentChanges(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

const accept = () => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');

/** Accepts what the first page offers first, and waits for the second one. */
function secondPage(pages: vscode.QuickPick<vscode.QuickPickItem>[]): Promise<vscode.QuickPick<vscode.QuickPickItem>> {
  return until('the second page', async () => {
    if (pages.length < 2) await accept();
    return pages[1];
  });
}

/** Collects the pages of quick picks that are made until it is undone. */
function watchPages(): { pages: vscode.QuickPick<vscode.QuickPickItem>[]; restore(): void } {
  const pages: vscode.QuickPick<vscode.QuickPickItem>[] = [];
  const { createQuickPick } = vscode.window;
  vscode.window.createQuickPick = <T extends vscode.QuickPickItem>() => {
    const page = createQuickPick<T>();
    pages.push(page);
    return page;
  };
  return { pages, restore: () => void (vscode.window.createQuickPick = createQuickPick) };
}
