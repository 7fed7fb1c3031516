import {
  EventEmitter,
  Uri,
  ViewColumn,
  commands,
  l10n,
  window,
  type Disposable,
  type Webview,
  type WebviewPanel,
  type WebviewView,
} from 'vscode';
import template from '../../../webview/index.html';
import styles from '../../../webview/styles.css';
import { checkViewMessage } from '../../protocol/checkViewRequest';
import { PageFeed } from '../../protocol/pageFeed';
import { runName } from '../../protocol/state';
import type { ViewAction, ViewMessage, ViewRequest, ViewUpdate } from '../../protocol/protocol';
import { packNumbers } from '../../protocol/postedNumbers';
import { Disposables } from '../base/disposables';
import type { OfferedFiles } from '../pickers/offeredFiles';
import { hostClock } from '../records/hostClock';
import type { ComparedRun } from './comparedRun';
import { pageHtml } from './pageHtml';
import { keptWhenHidden, trainingPanelType, trainingViewId } from './viewIds';
import { writeOnce } from './writeOnce';
import { plainText } from '../base/plainText';
import type { TrainingRun } from '../runs/trainingRun';
import type { TrainingRuns } from '../runs/trainingRuns';

/** One page on screen, in the side panel or as an editor. */
interface Page {
  webview: Webview;
  isVisible(): boolean;
  feed: PageFeed;
  /** Questions of the page that are not answered yet. */
  questions: number;
  /** Whether it draws the curve of another run too. */
  isCompared: boolean;
}

/** Questions of a page that may wait for an answer; a page of ours asks one of each kind at a time. */
const mostQuestions = 32;

type Asked = Extract<ViewRequest, { type: 'ask' }>;

/** What a page's buttons ask for. */
export type HandledRequest = Exclude<ViewRequest, { type: 'ready' | 'drawn' | 'ask' }>;

/** What the pages' buttons do. */
export type HandleViewRequest = (request: HandledRequest) => void;

/** The training view in the side panel and as an editor: both show the run that `runs` shows. Nothing is sent to a hidden page. */
export class TrainingViews extends Disposables {
  private readonly pages = new Set<Page>();
  private panel: WebviewPanel | undefined;
  /** VS Code was asked to show the side panel, and its page is not up yet. */
  private arriving = false;
  private readonly postEmitter = this.own(new EventEmitter<void>());
  /** A page was sent how the shown run stands now. */
  readonly onPost = this.postEmitter.event;
  /** The runs of an earlier window are back. */
  private isRestored = false;

  /**
   * @param restored brings back the runs of an earlier window; the first snapshot waits for it.
   * @param offered what a page without a run offers.
   * @param compared the run whose curve is drawn beside that of the shown one.
   */
  constructor(
    private readonly extensionUri: Uri,
    private readonly runs: TrainingRuns,
    private readonly restored: () => Promise<void>,
    private readonly offered: OfferedFiles,
    private readonly compared: ComparedRun,
    private readonly handle: HandleViewRequest,
  ) {
    super();
    const update = () => {
      this.pages.forEach(({ feed }) => feed.changed());
      this.offerFiles();
    };
    this.own(offered.onChange(() => this.offerFiles()));
    this.own(compared.onChange(() => this.pages.forEach((page) => this.showCompared(page))));
    this.own(runs.onListChange(update));
    this.own(runs.onEvent(({ run }) => run === runs.shown && update()));
  }

  /** Resolves once the page is written. */
  resolveWebviewView(view: WebviewView): Promise<void> {
    const page = this.addPage(view.webview, () => view.visible);
    view.onDidChangeVisibility(() => this.visibilityChanged(page));
    view.onDidDispose(() => {
      this.pages.delete(page);
      this.arriving = false;
    });
    return this.write(page, 'sidePanel');
  }

  deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    return this.adoptPanel(panel);
  }

  /** Shows the training view, in the side panel or as an editor; one that is open is brought to the front. */
  async open(where: 'sidePanel' | 'editor'): Promise<void> {
    if (where === 'sidePanel') {
      // The command is done before the page is up.
      this.arriving = !this.anyVisible;
      await commands.executeCommand(`${trainingViewId}.focus`, { preserveFocus: true });
    } else if (this.panel) {
      this.panel.reveal(undefined, true);
    } else {
      const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      await this.adoptPanel(window.createWebviewPanel(trainingPanelType, l10n.t('Training'), column, keptWhenHidden));
    }
  }

  /** True where a person sees the training view, or is about to. */
  get anyVisible(): boolean {
    return this.arriving || [...this.pages].some((page) => page.isVisible());
  }

  /** Whether a person sees in a page how a run stands. */
  isFollowed(run: TrainingRun | undefined): boolean {
    return run !== undefined && run === this.runs.shown && [...this.pages].some(({ feed }) => feed.isFollowing);
  }

  override dispose(): void {
    this.panel?.dispose();
    super.dispose();
  }

  private adoptPanel(panel: WebviewPanel): Promise<void> {
    this.panel?.dispose();
    this.panel = panel;
    panel.iconPath = Uri.joinPath(this.extensionUri, 'media', 'activity.svg');
    const page = this.addPage(panel.webview, () => panel.visible);
    const subscriptions: Disposable[] = [
      panel.onDidChangeViewState(() => this.visibilityChanged(page)),
      this.runs.onListChange(() => this.nameAfterRun(panel)),
    ];
    this.nameAfterRun(panel);
    panel.onDidDispose(() => {
      for (const subscription of subscriptions) subscription.dispose();
      this.pages.delete(page);
      if (this.panel === panel) this.panel = undefined;
    });
    return this.write(page, 'editor');
  }

  private nameAfterRun(panel: WebviewPanel): void {
    const { shown } = this.runs;
    const name = shown && runName(shown.state);
    panel.title = name ? plainText(l10n.t('Training: {0}', name)) : l10n.t('Training');
  }

  private addPage(webview: Webview, isVisible: () => boolean): Page {
    const feed = new PageFeed({
      run: () => this.runs.shown?.state,
      isVisible,
      post: (update) => {
        void webview.postMessage(packNumbers(update));
        this.postEmitter.fire();
      },
    });
    const page = { webview, isVisible, feed, questions: 0, isCompared: false };
    this.pages.add(page);
    webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(this.extensionUri, 'dist')] };
    webview.onDidReceiveMessage((message: unknown) => {
      const checked = checkViewMessage(message);
      if (checked) void this.receive(page, checked);
    });
    return page;
  }

  private async write(page: Page, place: 'sidePanel' | 'editor'): Promise<void> {
    await writeOnce(this.known(), hostClock, () => {
      if (this.pages.has(page)) page.webview.html = this.html(page.webview, place);
    });
  }

  private async known(): Promise<void> {
    await this.restored();
    this.isRestored = true;
  }

  private async receive(page: Page, { runId, request }: ViewMessage): Promise<void> {
    const isStale = runId !== undefined && runId !== this.runs.shown?.id;
    if (request.type === 'ready') {
      await this.restored();
      this.arriving = false;
      page.feed.ready(request.page);
      this.showCompared(page);
      await this.offer(page);
    } else if (request.type === 'drawn') {
      page.feed.drawn(request.update);
    } else if (isStale && isAboutRun(request)) {
      // It was meant for the run that was on screen a moment ago.
      if (request.type === 'ask') this.answer(page, refused(request, l10n.t('Another run is on screen now.')));
    } else if (request.type === 'ask') {
      await this.ask(page, request);
    } else {
      this.handle(request);
    }
  }

  /** Sends a page the curve that it draws beside the run's own; again only where it is another one. */
  private showCompared(page: Page): void {
    if (!page.feed.isFollowing) return;
    const { curve } = this.compared;
    if (curve === null && page.isCompared === false) return;
    page.isCompared = curve !== null;
    void page.webview.postMessage(packNumbers({ type: 'compared', run: curve } satisfies ViewUpdate));
  }

  private offerFiles(): void {
    for (const page of this.pages) void this.offer(page);
  }

  /** Tells a page without a run what it can offer. */
  private async offer(page: Page): Promise<void> {
    if (this.runs.shown || !page.feed.isFollowing) return;
    const files = await this.offered.find();
    if (this.pages.has(page) && page.feed.isFollowing) void page.webview.postMessage({ type: 'offers', files });
  }

  private async ask(page: Page, asked: Asked): Promise<void> {
    if (page.questions >= mostQuestions)
      return this.answer(page, refused(asked, l10n.t('Too many questions at once.')));
    page.questions++;
    try {
      const run = this.runs.shown;
      if (!run) throw new Error(l10n.t('There is no run.'));
      this.answer(page, { type: 'answer', requestId: asked.requestId, answer: await run.ask(asked.question) });
    } catch (error) {
      this.answer(page, refused(asked, error instanceof Error ? error.message : String(error)));
    } finally {
      page.questions--;
    }
  }

  /** A page that comes back may have missed events. */
  private visibilityChanged(page: Page): void {
    this.arriving = false;
    if (!page.isVisible()) return;
    page.feed.shown();
    this.showCompared(page);
    void this.offer(page);
  }

  private answer(page: Page, answer: ViewUpdate): void {
    // It may come after its page was closed.
    if (this.pages.has(page) && page.feed.isFollowing) void page.webview.postMessage(packNumbers(answer));
  }

  private html(webview: Webview, place: 'sidePanel' | 'editor'): string {
    const scriptUri = webview.asWebviewUri(Uri.joinPath(this.extensionUri, 'dist', 'webview.js')).toString();
    const shown = this.runs.shown?.state ?? (this.isRestored ? null : undefined);
    return pageHtml(shown, { template, styles, scriptUri, cspSource: webview.cspSource, place });
  }
}

function refused({ requestId }: Asked, message: string): ViewUpdate {
  return { type: 'askFailed', requestId, message };
}

const actionsOfNoRun: ViewAction[] = ['run', 'runTutorial', 'openPanel'];

function isAboutRun(request: ViewRequest): boolean {
  if (request.type === 'runOffered') return false;
  return request.type !== 'action' || !actionsOfNoRun.includes(request.action);
}
