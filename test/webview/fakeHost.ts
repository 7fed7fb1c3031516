/** Runs in the page, before its own script: the other side of `acquireVsCodeApi`, and the editor's theme. */
import { linearModel } from '../../src/engine/nn/layers';
import { History } from '../../src/protocol/history';
import { PageFeed } from '../../src/protocol/pageFeed';
import type { RunEvent, RunStatus, ViewMessage, ViewRequest, ViewUpdate } from '../../src/protocol/protocol';
import type { EpochsQuery } from '../../src/protocol/questions';
import { applyRunEvent, restoreSnapshot, type RunState } from '../../src/protocol/state';
import { classRun, lineRun, metricsOf, netRun, sampleAnswer } from './sampleData';
import { curvatureOf, decayingLosses, evenRun, largeRun, thin, train, tutorialRun, type SampleRun } from './sampleRuns';
import { openedStatuses, runKinds, stateOf, unopened, type RunKind } from './states';
import type { EditorTheme } from './themes';

/** What a test may do inside the page. */
export class FakeHost {
  /** What the page has asked for. */
  readonly posted: ViewRequest[] = [];
  /** The numbers of the updates that the page has drawn. */
  readonly drawn: number[] = [];
  /** The run that the last message was about. */
  about: string | undefined;
  readonly violations: string[] = [];
  readonly samples = {
    curvatureOf,
    tutorialRun,
    evenRun,
    largeRun,
    lineRun,
    classRun,
    netRun,
    metricsOf,
    decayingLosses,
    train,
    thin,
    linearModel,
    stateOf,
    unopened,
    kinds: Object.keys(runKinds) as RunKind[],
    statuses: openedStatuses,
  };
  run: SampleRun | null = null;
  /** The page is told nothing before a test shows it a run. */
  private page: number | undefined;
  private runState: RunState | undefined;
  private isShown = false;
  /** Who waits for a run to be drawn; each knows the update that carries it as soon as it is sent. */
  private readonly shown: { update?: number; drawn: () => void }[] = [];
  private readonly feed = new PageFeed({
    run: () => this.runState,
    isVisible: () => this.isShown,
    post: (update) => this.send(update),
  });
  /** Answers wait here while a test holds them back. */
  holdRows = false;
  state: unknown;
  /** Called with each request of the page. */
  onRequest: (request: ViewRequest) => void = () => undefined;

  /** Posts as the editor does: a structured clone, in a task of its own. */
  send(update: ViewUpdate): void {
    if ('update' in update) for (const waiting of this.shown) waiting.update ??= update.update;
    window.postMessage(update, '*');
  }

  event(event: RunEvent): void {
    if (this.runState) this.runState = applyRunEvent(this.runState, event);
    this.feed.changed();
  }

  /** Makes this the run on screen; resolves when the page has drawn it: keys meant for it come too early before. */
  show(run: SampleRun | null): Promise<void> {
    this.run = run;
    this.runState = run ? restoreSnapshot(run.snapshot) : undefined;
    const isFirst = !this.isShown;
    this.isShown = true;
    return new Promise((drawn) => {
      this.shown.push({ drawn });
      if (isFirst && this.page !== undefined) this.feed.ready(this.page);
      else this.feed.changed();
    });
  }

  /** Trains some epochs of the tutorial and tells the page. */
  progress(epochs: number): void {
    const run = this.run!;
    const records = train(run, epochs);
    this.event({ type: 'progress', runId: run.snapshot.identity.id, progress: { ...run.snapshot.progress, records } });
  }

  status(status: RunStatus, trainLoss = NaN): void {
    const run = this.run!;
    run.snapshot.status = status;
    this.event({ type: 'status', runId: run.snapshot.identity.id, status, trainLoss, validationLoss: NaN });
  }

  answer({ requestId, question }: Extract<ViewRequest, { type: 'ask' }>): void {
    if (!this.run) return;
    const at = 'at' in question ? this.weightsAt(question.at) : undefined;
    try {
      if (question.kind === 'epochs') {
        return this.send({ type: 'answer', requestId, answer: this.epochs(question.query) });
      }
      this.send({ type: 'answer', requestId, answer: sampleAnswer(this.run, question, at) });
    } catch (error) {
      this.send({ type: 'askFailed', requestId, message: (error as Error).message });
    }
  }

  private epochs({ first, count }: EpochsQuery) {
    const all = new History({ buckets: Infinity, records: Infinity, numbers: Infinity });
    all.append(this.run!.snapshot.progress.records);
    return all.slice(first, { buckets: count, records: 1, numbers: 0 }, first + count);
  }

  /** The parameters after this many epochs, where each epoch's are recorded; undefined: as they are now. */
  weightsAt(epochs: number | undefined): Float32Array | undefined {
    const { initial, progress } = this.run!.snapshot;
    if (epochs === undefined) return undefined;
    const { weights } = progress.records;
    return epochs === 0 ? initial : weights.subarray((epochs - 1) * initial.length, epochs * initial.length);
  }

  /** The questions for the predictions' rows in a wide page: no other table has as many rows. */
  predictionRequests(): Extract<ViewRequest, { type: 'ask' }>[] {
    return this.posted.filter(
      (request) => request.type === 'ask' && request.question.kind === 'rows' && request.question.query.count === 25,
    ) as Extract<ViewRequest, { type: 'ask' }>[];
  }

  /** Whether the curve's canvas has a pixel of exactly this colour, in its uppermost `share`. */
  curveHas(colour: readonly [number, number, number], share = 1): boolean {
    const canvas = document.querySelector('canvas')!;
    const height = Math.floor(canvas.height * share);
    if (canvas.width === 0 || height === 0) return false;
    const copy = new OffscreenCanvas(canvas.width, height).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, height);
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 255 && colour.every((value, index) => data[at + index] === value)) return true;
    }
    return false;
  }

  receive({ runId, request }: ViewMessage): void {
    if (request.type === 'drawn') {
      this.drawn.push(request.update);
      for (const { update, drawn } of this.shown) if (update !== undefined && update <= request.update) drawn();
      this.onRequest(request);
      return this.feed.drawn(request.update);
    }
    this.about = runId;
    this.posted.push(request);
    if (request.type === 'ready') {
      this.page = request.page;
      if (this.isShown) this.feed.ready(request.page);
    }
    this.onRequest(request);
    if (request.type === 'ask' && !this.holdRows) this.answer(request);
  }
}

declare global {
  interface Window {
    fake: FakeHost;
    /** Given by the test before the page loads. */
    fakeTheme: EditorTheme;
    fakeState: unknown;
    applyTheme: typeof applyTheme;
  }
}

const fake = new FakeHost();
window.fake = fake;
fake.state = window.fakeState;
document.addEventListener('securitypolicyviolation', (event) => {
  fake.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});

const api = {
  postMessage: (message: ViewMessage) => fake.receive(structuredClone(message)),
  getState: () => fake.state,
  setState: (state: unknown) => (fake.state = structuredClone(state)),
};
Object.assign(window, { acquireVsCodeApi: () => api });

/** Puts a theme on, as the editor does when it changes. */
export function applyTheme(theme: EditorTheme): void {
  const { style } = document.documentElement;
  for (const name of Array.from(style)) if (name.startsWith('--vscode-')) style.removeProperty(name);
  for (const [name, value] of Object.entries(theme.colours)) style.setProperty(`--vscode-${name}`, value);
  document.body.className = theme.bodyClass;
  document.body.dataset['vscodeThemeKind'] = theme.kind;
  const place = document.getElementById('app')?.dataset['place'] === 'editor' ? 'editor' : 'sideBar';
  style.setProperty('background-color', `var(--vscode-${place}-background)`);
}

Object.assign(window, { applyTheme });
new MutationObserver((_, observer) => {
  if (!document.getElementById('app')) return;
  observer.disconnect();
  applyTheme(window.fakeTheme);
}).observe(document, { childList: true, subtree: true });
