import {
  QuickInputButtons,
  QuickPickItemKind,
  l10n,
  window,
  type QuickPick,
  type QuickPickItem,
  type Uri,
} from 'vscode';
import type { ColumnSummary, DatasetSummary } from '../../data/describeTable';
import { inputOffers, targetOffers, unusableColumns, type ColumnChoice } from '../../advice/columnOffers';
import { describeColumn, describeUnusable, type TextUse } from '../documents/describeColumn';
import { plainText } from '../base/plainText';
import { configItem } from './configItem';

interface ColumnItem extends QuickPickItem {
  name: string;
  /** Why it cannot be picked, where that is so. */
  refusal?: string;
}

/**
 * Asks for the target and then for the inputs; undefined where the person turned away. Configs that the file has already
 * are offered first: one of them may be chosen instead.
 */
export async function pickColumns(
  fileName: string,
  summary: DatasetSummary,
  configs: readonly Uri[] = [],
): Promise<ColumnChoice | { config: Uri } | undefined> {
  const unusable = unusableItems(summary);
  const existing = configItems(configs);
  for (;;) {
    const [target] =
      (await pick({
        title: plainText(l10n.t('{0}: what to predict', fileName)),
        placeholder: l10n.t('The target: the column to predict'),
        step: 1,
        items: [...existing, ...targetOffers(summary).map((column) => toItem(column, 'classes')), ...unusable],
      })) ?? [];
    if (!target || target === 'back') return undefined;
    const config = configs.find((uri) => configKey(uri) === target);
    if (config) return { config };
    const offers = inputOffers(summary, target);
    const inputs = await pick({
      title: plainText(l10n.t('{0}: predict {1} from', fileName, target)),
      placeholder: l10n.t('The inputs: the columns to predict it from'),
      step: 2,
      items: [...offers.map(({ column }) => toItem(column, 'inputs')), ...unusable],
      selected: offers.filter(({ ticked }) => ticked).map(({ column }) => column.name),
    });
    if (!inputs) return undefined;
    if (inputs !== 'back') return { target, inputs };
  }
}

interface PickOptions {
  title: string;
  placeholder: string;
  step: number;
  items: ColumnItem[];
  /** Names ticked at first; where it is given, one or more may be picked. */
  selected?: string[];
}

/** The names picked, at least one; `'back'` for the page before, undefined where the person turned away. */
function pick({ title, placeholder, step, items, selected }: PickOptions): Promise<string[] | 'back' | undefined> {
  const picker = window.createQuickPick<ColumnItem>();
  Object.assign(picker, { title, placeholder, step, totalSteps: 2, items, matchOnDescription: true });
  picker.canSelectMany = selected !== undefined;
  if (selected) {
    picker.selectedItems = items.filter((item) => selected.includes(item.name));
    picker.buttons = [QuickInputButtons.Back];
  }
  return new Promise((resolve) => {
    const settle = (answer: string[] | 'back' | undefined) => {
      resolve(answer);
      picker.dispose();
    };
    picker.onDidChangeSelection(() => selected && refuseUnusable(picker));
    picker.onDidAccept(() => {
      if (refuseUnusable(picker)) return;
      if (picker.selectedItems.length > 0) settle(picker.selectedItems.map((item) => item.name));
      else if (selected) say(picker, l10n.t('Choose at least one input'));
    });
    picker.onDidTriggerButton(() => settle('back'));
    picker.onDidHide(() => settle(undefined));
    picker.show();
  });
}

/** Takes back what cannot be picked, and says why; false where there is nothing of the kind. */
function refuseUnusable(picker: QuickPick<ColumnItem>): boolean {
  const refused = picker.selectedItems.find(({ refusal }) => refusal !== undefined);
  if (!refused) return false;
  picker.selectedItems = picker.selectedItems.filter(({ refusal }) => refusal === undefined);
  say(picker, refused.refusal!);
  return true;
}

/** The placeholder shows only while nothing is typed. */
function say(picker: QuickPick<ColumnItem>, words: string): void {
  picker.value = '';
  picker.placeholder = words;
}

function toItem(column: ColumnSummary, use: TextUse): ColumnItem {
  return named(column, describeColumn(column, use));
}

function named({ name }: ColumnSummary, { description, detail }: { description: string; detail: string }): ColumnItem {
  return { name, label: plainText(name), description: plainText(description), detail: plainText(detail) };
}

/** Configs stand among the columns under their places; no column can be called so. */
function configKey(uri: Uri): string {
  return `\0${uri.toString()}`;
}

function configItems(configs: readonly Uri[]): ColumnItem[] {
  if (configs.length === 0) return [];
  const separator = (label: string): ColumnItem => ({ name: '', label, kind: QuickPickItemKind.Separator });
  return [
    separator(l10n.t('Configs of this file')),
    ...configs.map((uri) => ({ name: configKey(uri), ...configItem(uri) })),
    separator(l10n.t('A new config, which predicts')),
  ];
}

function unusableItems(summary: DatasetSummary): ColumnItem[] {
  const items = unusableColumns(summary).map((column): ColumnItem => {
    const { name } = column;
    const described = describeUnusable(column);
    const refusal = l10n.t('{0} cannot be used: it {1}', name, described.description);
    return { ...named(column, described), refusal: plainText(refusal) };
  });
  const separator = { name: '', label: l10n.t('Cannot be used'), kind: QuickPickItemKind.Separator };
  return items.length > 0 ? [separator, ...items] : [];
}
