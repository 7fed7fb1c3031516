import { ThemeIcon, l10n, type QuickPickItem, type Uri } from 'vscode';
import { plainText } from '../base/plainText';

/** The row of a picker that runs a config of a data file. */
export function configItem(uri: Uri): QuickPickItem {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  return { label: plainText(l10n.t('Run {0}', name)), iconPath: new ThemeIcon('settings-gear') };
}
