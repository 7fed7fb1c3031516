import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DatasetSummary } from '../../../src/data/describeTable';
import { ConfigChecks } from '../../../src/host/documents/configChecks';
import { DatasetInspector } from '../../../src/host/documents/datasetInspector';
import { RateHints } from '../../../src/host/documents/rateHints';
import { RunStarter } from '../../../src/host/runs/runStarter';
import type { TrainingRuns } from '../../../src/host/runs/trainingRuns';
import type { CurvatureReport, RateLimit } from '../../../src/engine/report/report';
import type { CheckedRun } from '../../../src/protocol/checkedRun';
import type { WorkerListener } from '../../../src/protocol/workerPort';
import type { WorkerRequest } from '../../../src/protocol/protocol';
import { activate, inWorkspace, until, writeFile } from './support';

type Asked = Extract<WorkerRequest, { requestId: number; type: 'describe' | 'check' | 'cancel' }>;

const column = { type: 'number', min: 1, max: 3, missing: 0, constant: false } as const;
const failed = 'out of memory';
const summary: DatasetSummary = {
  rows: 3,
  columns: ['a', 'b'].map((name) => ({
    ...column,
    name,
    candidate: true,
    identifier: false,
    oneHot: false,
    samples: ['1'],
  })),
  problems: [],
};

/** An inspector whose worker answers what the test says. */
function startInspector() {
  const asked: Asked[] = [];
  let listener: WorkerListener | undefined;
  const inspector = new DatasetInspector((owner) => {
    listener = owner;
    return { post: (request) => void asked.push(request as Asked), terminate: () => {} };
  });
  const of = (type: Asked['type']) => asked.filter((request) => request.type === type);
  return {
    inspector,
    /** The requests of a kind, by their ids, once there are this many. */
    asked: (type: Asked['type'], count: number) =>
      until(`${count} of ${type}`, () => of(type).length >= count && of(type).map(({ requestId }) => requestId)),
    count: (type: Asked['type']) => of(type).length,
    describe: (requestId: number) => listener?.reply({ type: 'described', requestId, summary }),
    failDescribe: (requestId: number) => listener?.reply({ type: 'described', requestId, failed }),
    answer: (requestId: number, checked: CheckedRun) => listener?.reply({ type: 'checked', requestId, checked }),
    /** The checks that were asked for, soon or whole. */
    checks: (soon: boolean) =>
      asked.flatMap((one) => (one.type === 'check' && (one.request.soon === true) === soon ? [one.requestId] : [])),
    failCheck: (requestId: number) => listener?.reply({ type: 'checked', requestId, failed }),
  };
}

const isCancelled = (error: unknown) => error instanceof vscode.CancellationError;
const source = () => new vscode.CancellationTokenSource();

describe('a dataset that is looked into', () => {
  let data: vscode.Uri;
  before(async () => {
    await activate();
    data = await writeFile('looked-into.csv', 'a,b\n1,2\n2,3\n3,5\n');
  });

  it('is read once for all who wait, and given up with the last of them', async () => {
    const { inspector, asked, count, describe } = startInspector();
    const [first, second] = [source(), source()];
    const waiting = [inspector.describe(data, {}, first.token), inspector.describe(data, {}, second.token)];
    const [request] = await asked('describe', 1);
    first.cancel();
    await assert.rejects(waiting[0], isCancelled);
    assert.equal(count('cancel'), 0);
    second.cancel();
    await assert.rejects(waiting[1], isCancelled);
    assert.deepEqual(await asked('cancel', 1), [request]);
    assert.equal(count('describe'), 1);
    const again = inspector.describe(data);
    describe((await asked('describe', 2))[1]);
    assert.deepEqual(await again, summary);
    assert.deepEqual(await inspector.describe(data), summary);
    assert.equal(count('describe'), 2);
    inspector.dispose();
  });

  it('is read on for one who begins to wait before another leaves', async () => {
    const { inspector, asked, count, describe } = startInspector();
    const [first, second] = [source(), source()];
    const left = inspector.describe(data, {}, first.token);
    const [request] = await asked('describe', 1);
    const stayed = inspector.describe(data, {}, second.token);
    first.cancel();
    await assert.rejects(left, isCancelled);
    describe(request);
    assert.deepEqual(await stayed, summary);
    assert.deepEqual([count('describe'), count('cancel')], [1, 0]);
    second.cancel();
    assert.deepEqual(await inspector.describe(data), summary);
    inspector.dispose();
  });

  it('is read again after that failed, which those who wait are told', async () => {
    const { inspector, asked, failDescribe, failCheck, describe } = startInspector();
    const failing = inspector.describe(data);
    failDescribe((await asked('describe', 1))[0]);
    await assert.rejects(failing, /out of memory/);
    const checking = inspector.check(
      { configText: '{}', configFile: 'a.gd.json', seed: 0 },
      { data, validation: undefined },
    );
    failCheck((await asked('check', 1))[0]);
    await assert.rejects(checking, /out of memory/);
    const again = inspector.describe(data);
    describe((await asked('describe', 2))[1]);
    assert.deepEqual(await again, summary);
    inspector.dispose();
  });
});

describe('a config that is checked', () => {
  const text = (dataset: object) => JSON.stringify({ epoch: 3, dataset, optimizer: { type: 'SGD', lr: 0.1 } }, null, 1);
  const log = vscode.window.createOutputChannel('Tests of checks', { log: true });
  before(activate);
  after(() => log.dispose());
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  async function open(name: string, content: string): Promise<vscode.TextDocument> {
    const uri = await writeFile(name, content);
    // So that the document closes with its editor.
    await vscode.commands.executeCommand('vscode.open', uri);
    return until(name, () => vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString()));
  }

  async function type(document: vscode.TextDocument, content: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), content);
    await vscode.workspace.applyEdit(edit);
  }

  it('shows what is wrong with its text while its data are read', async () => {
    await writeFile('slow.csv', 'a,b\n1,2\n2,3\n3,5\n');
    const { inspector, asked, describe } = startInspector();
    const checks = new ConfigChecks(inspector, log);
    const document = await open('slow.gd.json', text({ file: 'slow.csv', targets: ['c'] }));
    const codes = () => checks.of(document.uri)?.problems.map(({ code }) => code);
    const [request] = await asked('describe', 1);
    assert.deepEqual(codes(), ['unknown-key']);
    describe(request);
    await until('the columns to be looked at', () => codes()?.length === 2);
    await type(document, text({ file: 'slow.csv', targets: ['c', 'd'], na_values: ['x'] }));
    const [, second] = await asked('describe', 2);
    assert.deepEqual(codes(), ['unknown-key']);
    describe(second);
    await until('the columns to be looked at again', () => codes()?.length === 3);
    await document.save();
    checks.dispose();
    inspector.dispose();
  });

  it('shows what some rows say until all have been looked at', async () => {
    await writeFile('many.csv', 'a,b\n1,2\n2,3\n3,5\n');
    const { inspector, asked, describe, answer, checks: requested } = startInspector();
    const checks = new ConfigChecks(inspector, log);
    const document = await open('many.gd.json', text({ file: 'many.csv' }).replace('"epoch"', '"epochs"'));
    describe((await asked('describe', 1))[0]);
    const hints = new RateHints(checks);
    const sample = { rows: 2, of: 3, most: 1 };
    const limit: RateLimit = { rate: 0.2, accuracy: 'estimate', batchRows: 1, worstRow: 0, sample };
    const report = { lr: 0.1, limit, rows: 3, inputs: 1, outputs: 1 } as CurvatureReport;
    const checked = () => checks.of(document.uri)?.checked;
    // The file is seen to be new at some time, and looked at once more.
    await until('what some rows say', () => {
      for (const id of requested(true)) answer(id, { problems: [], report, isPartial: true });
      return checked()?.isPartial;
    });
    const labels = hints.provideInlayHints(document).map(({ label }) => label);
    assert.deepEqual(labels, ['by a sample: 50 % of the limit 0.2']);
    await until('what all rows say', () => {
      for (const id of requested(true)) answer(id, { problems: [], report, isPartial: true });
      for (const id of requested(false)) answer(id, { problems: [] });
      return checked() && !checked()?.isPartial;
    });
    await document.save();
    hints.dispose();
    checks.dispose();
    inspector.dispose();
  });

  it('gives up the older reading for the newer one, and all with its document', async () => {
    await writeFile('typed-on.csv', 'a,b\n1,2\n2,3\n3,5\n');
    const { inspector, asked, count, describe } = startInspector();
    const checks = new ConfigChecks(inspector, log);
    const config = { file: 'typed-on.csv' };
    const document = await open('typed-on.gd.json', text(config).replace('"epoch"', '"epochs"'));
    const [first] = await asked('describe', 1);
    await type(document, document.getText().replace('0.1', '0.2'));
    await until('the text to be checked', () => checks.of(document.uri)?.version === document.version);
    assert.deepEqual([count('describe'), count('cancel')], [1, 0]);
    await type(document, document.getText().replace('"typed-on.csv"', '"typed-on.csv", "na_values": ["x"]'));
    const [, second] = await asked('describe', 2);
    assert.deepEqual(await asked('cancel', 1), [first]);
    describe(second);
    const [looked] = await asked('check', 1);
    await type(document, document.getText().replace('0.2', '0.3'));
    const [, newer] = await asked('check', 2);
    assert.deepEqual(await asked('cancel', 2), [first, looked]);
    await document.save();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(await asked('cancel', 3), [first, looked, newer]);
    await until('what was found to be forgotten', () => checks.of(document.uri) === undefined);
    checks.dispose();
    inspector.dispose();
  });
});

describe('a dataset to run', () => {
  before(activate);

  it('says that it is read when that takes a while, and can be given up then', async () => {
    const data = await writeFile('large.csv', 'a,b\n1,2\n2,3\n3,5\n');
    const { inspector, asked } = startInspector();
    const starter = new RunStarter({} as TrainingRuns, inspector, () => Promise.resolve());
    const { withProgress } = vscode.window;
    const shown: vscode.ProgressOptions[] = [];
    const button = source();
    const fake: typeof withProgress = async (options, task) => {
      shown.push(options);
      return task({ report: () => {} }, button.token);
    };
    Object.assign(vscode.window, { withProgress: fake });
    try {
      const running = starter.runDataFile(data);
      const [request] = await asked('describe', 1);
      await until('the notification', () => shown.length === 1);
      const { title, cancellable, location } = shown[0];
      assert.deepEqual(
        [title, cancellable, location],
        ['Reading large.csv', true, vscode.ProgressLocation.Notification],
      );
      button.cancel();
      await running;
      assert.deepEqual(await asked('cancel', 1), [request]);
    } finally {
      Object.assign(vscode.window, { withProgress });
      inspector.dispose();
    }
  });

  it('is no link in a message, whatever it is called', async () => {
    const { inspector } = startInspector();
    const starter = new RunStarter({} as TrainingRuns, inspector, () => Promise.resolve());
    const { showErrorMessage } = vscode.window;
    const shown: string[] = [];
    Object.assign(vscode.window, { showErrorMessage: (message: string) => Promise.resolve(void shown.push(message)) });
    try {
      await starter.runFile(inWorkspace('[Show log](command:x).csv'));
      await starter.runFile(inWorkspace('[Show log](command:x)'));
      assert.equal(shown.length, 2);
      for (const message of shown) {
        assert.match(message, /^\[Show log\]\u200B\(command:x\)/);
        assert.doesNotMatch(message, /\]\(/);
      }
    } finally {
      Object.assign(vscode.window, { showErrorMessage });
      inspector.dispose();
    }
  });
});
