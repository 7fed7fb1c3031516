import { l10n, window, type QuickPickItem } from 'vscode';
import { netConfig } from '../../config/templates/netTemplate';
import { tutorialConfig } from '../../config/templates/template';

/** A new config, and what its document is called. */
export interface NewConfig {
  name: string;
  text: string;
}

/** Asks which config to begin with. Undefined where none is chosen. */
export async function pickNewConfig(): Promise<NewConfig | undefined> {
  const items: (QuickPickItem & { config: NewConfig })[] = [
    {
      label: l10n.t('The tutorial'),
      description: l10n.t('ten rows, one linear layer'),
      config: { name: 'tutorial', text: tutorialConfig() },
    },
    {
      label: l10n.t('XOR'),
      description: l10n.t('two classes that no line separates, one hidden layer'),
      config: { name: 'xor', text: netConfig('xor') },
    },
    {
      label: l10n.t('Two spirals'),
      description: l10n.t('two classes, two hidden layers'),
      config: { name: 'spirals', text: netConfig('spirals') },
    },
    {
      label: l10n.t('A curve'),
      description: l10n.t('one input and a wave, two hidden layers'),
      config: { name: 'curve', text: netConfig('curve') },
    },
  ];
  const chosen = await window.showQuickPick(items, { placeHolder: l10n.t('What should the config train?') });
  return chosen?.config;
}
