import {
  EventEmitter,
  commands,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type TextDocument,
  type TreeDataProvider,
  type TreeItem,
} from 'vscode';
import type { TrainingRun } from './runs/trainingRun';
import type { Api, Started, Surface } from './start';
import { comparePanelType, keptWhenHidden, runsViewId, trainingPanelType, trainingViewId } from './views/viewIds';

/** The extension once all of it is loaded. */
export type Loaded = Omit<Started, 'api'> & { api: Api };

/**
 * Registers what VS Code may ask for, and loads the rest when it first asks, or when a config is open. Any JSON file with
 * comments activates the extension, which must cost next to nothing where that file is no config.
 */
export function startOnDemand(
  context: ExtensionContext,
  load: (surface: Surface) => Promise<Loaded>,
): { api: Api; stop: () => Promise<void> } {
  let loaded: Loaded | undefined;
  let loading: Promise<Loaded> | undefined;
  const placeholders: Disposable[] = [];
  const release = () => {
    for (const placeholder of placeholders) placeholder.dispose();
  };
  const wake = () => (loading ??= loadNow());
  const changed = new EventEmitter<TrainingRun[] | undefined>();
  const treeDataProvider: TreeDataProvider<TrainingRun> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (run) => (await wake()).tree.getChildren(run),
    // Only runs that were listed before are asked for.
    getTreeItem: (run): TreeItem => loaded!.tree.getTreeItem(run),
  };
  const view = window.createTreeView(runsViewId, { treeDataProvider, canSelectMany: true });

  async function loadNow(): Promise<Loaded> {
    const found = await load({
      runsList: { view, changed },
      release,
    });
    loaded = found;
    return found;
  }

  const wakeFor = (document: TextDocument) => mayBeConfig(document) && void wake();
  placeholders.push(...commandPlaceholders(context, wake), workspace.onDidOpenTextDocument(wakeFor));
  context.subscriptions.push(
    view,
    changed,
    window.registerWebviewViewProvider(
      trainingViewId,
      { resolveWebviewView: async (shown) => (await wake()).views.resolveWebviewView(shown) },
      { webviewOptions: keptWhenHidden },
    ),
    window.registerWebviewPanelSerializer(trainingPanelType, {
      deserializeWebviewPanel: async (panel) => (await wake()).views.deserializeWebviewPanel(panel),
    }),
    window.registerWebviewPanelSerializer(comparePanelType, {
      deserializeWebviewPanel: async (panel, state) => (await wake()).compare.deserializeWebviewPanel(panel, state),
    }),
    { dispose: release },
  );
  workspace.textDocuments.forEach(wakeFor);
  const api: Api = {
    runs: () => loaded?.api.runs() ?? [],
    newest: () => loaded?.api.newest(),
    restored: async () => (await wake()).api.restored(),
    killWorkers: () => loaded?.api.killWorkers(),
  };
  return { api, stop: async () => (await loading)?.stop() };
}

/** Every command of the manifest, to be given again once what does it is loaded. */
function commandPlaceholders({ extension }: ExtensionContext, wake: () => Promise<unknown>): Disposable[] {
  const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
  return contributes.commands.map(({ command }) =>
    commands.registerCommand(command, async (...given: unknown[]) => {
      await wake();
      return commands.executeCommand(command, ...given);
    }),
  );
}

/** By its name; one without a file may be called anything. */
function mayBeConfig({ uri, languageId }: TextDocument): boolean {
  return /\.gd\.json$/i.test(uri.path) || (uri.scheme === 'untitled' && languageId === 'jsonc');
}
