import { Uri, commands, l10n, window, workspace } from 'vscode';
import { pickNewConfig } from './pickers/pickNewConfig';
import { problemId } from '../base/problem';
import { batchBefore, canResume } from '../protocol/state';
import { isConfig } from './documents/configChecks';
import { rangeOf } from './documents/configDiagnostics';
import { openIfThere, openUntitledConfig } from './documents/configDocuments';
import { fileOfProblem, namedFilesOf } from './documents/dataFiles';
import { exportRun } from './exporting/exportRun';
import { handOver } from './exporting/handOver';
import { predictWith } from './exporting/predictWith';
import { savePicture } from './exporting/savePicture';
import { followRun, type FollowingPlace } from './following/followRun';
import { Disposables } from './base/disposables';
import { configOf, openRunConfig } from './runs/recordedConfigs';
import type { OfferedFiles } from './pickers/offeredFiles';
import { pickRun } from './runs/pickRun';
import { activeFile, pickWhatToRun } from './pickers/pickWhatToRun';
import { plainText } from './base/plainText';
import { exportRuns, importRuns, type CarryPlace } from './exporting/carryRuns';
import type { RemovedRuns } from './runs/removedRuns';
import type { RunStarter } from './runs/runStarter';
import type { SweepStarter } from './sweep/sweepStarter';
import { editNote, pinRuns, renameRun } from './runs/runLabels';
import { TrainingRun } from './runs/trainingRun';
import type { TrainingRuns } from './runs/trainingRuns';
import type { HandledRequest } from './views/trainingViews';
import { readSettings } from './base/settings';

/** What commands act on. */
export interface CommandParts {
  runs: TrainingRuns;
  removed: RemovedRuns;
  carry: CarryPlace;
  starter: RunStarter;
  sweeps: SweepStarter;
  /** What a page without a run offers. */
  offered: OfferedFiles;
  following: FollowingPlace;
  /** Brings back the runs of an earlier window. */
  restored(): Promise<void>;
  /** The runs that are selected in the list. */
  selected(): readonly TrainingRun[];
  /** Draws the curve of a run beside that of the shown one, or none. */
  compareWith(run: TrainingRun | undefined): void;
  openView(where: 'sidePanel' | 'editor'): Promise<void>;
}

/** The commands, by their name after the prefix. Those that cannot work now do nothing. */
function commandTable(parts: CommandParts) {
  const { runs, removed, carry, starter, sweeps, following, selected, compareWith, openView } = parts;
  /** Those that a menu of the list is of, those that are selected in it for its keys, otherwise the one that is shown. */
  const chosenRuns = (run: unknown, others?: unknown): readonly TrainingRun[] => {
    if (run === 'selected') return selected();
    const several = Array.isArray(others) ? others.filter((one) => one instanceof TrainingRun) : [];
    if (run instanceof TrainingRun) return several.includes(run) ? several : [run];
    return runs.shown ? [runs.shown] : [];
  };
  const withChosen = (act: (run: TrainingRun) => unknown) => (run?: unknown) => {
    const [chosen] = chosenRuns(run);
    return chosen && act(chosen);
  };
  const withActive = (act: (run: TrainingRun) => unknown) => () => (runs.active ? act(runs.active) : undefined);
  const step = (unit: 'batch' | 'epoch') => withActive((run) => runs.step(run, unit));
  return {
    run: async (uri?: unknown) => {
      const file = uri instanceof Uri ? uri : activeFile();
      await (file ? starter.runFile(file) : pickWhatToRun(starter));
    },
    runSweep: async (uri?: unknown) => {
      const file = uri instanceof Uri ? uri : activeFile();
      const document = file && (await openIfThere(file));
      return document && isConfig(document) ? sweeps.run(document) : undefined;
    },
    train: () => pickWhatToRun(starter),
    runTutorial: () => starter.runTutorial(),
    newConfig: async () => {
      const config = await pickNewConfig();
      return config && openUntitledConfig(config.name, config.text);
    },
    openPanel: () => openView('editor'),
    pause: withActive((run) => runs.pause(run)),
    resume: withActive((run) => runs.resume(run)),
    stop: withActive((run) => runs.stop(run)),
    restart: withActive((run) => runs.restart(run)),
    step: async (uri?: unknown) => {
      const current = runs.active;
      if (!(uri instanceof Uri)) return step('batch')();
      const document = await workspace.openTextDocument(uri);
      const isOfConfig = current?.state.identity.configUri === uri.toString();
      const isAsItStands = isOfConfig && current.source.configText === document.getText();
      if (!isAsItStands || !canResume(current.state.status)) await starter.runConfig(document, 'rest');
      if (runs.shown) await runs.step(runs.shown, 'batch');
    },
    stepEpoch: step('epoch'),
    stepBack: withActive((run) => {
      const before = batchBefore(run.state);
      return before && runs.seek(run, before.epoch, before.batch);
    }),
    showRun: (run?: unknown) => {
      if (!(run instanceof TrainingRun)) return;
      runs.show(run);
      return openView(readSettings().openRunsIn);
    },
    removeRun: (run?: unknown, others?: unknown) =>
      run === 'selected' || run instanceof TrainingRun ? removed.remove(chosenRuns(run, others)) : undefined,
    compareWith: async (run?: unknown) => {
      const other = run instanceof TrainingRun ? run : await pickRun(runs);
      if (other) compareWith(other);
    },
    renameRun: withChosen((run) => renameRun(runs, run)),
    editNote: withChosen((run) => editNote(runs, run)),
    pinRun: (run?: unknown, others?: unknown) => pinRuns(runs, chosenRuns(run, others), true),
    unpinRun: (run?: unknown, others?: unknown) => pinRuns(runs, chosenRuns(run, others), false),
    exportRuns: (run?: unknown, others?: unknown) => {
      const several = run instanceof TrainingRun ? chosenRuns(run, others) : selected();
      return exportRuns(carry, several.length > 1 || run instanceof TrainingRun ? several : runs.all);
    },
    importRuns: () => importRuns(carry),
    exportRun: withChosen(exportRun),
    predict: withChosen(predictWith),
    handOver: withChosen(handOver),
    followRun: async () => {
      const run = await followRun(following);
      return run && openView(readSettings().openRunsIn);
    },
    openRunConfig: withChosen(openRunConfig),
  } satisfies Record<string, (argument?: unknown, selected?: unknown) => unknown>;
}

/** Registers every command of the manifest, and re-running on save. */
export class Commands extends Disposables {
  constructor(private readonly parts: CommandParts) {
    super();
    for (const [name, run] of Object.entries(commandTable(parts))) {
      const command = async (argument?: unknown, selected?: unknown) => {
        // A run need not wait for those before it.
        if (name === 'run') void parts.restored();
        else await parts.restored();
        return run(argument, selected);
      };
      this.own(commands.registerCommand(`gradientDescent.${name}`, command));
    }
    this.own(
      workspace.onDidSaveTextDocument(async (document) => {
        if (readSettings().runOnSave && isConfig(document)) await parts.starter.runConfig(document);
      }),
    );
  }

  /** Does what a button of the training view asks for; it acts on the run that is shown. */
  async handle(request: HandledRequest): Promise<void> {
    const { runs, starter, openView } = this.parts;
    const run = runs.shown;
    if (request.type === 'runOffered') {
      const file = this.parts.offered.chosen(request.uri);
      return file && starter.runFile(file);
    }
    if (request.type === 'control') return run && runs.control(run, request.controls);
    if (request.type === 'seek') return run && runs.seek(run, request.epoch, request.batch);
    if (request.type === 'savePicture') return run && savePicture(run, request.plot, request.png);
    if (request.type === 'applyFix') return run && starter.applyFix(run, request.id);
    if (request.type === 'showProblem') return run && showProblem(run, request.id);
    switch (request.action) {
      case 'run':
        return void (await commands.executeCommand('gradientDescent.run'));
      case 'runAgain':
        return run && starter.runAgain(run);
      case 'runTutorial':
        return starter.runTutorial();
      case 'openPanel':
        return openView('editor');
      case 'compareWith':
        return void (await commands.executeCommand('gradientDescent.compareWith'));
      case 'compareWithNone':
        return this.parts.compareWith(undefined);
      case 'openConfig':
        return run && openConfig(run);
      case 'pause':
        return run && runs.pause(run);
      case 'resume':
        return run && runs.resume(run);
      case 'stop':
        return run && runs.stop(run);
      case 'restart':
        return run && void runs.restart(run);
      case 'step':
        return run && runs.step(run, 'batch');
      case 'stepEpoch':
        return run && runs.step(run, 'epoch');
    }
  }
}

/** Opens the config of a run, see `configOf`. */
async function openConfig(run: TrainingRun): Promise<void> {
  await window.showTextDocument(await configOf(run), { preview: false });
}

/** Selects a file in the explorer, and says so where it is not there any more. */
async function revealFile(uri: Uri): Promise<void> {
  try {
    await workspace.fs.stat(uri);
    await commands.executeCommand('revealInExplorer', uri);
  } catch {
    await window.showErrorMessage(plainText(l10n.t('{0} cannot be opened.', workspace.asRelativePath(uri))));
  }
}

async function showProblem(run: TrainingRun, id: string): Promise<void> {
  const problem = run.state.problems.find((known) => problemId(known) === id);
  if (!problem) return;
  const configUri = run.state.identity.configUri ? Uri.parse(run.state.identity.configUri) : undefined;
  const inConfig = problem.file === undefined || problem.file === run.source.configFile;
  const uri = inConfig ? configUri : fileOfProblem(problem, namedFilesOf(run.source.configText, configUri));
  if (!uri) return;
  try {
    await window.showTextDocument(uri, { selection: rangeOf(problem), preview: false });
  } catch {
    // Binary files have no text to open.
    await revealFile(uri);
  }
}
