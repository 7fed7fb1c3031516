import { EventEmitter, Uri, ViewColumn, l10n, window, type Memento, type WebviewPanel } from 'vscode';
import template from '../../../webview/index.html';
import styles from '../../../webview/styles.css';
import { checkCompareMessage, readCompareState, type CompareRequest } from '../../compare/messages';
import { packNumbers } from '../../protocol/postedNumbers';
import { Disposables } from '../base/disposables';
import { plainText } from '../base/plainText';
import { diffConfigs, openRunConfig } from '../runs/recordedConfigs';
import type { Sweep } from '../sweep/sweep';
import type { TrainingRun } from '../runs/trainingRun';
import type { TrainingRuns } from '../runs/trainingRuns';
import { scriptPage } from '../views/pageHtml';
import { comparePanelType } from '../views/viewIds';
import { CompareFeed } from './compareFeed';

/** Under this name the runs of the comparison that was opened last are remembered. */
const lastKey = 'compare.last';

type RunsRequest = Exclude<CompareRequest, { type: 'sweep' }>;

/** Comparisons of runs as editors, each of the runs that it was opened for. */
export class CompareViews extends Disposables {
  private readonly openEmitter = this.own(new EventEmitter<TrainingRun>());
  /** A run of a comparison is to be shown in the training view. */
  readonly onOpen = this.openEmitter.event;
  private readonly panels = new Set<WebviewPanel>();

  /**
   * @param restored brings back the runs of an earlier window.
   * @param memory of the workspace.
   */
  constructor(
    private readonly extensionUri: Uri,
    private readonly runs: TrainingRuns,
    private readonly restored: () => Promise<void>,
    private readonly memory: Memento,
  ) {
    super();
  }

  /** Whether a person sees a comparison. */
  get anyVisible(): boolean {
    return [...this.panels].some(({ visible }) => visible);
  }

  /** Opens a comparison of some runs. */
  show(runs: readonly TrainingRun[]): void {
    this.open(runs.map(({ id }) => id));
  }

  /** Opens a comparison of the members of a sweep, which are in it as soon as they begin. */
  showSweep(sweep: Sweep): void {
    this.open(sweep.ids, sweep);
  }

  private open(ids: string[], sweep?: Sweep): void {
    void this.memory.update(lastKey, ids);
    this.adopt(window.createWebviewPanel(comparePanelType, '', ViewColumn.Active, {}), ids, sweep);
  }

  deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const kept = readCompareState(state);
    // VS Code stores a page's state now and then, and a page that was reloaded before has none.
    this.adopt(panel, kept.length > 0 ? kept : this.memory.get<string[]>(lastKey, []));
    return Promise.resolve();
  }

  private adopt(panel: WebviewPanel, ids: readonly string[], sweep?: Sweep): void {
    const { webview } = panel;
    panel.title = plainText(sweep ? sweep.title : l10n.t('Compare {0} Runs', ids.length));
    panel.iconPath = Uri.joinPath(this.extensionUri, 'media', 'activity.svg');
    webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(this.extensionUri, 'dist')] };
    const feed = new CompareFeed(
      ids,
      { find: (id) => this.runs.runOf(id), wholeOf: (run) => this.runs.shared.histories.wholeOf(run) },
      (update) => void webview.postMessage(packNumbers(update)),
      () => sweep?.progress,
    );
    const chosen = new Set(ids);
    const subscriptions = [
      this.runs.onEvent(({ run }) => chosen.has(run.id) && feed.changed(run.id)),
      this.runs.onListChange(() => feed.listChanged()),
      ...(sweep ? [sweep.onChange(() => feed.sweepChanged())] : []),
      webview.onDidReceiveMessage((message: unknown) => {
        const request = checkCompareMessage(message);
        if (request?.type === 'sweep') sweep?.[request.action]();
        else if (request) void this.receive(feed, ids, request);
      }),
    ];
    this.panels.add(panel);
    panel.onDidDispose(() => {
      this.panels.delete(panel);
      feed.close();
      for (const subscription of subscriptions) void subscription.dispose();
    });
    const scriptUri = webview.asWebviewUri(Uri.joinPath(this.extensionUri, 'dist', 'compare.js')).toString();
    webview.html = scriptPage({ template, styles, scriptUri, cspSource: webview.cspSource, place: 'editor' });
  }

  private async receive(feed: CompareFeed, ids: readonly string[], request: RunsRequest): Promise<void> {
    await this.restored();
    if (request.type === 'ready') return feed.ready();
    if (request.type === 'drawn') return feed.drawn(request.update);
    // It may only name runs that it shows.
    const asked = request.type === 'diff' ? request.ids : [request.id];
    const runs = asked.flatMap((id) => (ids.includes(id) ? (this.runs.runOf(id) ?? []) : []));
    if (runs.length < asked.length) return;
    if (request.type === 'open') this.openEmitter.fire(runs[0]);
    else if (request.type === 'config') await openRunConfig(runs[0]);
    else await diffConfigs(runs[0], runs[1]);
  }
}
