import { DocumentLink, Range, languages, l10n, type DocumentLinkProvider, type TextDocument } from 'vscode';
import { parseConfig } from '../../config/parseConfig';
import { Disposables } from '../base/disposables';
import { configSelector, isConfig } from './configChecks';
import { rangeOf } from './configDiagnostics';
import { namedFilesOf, type NamedFiles } from './dataFiles';

/** Makes the names of the data files in a config links to the files. */
export class DatasetLinks extends Disposables implements DocumentLinkProvider {
  constructor() {
    super();
    this.own(languages.registerDocumentLinkProvider(configSelector, this));
  }

  provideDocumentLinks(document: TextDocument): DocumentLink[] {
    if (!isConfig(document)) return [];
    const text = document.getText();
    const { data, validation } = namedFilesOf(text, document.uri);
    return [linkTo(text, 'file', data), linkTo(text, 'validation_file', validation)].flat();
  }
}

function linkTo(text: string, key: string, uri: NamedFiles['data']): DocumentLink[] {
  if (uri === undefined || uri === 'foreign') return [];
  const { start, end } = rangeOf(parseConfig(text).source.problemAt(['dataset', key], { message: '' }));
  const link = new DocumentLink(new Range(start.translate(0, 1), end.translate(0, -1)), uri);
  link.tooltip = l10n.t('Open the data file');
  return [link];
}
