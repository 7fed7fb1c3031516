import { CodeLens, Range, l10n, languages, type CodeLensProvider, type TextDocument } from 'vscode';
import { parseConfig } from '../../config/parseConfig';
import { memberCount } from '../../sweep/members';
import { configSelector, isConfig } from './configChecks';
import { Disposables } from '../base/disposables';

/** Run, Run Sweep, Step and Open panel above a config's first line. */
export class ConfigCodeLens extends Disposables implements CodeLensProvider {
  constructor() {
    super();
    this.own(languages.registerCodeLensProvider(configSelector, this));
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    if (!isConfig(document)) return [];
    const lens = (title: string, command: string, ...rest: unknown[]) =>
      new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [document.uri, ...rest] });
    const { config, draft } = parseConfig(document.getText());
    const sweep = config ? l10n.t('Run Sweep ({0})', memberCount(config)) : l10n.t('Run Sweep');
    return [
      lens(`$(play) ${l10n.t('Run')}`, 'gradientDescent.run'),
      ...(draft.sweep ? [lens(`$(run-all) ${sweep}`, 'gradientDescent.runSweep')] : []),
      lens(`$(debug-step-over) ${l10n.t('Step')}`, 'gradientDescent.step'),
      lens(`$(open-preview) ${l10n.t('Open panel')}`, 'gradientDescent.openPanel'),
    ];
  }
}
