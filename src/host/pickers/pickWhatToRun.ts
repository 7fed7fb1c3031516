import {
  QuickPickItemKind,
  ThemeIcon,
  TabInputCustom,
  TabInputText,
  l10n,
  window,
  workspace,
  type QuickPickItem,
  type TextDocument,
  type Uri,
} from 'vscode';
import { findOpen } from '../documents/configDocuments';
import { isConfig } from '../documents/configChecks';
import { dataOnlyFilePattern, isDataOnlyFile, mayBeDataFile, otherFilePattern } from '../documents/dataFiles';
import { plainText } from '../base/plainText';

/** Files of each kind that the list holds at most. */
const longestList = 50;
/** Files among which those are looked for that may be data but need not. */
const searched = 1000;
/** Folders that are not looked into. */
export const excludedFiles = '**/{node_modules,.git,.vscode,.vscode-test}/**';

/** The config or data file in the active editor, if it is one by its name. */
export function activeFile(): Uri | undefined {
  const uri = activeUri();
  if (!uri) return undefined;
  const document = findOpen(uri);
  return isDataOnlyFile(uri) || (document && isConfig(document)) ? uri : undefined;
}

function activeUri(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputText || input instanceof TabInputCustom ? input.uri : undefined;
}

interface RunItem extends QuickPickItem {
  run?: () => Promise<void>;
}

/** What can be chosen to run. */
export interface WhatToRun {
  runFile(uri: Uri): Promise<void>;
  runTutorial(): Promise<void>;
  runGenerated(): Promise<void>;
}

/** Lets a person choose among the workspace's configs and data files, the tutorial and data to generate. */
export async function pickWhatToRun(starter: WhatToRun): Promise<void> {
  const choice = await window.showQuickPick(listChoices(starter), {
    title: l10n.t('Run Gradient Descent'),
    placeHolder: l10n.t('A config, a dataset, or an example to start with'),
    matchOnDescription: true,
  });
  await choice?.run?.();
}

async function listChoices(starter: WhatToRun): Promise<RunItem[]> {
  const [configs, datasets, others] = await Promise.all([
    workspace.findFiles('**/*.gd.json', excludedFiles, longestList),
    workspace.findFiles(dataOnlyFilePattern, excludedFiles, longestList),
    workspace.findFiles(otherFilePattern, excludedFiles, searched),
  ]);
  const active = activeUri();
  const first = active && mayBeDataFile(active) ? [active] : [];
  const isListed = (uri: Uri) => !first.some((one) => one.toString() === uri.toString());
  const listed = [...datasets, ...others.filter(mayBeDataFile).sort(byPath).slice(0, longestList)].filter(isListed);
  const fileItem = (uri: Uri, icon: string): RunItem => {
    const path = workspace.asRelativePath(uri);
    const cut = path.lastIndexOf('/') + 1;
    return {
      label: plainText(path.slice(cut)),
      description: plainText(path.slice(0, cut)),
      iconPath: new ThemeIcon(icon),
      run: () => starter.runFile(uri),
    };
  };
  return [
    ...group(l10n.t('In the editor'), [
      ...first.map((uri) => fileItem(uri, 'table')),
      ...(active ? untitledItems(active, starter) : []),
    ]),
    ...group(
      l10n.t('Configs'),
      configs.sort(byPath).map((uri) => fileItem(uri, 'settings-gear')),
    ),
    ...group(
      l10n.t('Datasets'),
      listed.sort(byPath).map((uri) => fileItem(uri, 'table')),
    ),
    ...group(l10n.t('Examples'), [
      {
        label: l10n.t('The tutorial (10 rows, generated)'),
        iconPath: new ThemeIcon('mortar-board'),
        run: () => starter.runTutorial(),
      },
      { label: l10n.t('Generate data…'), iconPath: new ThemeIcon('sparkle'), run: () => starter.runGenerated() },
    ]),
  ];
}

/** A table that was pasted into a new editor has to be saved before a config can name it. */
function untitledItems(uri: Uri, starter: WhatToRun): RunItem[] {
  const document = findOpen(uri);
  if (!document?.isUntitled || isConfig(document) || !looksLikeTable(document)) return [];
  const run = async () => {
    const saved = await workspace.saveAs(uri);
    if (saved) await starter.runFile(saved);
  };
  const description = l10n.t('not saved yet: save it as a .csv file to train on it');
  return [{ label: plainText(document.fileName), description, iconPath: new ThemeIcon('save-as'), run }];
}

/** Whether the first lines of a text have a number of cells in common. */
function looksLikeTable(document: TextDocument): boolean {
  if (document.lineCount < 2) return false;
  const [first, second] = [0, 1].map((line) => document.lineAt(line).text);
  return ['\t', ';', ',', '|'].some((sign) => {
    const count = first.split(sign).length;
    return count > 1 && second.split(sign).length === count;
  });
}

function group(label: string, items: RunItem[]): RunItem[] {
  return items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items];
}

function byPath(a: Uri, b: Uri): number {
  return a.path.localeCompare(b.path);
}
