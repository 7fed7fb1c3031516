import { CodeLens, Range, l10n, languages, type CodeLensProvider, type TextDocument } from 'vscode';
import { configSelector, isConfig } from './configChecks';
import { Disposables } from '../base/disposables';

/** Run, Step and Open panel above a config's first line. */
export class ConfigCodeLens extends Disposables implements CodeLensProvider {
  constructor() {
    super();
    this.own(languages.registerCodeLensProvider(configSelector, this));
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    if (!isConfig(document)) return [];
    const lens = (title: string, command: string, ...rest: unknown[]) =>
      new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [document.uri, ...rest] });
    return [
      lens(`$(play) ${l10n.t('Run')}`, 'gradientDescent.run'),
      lens(`$(debug-step-over) ${l10n.t('Step')}`, 'gradientDescent.step'),
      lens(`$(open-preview) ${l10n.t('Open panel')}`, 'gradientDescent.openPanel'),
    ];
  }
}
