import { Uri, commands, l10n, window, workspace, type ExtensionContext, type Memento } from 'vscode';
import { divergenceSentence, judge } from '../advice/verdicts/verdict';
import type { RunSnapshot } from '../protocol/protocol';
import { hasFinished, runName, takeSnapshot, type RunState } from '../protocol/state';
import { Commands } from './commands';
import { CompareCommand } from './compare/compareCommand';
import { CompareViews } from './compare/compareViews';
import { ConfigCodeLens } from './documents/configCodeLens';
import { ConfigChecks } from './documents/configChecks';
import { ConfigDiagnostics } from './documents/configDiagnostics';
import { namedFilesOf } from './documents/dataFiles';
import { DatasetCompletion } from './documents/datasetCompletion';
import { DatasetInspector } from './documents/datasetInspector';
import { DatasetLinks } from './documents/datasetLinks';
import { RateCompletion } from './documents/rateCompletion';
import { RateHints } from './documents/rateHints';
import { plainText } from './base/plainText';
import { OfferedFiles } from './pickers/offeredFiles';
import { RecordedConfigs } from './runs/recordedConfigs';
import { RemovedRuns } from './runs/removedRuns';
import { RunStarter, readFileFor } from './runs/runStarter';
import { ComparedRun } from './views/comparedRun';
import { RunStatusBar } from './views/runStatusBar';
import { CodeRecordFolder } from './records/codeRecordFolder';
import { hostClock } from './records/hostClock';
import type { RecordFolder } from './records/recordFolder';
import { isRecord } from './records/runRecord';
import { runsFolder } from './records/runsFolder';
import { RunsTree, statusWord, type RunsList } from './runs/runsTree';
import { readSettings, section } from './base/settings';
import { SurroundingsWatch } from './runs/surroundingsWatch';
import type { TrainingRun } from './runs/trainingRun';
import { TrainingRuns, type TrainingRunsOptions } from './runs/trainingRuns';
import { TrainingViews } from './views/trainingViews';
import { SweepStarter } from './sweep/sweepStarter';
import type { SweepWorkers } from './sweep/sweep';
import type { StartWorker } from '../protocol/workerPort';

/** What the extension gives to other extensions and to tests. */
export interface Api {
  /** Copies of all runs, oldest first, with their histories, which may be long. */
  runs(): RunSnapshot[];
  /** A copy of the newest run alone. */
  newest(): RunSnapshot | undefined;
  /** Brings back the runs of an earlier window, unless they are back already: their arrays are large. */
  restored(): Promise<void>;
  /** Ends all training workers as a crash would; nothing that a run reached may be lost by it. */
  killWorkers(): void;
}

/** What is registered in VS Code before anything else is loaded. */
export interface Surface {
  runsList: RunsList;
  /** Takes back what stands in for commands, so that they can be registered. */
  release(): void;
}

/** The parts that answer what is registered in VS Code, and what ends them. */
export interface Started {
  api: Omit<Api, 'killWorkers'>;
  views: TrainingViews;
  compare: CompareViews;
  tree: RunsTree;
  stop(): Promise<void>;
}

/**
 * Puts the parts together for whichever extension host started them.
 * @param together workers that train the members of sweeps.
 * @param localFolder opens a folder of the local disk for runs; absent if there is none.
 */
export function start(
  context: ExtensionContext,
  { runsList, release }: Surface,
  startWorker: StartWorker,
  together: SweepWorkers,
  localFolder?: (path: string) => RecordFolder,
): Started {
  release();
  const log = window.createOutputChannel('Gradient Descent', { log: true });
  const place = runsFolder(context.globalStorageUri);
  const isLocal = localFolder && place.scheme === 'file';
  const folder = isLocal ? localFolder(place.fsPath) : new CodeRecordFolder(place, isRecord);
  const updatesPerSecond = () => readSettings().updatesPerSecond;
  const keptRuns = () => readSettings().keptRuns;
  const inspector = new DatasetInspector(startWorker);
  const check: TrainingRunsOptions['check'] = ({ configText, configFile, seed }, configUri) =>
    inspector.check(
      { configText, configFile, seed },
      namedFilesOf(configText, configUri ? Uri.parse(configUri) : undefined),
    );
  const runs = new TrainingRuns({
    ...{ startWorker, folder, clock: hostClock, log, updatesPerSecond, keptRuns, readFileFor, check },
  });
  const restored = once(() =>
    runs
      .restore(context.workspaceState.get(shownKey))
      .catch((error: unknown) => log.error(`Stored runs could not be read: ${String(error)}`)),
  );
  const checks = new ConfigChecks(inspector, log);
  const offered = new OfferedFiles();
  const compared = new ComparedRun(runs);
  const views = new TrainingViews(context.extensionUri, runs, restored, offered, compared, (request) => {
    registered.handle(request).catch((error: unknown) => {
      log.error(String(error));
      void window.showErrorMessage(plainText(error instanceof Error ? error.message : String(error)));
    });
  });
  const reveal = async () => {
    if (!views.anyVisible) await views.open(readSettings().openRunsIn);
  };
  runs.shared.watch(() => views.anyVisible || compare.anyVisible || window.state.focused);
  const starter = new RunStarter(runs, inspector, reveal);
  const removed = new RemovedRuns(runs);
  const sweeps = new SweepStarter(runs, together, (sweep) => compare.showSweep(sweep));
  const registered = new Commands({
    runs,
    removed,
    carry: { runs, folder, log },
    starter,
    sweeps,
    offered,
    following: { runs, clock: hostClock, ...(localFolder && { localFolder }) },
    restored,
    selected: () => tree.selected,
    compareWith: (run) => compared.choose(run),
    openView: (where) => views.open(where),
  });
  const tree = new RunsTree(runsList, runs, restored);
  const compare = new CompareViews(context.extensionUri, runs, restored, context.workspaceState);
  context.subscriptions.push(
    log,
    runs,
    inspector,
    offered,
    compared,
    views,
    registered,
    checks,
    new ConfigDiagnostics(checks),
    new RateHints(checks),
    new RateCompletion(inspector),
    new ConfigCodeLens(),
    new DatasetCompletion(inspector),
    new DatasetLinks(),
    new RecordedConfigs(runs),
    tree,
    compare,
    new CompareCommand(runs, compare, restored, () => tree.checked),
    compare.onOpen((run) => void commands.executeCommand('gradientDescent.showRun', run)),
    new RunStatusBar(runs, views),
    new SurroundingsWatch(runs),
    rememberShown(runs, context.workspaceState),
    ...followRuns(runs, views, context.globalState),
    checks.onChange(() => void restored()),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(section)) for (const run of runs.all) run.sendUpdateRate();
    }),
  );
  checks.begin();
  const copies = (some: readonly TrainingRun[]) => some.map(({ state }) => takeSnapshot(state));
  const api = { runs: () => copies(runs.all), newest: () => copies(runs.all.slice(-1))[0], restored };
  const stop = async () => {
    try {
      await removed.forget();
    } finally {
      await runs.close();
    }
  };
  return { api, views, compare, tree, stop };
}

function once(task: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= task());
}

/** Under this name the run that is shown is remembered. */
const shownKey = 'runs.shown';

/** Remembers which run is shown, so that a window that is loaded again shows it too. */
function rememberShown(runs: TrainingRuns, memory: Memento) {
  return runs.onListChange(() => {
    const id = runs.shown?.id;
    if (id !== undefined && id !== memory.get(shownKey)) void memory.update(shownKey, id);
  });
}

/** Under this name it is remembered that nobody wants to be notified of a run's end. */
const silentKey = 'endIsSilent';

/** Keeps the `when` clauses up to date, and tells of a run's end where nobody sees the training view. */
function followRuns(runs: TrainingRuns, views: TrainingViews, memory: Memento) {
  const setStatus = () => {
    const status = runs.active?.state.status;
    void commands.executeCommand('setContext', `${section}.status`, status);
  };
  return [
    runs.onListChange(setStatus),
    runs.onEvent(({ run, event }) => {
      if (event.type !== 'opened' && event.type !== 'status' && event.type !== 'failed') return;
      setStatus();
      const { status } = run.state;
      if (
        run.elsewhere ||
        run.sweep ||
        views.anyVisible ||
        (!hasFinished(status) && status !== 'diverged' && status !== 'failed')
      )
        return;
      if (memory.get<boolean>(silentKey)) return;
      const [open, silence] = [l10n.t('Open Training Panel'), l10n.t("Don't Show Again")];
      const tell = hasFinished(status) ? window.showInformationMessage : window.showWarningMessage;
      void tell(plainText(`${runName(run.state)}: ${endWords(run.state)}`), open, silence).then((answer) => {
        if (answer === silence) return memory.update(silentKey, true);
        return answer && commands.executeCommand('gradientDescent.openPanel');
      });
    }),
  ];
}

/** How a run ended, in the words of the training view. */
function endWords(run: RunState): string {
  if (run.status === 'diverged') return divergenceSentence(run);
  const word = statusWord(run.status);
  if (run.status === 'early_stopped') return judge(run).sentence;
  return run.status === 'finished' && run.curvature ? `${word}. ${judge(run).sentence}` : word;
}
