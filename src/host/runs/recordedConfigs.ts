import { Uri, commands, l10n, window, workspace, type TextDocument, type TextDocumentContentProvider } from 'vscode';
import { runName } from '../../protocol/state';
import { openIfThere, openUntitledConfig } from '../documents/configDocuments';
import { Disposables } from '../base/disposables';
import type { TrainingRun } from '../runs/trainingRun';
import type { TrainingRuns } from '../runs/trainingRuns';

const scheme = 'gradient-descent-run';

/** The configs of runs as they were when the runs started, as documents that cannot be written. */
export class RecordedConfigs extends Disposables implements TextDocumentContentProvider {
  constructor(private readonly runs: TrainingRuns) {
    super();
    this.own(workspace.registerTextDocumentContentProvider(scheme, this));
  }

  provideTextDocumentContent({ query }: Uri): string {
    return this.runs.all.find(({ id }) => id === query)?.source.configText ?? '';
  }
}

/**
 * The config of a run as it stands now. Where it is gone, and for a member of a sweep, whose values are in no file, it is
 * opened as it ran.
 */
export async function configOf({ state: { identity }, source: { configText } }: TrainingRun): Promise<TextDocument> {
  const { configUri, name, sets } = identity;
  const document = configUri && sets === undefined && (await openIfThere(Uri.parse(configUri)));
  if (document) return document;
  const opened = workspace.textDocuments.find((one) => one.isUntitled && one.getText() === configText);
  return opened ?? openUntitledConfig(name, configText, configUri ? Uri.parse(configUri) : undefined);
}

/** Opens the config that a run was started from: beside what it was then where it differs, and as it was then where it is gone. */
export async function openRunConfig(run: TrainingRun): Promise<void> {
  const { configUri, name } = run.state.identity;
  const document = configUri && (await openIfThere(Uri.parse(configUri)));
  if (!document) await openUntitledConfig(name, run.source.configText);
  else if (document.getText() === run.source.configText) await window.showTextDocument(document, { preview: false });
  else await showChanges(run, document);
}

/** Shows the configs of two runs side by side, as they ran. */
export async function diffConfigs(left: TrainingRun, right: TrainingRun): Promise<void> {
  const [before, after] = [left, right].map(({ id, state: { identity } }) =>
    Uri.from({ scheme, path: `/${identity.name}.gd.json`, query: id }),
  );
  const title = `${runName(left.state)} ↔ ${runName(right.state)}`;
  await commands.executeCommand('vscode.diff', before, after, title, { preview: false });
}

async function showChanges(run: TrainingRun, document: TextDocument): Promise<void> {
  const { path } = document.uri;
  const recorded = Uri.from({ scheme, path, query: run.id });
  const title = l10n.t('{0}: as it ran ↔ as it is now', path.slice(path.lastIndexOf('/') + 1));
  await commands.executeCommand('vscode.diff', recorded, document.uri, title, { preview: false });
}
