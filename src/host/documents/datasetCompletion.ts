import {
  CompletionItem,
  CompletionItemKind,
  FileType,
  Range,
  Uri,
  languages,
  workspace,
  type CancellationToken,
  type CompletionItemProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import { takesClasses } from '../../config/checkLoss';
import { completionAt, type CompletionPlace } from '../../config/completion/completionAt';
import { parseConfig } from '../../config/parseConfig';
import type { ColumnSummary } from '../../data/describeTable';
import { readOptionsOf } from '../../config/readOptions';
import { configSelector, isConfig } from './configChecks';
import { dataFileOf, dataFolderOf, isDataFile, isDataOnlyFile } from './dataFiles';
import type { DatasetInspector } from './datasetInspector';
import { describeColumn } from './describeColumn';
import { Disposables } from '../base/disposables';
import { plainText } from '../base/plainText';

/** Lists the data file's columns where a config names columns, and data files where it names one. */
export class DatasetCompletion extends Disposables implements CompletionItemProvider {
  constructor(private readonly inspector: DatasetInspector) {
    super();
    this.own(languages.registerCompletionItemProvider(configSelector, this, '"', '[', ','));
  }

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<CompletionItem[] | undefined> {
    if (!isConfig(document)) return undefined;
    const place = completionAt(document.getText(), document.offsetAt(position));
    if (!place) return undefined;
    const range = new Range(document.positionAt(place.start), document.positionAt(place.end));
    const items =
      place.names === 'file' ? await fileItems(document.uri) : await this.columnItems(document, place, token);
    for (const item of items) item.range = range;
    return items;
  }

  private async columnItems(
    document: TextDocument,
    place: CompletionPlace,
    token: CancellationToken,
  ): Promise<CompletionItem[]> {
    const uri = dataFileOf(document.getText(), document.uri);
    const { dataset, loss } = parseConfig(document.getText()).draft;
    const options = dataset && 'file' in dataset ? readOptionsOf(dataset) : {};
    const summary = uri && (await this.inspector.describe(uri, options, token));
    if (!summary || summary === 'missing') return [];
    const free = summary.columns.filter(({ name }) => !place.taken.includes(name));
    return free.map((column, index) => columnItem(column, place.key, takesClasses(loss), index));
  }
}

function columnItem(
  column: ColumnSummary,
  key: CompletionPlace['key'],
  classes: boolean,
  index: number,
): CompletionItem {
  const item = quoted(column.name, CompletionItemKind.Field);
  const isClass = classes && key === 'targets';
  const { description, detail } = describeColumn(
    column,
    isClass ? 'classes' : key === 'one_hot' ? 'inputs' : undefined,
  );
  item.detail = plainText([description, detail].filter(Boolean).join('\n'));
  const wanted = isClass || key === 'one_hot' || key === 'parse_dates' ? 'text' : 'number';
  const fits = column.type === wanted && !column.constant && !column.identifier;
  item.sortText = `${fits ? 0 : 1}${String(index).padStart(6, '0')}`;
  return item;
}

async function fileItems(configUri: Uri): Promise<CompletionItem[]> {
  const folder = dataFolderOf(configUri);
  const entries = await workspace.fs.readDirectory(folder);
  const files = entries.filter(([name, type]) => type & FileType.File && isDataFile(Uri.joinPath(folder, name)));
  return files.map(([name]) => {
    const item = quoted(name, CompletionItemKind.File);
    item.sortText = `${isDataOnlyFile(Uri.joinPath(folder, name)) ? 0 : 1}${name}`;
    return item;
  });
}

function quoted(name: string, kind: CompletionItemKind): CompletionItem {
  const item = new CompletionItem(plainText(name), kind);
  item.insertText = JSON.stringify(name);
  item.filterText = item.insertText;
  return item;
}
