import {
  CancellationError,
  CancellationTokenSource,
  EventEmitter,
  workspace,
  type LogOutputChannel,
  type TextDocument,
  type Uri,
} from 'vscode';
import { settingProblems } from '../../advice/fixes/unstableSettings';
import { checkConfig } from '../../config/checkConfig';
import { parseConfig, type ParsedConfig } from '../../config/parseConfig';
import type { DatasetSummary } from '../../data/describeTable';
import { hasErrors, type Problem } from '../../base/problem';
import { readOptionsOf } from '../../config/readOptions';
import type { CheckedRun } from '../../protocol/checkedRun';
import { dataFilePattern, fileOfProblem, isDataFile, namedFilesOf, reachableFiles } from './dataFiles';
import type { DatasetInspector } from './datasetInspector';
import { Disposables } from '../base/disposables';

/** Configs, wherever they are. */
export const configSelector = [{ pattern: '**/*.gd.json' }, { language: 'jsonc', scheme: 'untitled' }];
/** Milliseconds without typing before a config is checked. */
const typingPause = 150;
/** Milliseconds more before all rows are looked at where some have been: while that lasts, no other check is answered. */
const restingPause = 300;

/** True where a document is a config, no snapshot of one: by its name, or an untitled one that holds what a config must. */
export function isConfig(document: TextDocument): boolean {
  if (isSnapshot(document.uri)) return false;
  if (/\.gd\.json$/i.test(document.uri.path)) return true;
  if (document.uri.scheme !== 'untitled' || document.languageId !== 'jsonc') return false;
  const { draft } = parseConfig(document.getText());
  return draft.dataset !== undefined && draft.optimizer !== undefined;
}

/** Whether a document shows how a file was, as one side of a diff does: it names no file that could be written or run. */
export function isSnapshot({ scheme, query }: Uri): boolean {
  if (query !== '') return true;
  if (scheme === 'file' || scheme === 'untitled') return false;
  const isOfWorkspace = workspace.workspaceFolders?.some(({ uri }) => uri.scheme === scheme) === true;
  return !isOfWorkspace && workspace.fs.isWritableFileSystem(scheme) !== true;
}

/** What is known of an open config as it stood at a version. */
export interface ConfigCheck {
  version: number;
  parsed: ParsedConfig;
  /** In the config itself. */
  problems: Problem[];
  /** The files that the config names, and what is wrong in each. */
  dataFiles: { uri: Uri; problems: Problem[] }[];
  /** What data and curvature show; absent while they are being looked into, and where the config has errors. */
  checked?: CheckedRun;
}

/** Checks open configs as they are typed: first the text beside the data's columns, then the data and their curvature. */
export class ConfigChecks extends Disposables {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly checks = new Map<string, ConfigCheck>();
  /** Cancels the check of each config that was begun last. */
  private readonly newest = new Map<string, CancellationTokenSource>();
  private readonly emitter = this.own(new EventEmitter<Uri>());
  /** A config was checked, or is closed and its check gone. */
  readonly onChange = this.emitter.event;

  constructor(
    private readonly inspector: DatasetInspector,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this.own(workspace.onDidOpenTextDocument((document) => this.plan(document, 0)));
    this.own(workspace.onDidChangeTextDocument(({ document }) => this.documentChanged(document)));
    this.own(workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    const watcher = this.own(workspace.createFileSystemWatcher(dataFilePattern));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      this.own(event((uri) => this.recheckConfigsOf(uri)));
    }
    this.own({ dispose: () => this.timers.forEach((timer) => clearTimeout(timer)) });
    this.own({ dispose: () => this.newest.forEach((check) => check.cancel()) });
  }

  /** Checks what is open already; call once those who listen do. */
  begin(): void {
    for (const document of workspace.textDocuments) this.plan(document, 0);
  }

  /** What is known of a config; undefined where it is not open or was not checked yet. */
  of(uri: Uri): ConfigCheck | undefined {
    return this.ofKey(uri.toString());
  }

  /** The same, by the text of the URI. */
  ofKey(uri: string): ConfigCheck | undefined {
    return this.checks.get(uri);
  }

  private documentChanged(document: TextDocument): void {
    this.plan(document, typingPause);
    if (isDataFile(document.uri)) this.recheckConfigsOf(document.uri);
  }

  private recheckConfigsOf(dataUri: Uri): void {
    for (const document of workspace.textDocuments) {
      if (!isConfig(document)) continue;
      const files = reachableFiles(namedFilesOf(document.getText(), document.uri));
      if (files.some((uri) => uri.toString() === dataUri.toString())) this.plan(document, typingPause);
    }
  }

  private plan(document: TextDocument, milliseconds: number): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    if (!isConfig(document)) return;
    this.timers.set(
      key,
      setTimeout(() => this.run(document), milliseconds),
    );
  }

  private forget(uri: Uri): void {
    clearTimeout(this.timers.get(uri.toString()));
    this.timers.delete(uri.toString());
    this.newest.get(uri.toString())?.cancel();
    this.newest.delete(uri.toString());
    this.checks.delete(uri.toString());
    this.emitter.fire(uri);
  }

  /** A check that could not be made because the worker had ended is made again when there is a reason to. */
  private run(document: TextDocument): void {
    this.check(document).catch((error: unknown) => {
      if (!(error instanceof CancellationError)) this.log.warn(`${document.uri.path}: ${String(error)}`);
    });
  }

  /** Takes the place of the check of this config that is under way. */
  private async check(document: TextDocument): Promise<void> {
    const config = readConfig(document);
    const { uri, version, configText, parsed, named, dataUri, options } = config;
    const configFile = uri.toString();
    const round = new CancellationTokenSource();
    const isStale = () => round.token.isCancellationRequested || document.version !== version;
    const describing = dataUri && this.inspector.describe(dataUri, options, round.token);
    // Only now, so that a reading that both ask for continues.
    this.newest.get(configFile)?.cancel();
    this.newest.set(configFile, round);
    // What was found stays until it is looked for again: in the data, and in the config where its text is the same.
    const before = this.of(uri);
    const isKnown = before?.version === version && before.checked !== undefined;
    const dataFiles = reachableFiles(named).map((file) => ({
      uri: file,
      problems: before?.dataFiles.find((one) => one.uri.toString() === file.toString())?.problems ?? [],
    }));
    if (dataUri && !isKnown)
      this.take(uri, { ...checkOf(config, this.inspector.lastSummary(dataUri, options)), dataFiles });
    const known = named.data === 'foreign' ? named.data : await describing;
    if (isStale()) return;
    const first = checkOf(config, known);
    const canOpen = parsed.config && typeof known !== 'string' && !hasErrors(first.problems);
    if (!canOpen) return this.take(uri, first);
    if (!isKnown) this.take(uri, { ...first, dataFiles });
    const seed = parsed.config?.seed ?? 0;
    const request = { configText, configFile, seed };
    const soon = await this.inspector.check({ ...request, soon: true }, named, round.token);
    if (isStale()) return;
    this.take(uri, withChecked(first, soon, config));
    if (!soon.isPartial) return;
    await new Promise<void>((resolve) => setTimeout(resolve, restingPause));
    if (isStale()) return;
    const checked = await this.inspector.check(request, named, round.token);
    if (!isStale()) this.take(uri, withChecked(first, checked, config));
  }

  private take(uri: Uri, check: ConfigCheck): void {
    this.checks.set(uri.toString(), check);
    this.emitter.fire(uri);
  }
}

/** What a config shows, and what its data and their curvature do. */
function withChecked(
  first: ConfigCheck,
  checked: CheckedRun,
  { uri, named }: ReturnType<typeof readConfig>,
): ConfigCheck {
  const configFile = uri.toString();
  const [inConfig, inData] = [true, false].map((here) =>
    checked.problems.filter((problem) => (problem.file === configFile) === here && !problem.schema),
  );
  const inFile = (file: Uri) =>
    inData.filter((problem) => fileOfProblem(problem, named)?.toString() === file.toString());
  const found = first.dataFiles.map((one) => ({ uri: one.uri, problems: inFile(one.uri) }));
  return { ...first, problems: union(first.problems, inConfig), dataFiles: found, checked };
}

/** A config's text as it stands, and what it says of its data. */
function readConfig(document: TextDocument) {
  const { uri, version } = document;
  const configText = document.getText();
  const parsed = parseConfig(configText, uri.toString());
  const { dataset } = parsed.draft;
  const options = dataset && 'file' in dataset ? readOptionsOf(dataset) : {};
  const named = namedFilesOf(configText, uri);
  const dataUri = named.data === 'foreign' ? undefined : named.data;
  return { uri, version, configText, parsed, named, dataUri, options };
}

/** What a config shows beside what its data file holds, before the data are looked into. */
function checkOf(
  { version, parsed, named }: ReturnType<typeof readConfig>,
  known: DatasetSummary | 'missing' | 'foreign' | undefined,
): ConfigCheck {
  const found = [...parsed.problems, ...settingProblems(parsed), ...checkConfig(parsed, known)];
  const problems = found.filter((problem) => !problem.schema);
  const dataFiles = reachableFiles(named).map((uri) => ({ uri, problems: [] }));
  return { version, parsed, problems, dataFiles };
}

function union(some: Problem[], others: Problem[]): Problem[] {
  const keyOf = ({ line, column, message }: Problem) => `${line}:${column}:${message}`;
  const known = new Set(some.map(keyOf));
  return [...some, ...others.filter((problem) => !known.has(keyOf(problem)))];
}
