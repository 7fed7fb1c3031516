import {
  CompletionItem,
  CompletionItemKind,
  Range,
  languages,
  type CancellationToken,
  type CompletionItemProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import { offeredRates } from '../../advice/fixes/offeredRates';
import { ratePlaceAt } from '../../config/completion/ratePlace';
import { parseConfig } from '../../config/parseConfig';
import { Disposables } from '../base/disposables';
import { configSelector, isConfig } from './configChecks';
import { namedFilesOf } from './dataFiles';
import type { DatasetInspector } from './datasetInspector';

/** Lists the rates that the data allow where a config's rate is written, after everything else in it is known. */
export class RateCompletion extends Disposables implements CompletionItemProvider {
  constructor(private readonly inspector: DatasetInspector) {
    super();
    this.own(languages.registerCompletionItemProvider(configSelector, this, ':', ' '));
  }

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<CompletionItem[] | undefined> {
    if (!isConfig(document)) return undefined;
    const place = ratePlaceAt(document.getText(), document.offsetAt(position));
    if (!place) return undefined;
    const { config } = parseConfig(place.filled);
    const named = namedFilesOf(place.filled, document.uri);
    if (!config || named.data === 'foreign') return undefined;
    const request = { configText: place.filled, configFile: document.uri.toString(), seed: config.seed ?? 0 };
    const { report } = await this.inspector.check(request, named, token);
    const range = new Range(document.positionAt(place.start), document.positionAt(place.end));
    const typed = document.getText(range);
    return report && offeredRates(report).map(({ lr, reason }, i) => rateItem(String(lr), reason, { range, typed }, i));
  }
}

function rateItem(
  lr: string,
  reason: string,
  { range, typed }: { range: Range; typed: string },
  index: number,
): CompletionItem {
  const item = new CompletionItem(lr, CompletionItemKind.Value);
  item.detail = reason;
  item.range = range;
  // Whatever number stands there is to be replaced.
  item.filterText = typed || lr;
  item.sortText = String(index);
  item.preselect = index === 0;
  return item;
}
