import { DocumentLink, Range, languages, l10n, type DocumentLinkProvider, type TextDocument } from 'vscode';
import { parseConfig } from '../../config/parseConfig';
import { Disposables } from '../base/disposables';
import { configSelector, isConfig } from './configChecks';
import { rangeOf } from './configDiagnostics';
import { dataFileOf } from './dataFiles';

const filePath = ['dataset', 'file'];

/** Makes the name of the data file in a config a link to the file. */
export class DatasetLinks extends Disposables implements DocumentLinkProvider {
  constructor() {
    super();
    this.own(languages.registerDocumentLinkProvider(configSelector, this));
  }

  provideDocumentLinks(document: TextDocument): DocumentLink[] {
    if (!isConfig(document)) return [];
    const text = document.getText();
    const uri = dataFileOf(text, document.uri);
    if (!uri) return [];
    const { start, end } = rangeOf(parseConfig(text).source.problemAt(filePath, { message: '' }));
    const link = new DocumentLink(new Range(start.translate(0, 1), end.translate(0, -1)), uri);
    link.tooltip = l10n.t('Open the data file');
    return [link];
  }
}
