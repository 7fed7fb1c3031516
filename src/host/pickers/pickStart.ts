import { l10n, window, type QuickPickItem, type Uri } from 'vscode';
import { formatCount } from '../../base/format';
import type { DatasetSummary } from '../../data/describeTable';
import type { TableStart } from '../../data/table/table';
import { plainText } from '../base/plainText';
import { configItem } from './configItem';

/** How the beginning of a file is to be read; without `skipRows` as it was read. */
export interface ChosenStart {
  skipRows?: number | readonly number[];
}

interface StartItem extends QuickPickItem {
  chosen: ChosenStart | { config: Uri };
}

/**
 * Asks which lines above a table are to be skipped, where lines stand there; undefined where the person turned away. One of
 * the file's configs may be chosen instead.
 */
export async function pickStart(
  fileName: string,
  { starts = [] }: DatasetSummary,
  configs: readonly Uri[],
): Promise<ChosenStart | { config: Uri } | undefined> {
  if (starts.length === 0) return {};
  const existing = configs.map((config): StartItem => ({ ...configItem(config), chosen: { config } }));
  const [only] = starts;
  const ways = starts.length === 1 ? skipItems(only) : starts.map(lineItem);
  const placeHolder = starts.length === 1 ? skipQuestion(only) : l10n.t('Which line holds the names of the columns?');
  const picked = await window.showQuickPick([...existing, ...ways], { title: plainText(fileName), placeHolder });
  return picked?.chosen;
}

function skipQuestion({ line }: TableStart): string {
  return line === 2 ? l10n.t('Skip the first line?') : l10n.t('Skip the first {0} lines?', formatCount(line - 1));
}

function skipItems({ skipRows, texts }: TableStart): StartItem[] {
  return [
    {
      label: l10n.t('Skip'),
      description: plainText(l10n.t('the table begins with {0}', shown(texts))),
      chosen: { skipRows },
    },
    { label: l10n.t('Keep'), description: l10n.t('the table begins in the first line'), chosen: { skipRows: 0 } },
  ];
}

function lineItem({ line, texts, skipRows }: TableStart): StartItem {
  return { label: l10n.t('Line {0}', line), description: plainText(shown(texts)), chosen: { skipRows } };
}

function shown(texts: readonly string[]): string {
  const first = texts.slice(0, 6).map((text) => (text.length > 30 ? `${text.slice(0, 29)}…` : text));
  return first.join(', ') + (texts.length > first.length ? ', …' : '');
}
