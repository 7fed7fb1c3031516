import { setImmediate as turn } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { askedPlaces } from '../../src/host/runs/askedPlaces';
import { pageLimits } from '../../src/protocol/historyLimits';
import { PageFeed } from '../../src/protocol/pageFeed';
import type { ViewRequest, ViewUpdate, WorkerReply } from '../../src/protocol/protocol';
import type { Answer, QuestionKind } from '../../src/protocol/questions';
import { RunChecker } from '../../src/training/runChecker';
import { applyRunEvent, openingRun, type RunState } from '../../src/protocol/state';
import { Session } from '../../src/worker/session';
import type { OpenedPage } from './openPage';

const runId = 'engine';

/** The real engine in the place of the host: what the page asks for is done and answered by a session in this process. */
export class EngineHost {
  state: RunState;
  /** Kinds of the questions that the page has asked. */
  readonly asked: QuestionKind[] = [];
  private readonly session: Session;
  private isOver = false;
  private sent: Promise<unknown> = Promise.resolve();
  private readonly feed = new PageFeed({
    run: () => this.state,
    isVisible: () => true,
    post: (update) => this.send(update),
  });

  private constructor(
    private readonly page: Page,
    name: string,
  ) {
    this.state = openingRun({ id: runId, name, startedAt: 0 });
    this.session = new Session({
      post: (reply) => this.receive(reply),
      now: () => performance.now(),
      later: (task, milliseconds) => void (milliseconds > 0 ? setTimeout(task, milliseconds) : setImmediate(task)),
    });
  }

  /** Opens a config and shows the run on the page. */
  static async show({ page, endings }: OpenedPage, config: object, name = 'engine'): Promise<EngineHost> {
    const host = new EngineHost(page, name);
    const request = { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 };
    host.session.receive({ type: 'open', runId, ...request });
    while (host.state.status === 'opening') await turn();
    if (host.state.status !== 'ready') throw new Error(host.state.problems[0]?.message);
    const { report } = await new RunChecker().check(request);
    if (report) host.state = applyRunEvent(host.state, { type: 'analyzed', runId, report });
    const exposed = await page.exposeFunction('toEngine', (request: ViewRequest) => host.take(request));
    endings.push(
      () => exposed.dispose(),
      () => host.end(),
    );
    await page.evaluate(() => {
      window.fake.onRequest = (request) => (window as unknown as { toEngine(asked: unknown): void }).toEngine(request);
    });
    host.feed.ready(0);
    await host.sent;
    return host;
  }

  /** Until what has been sent is on the page. */
  get arrived(): Promise<unknown> {
    return this.sent;
  }

  /** Does what the page, or a test in its place, asks for. */
  take(request: ViewRequest): void {
    if (request.type === 'drawn') return this.feed.drawn(request.update);
    if (request.type === 'ask') {
      if (request.question.kind === 'epochs') {
        const { first, count } = request.question.query;
        const answer = this.state.history.slice(first, pageLimits, Math.min(first + count, this.state.history.length));
        return this.send({ type: 'answer', requestId: request.requestId, answer });
      }
      this.asked.push(request.question.kind);
      const { requestId, question } = request;
      this.session.receive({ type: 'ask', runId, requestId, question, ...askedPlaces(this.state, question, false) });
    } else if (request.type === 'control' || request.type === 'seek') this.session.receive({ ...request, runId });
    else if (request.type === 'action') this.act(request.action);
  }

  /** What it says from now on is lost. */
  private end(): Promise<unknown> {
    this.isOver = true;
    this.act('stop');
    return this.sent;
  }

  private act(action: Extract<ViewRequest, { type: 'action' }>['action']): void {
    if (action === 'step') this.session.receive({ type: 'step', runId, unit: 'batch' });
    else if (action === 'stepEpoch') this.session.receive({ type: 'step', runId, unit: 'epoch' });
    else if (action === 'resume' || action === 'pause' || action === 'stop')
      this.session.receive({ type: action, runId });
  }

  private receive(reply: WorkerReply): void {
    if (reply.type === 'described' || reply.type === 'checked') return;
    if (reply.type === 'answer') return this.send({ ...reply, answer: reply.answer as Answer });
    if (reply.type === 'askFailed') return this.send(reply);
    this.state = applyRunEvent(this.state, reply);
    if (reply.type === 'progress') this.session.receive({ type: 'taken', runId });
    this.feed.changed();
  }

  /** One after the other, so that the page gets them in their order. */
  private send(update: ViewUpdate): void {
    this.sent = this.sent
      .then(() => (this.isOver ? undefined : this.page.evaluate((sent) => window.fake.send(sent), update as never)))
      .catch(() => undefined);
  }
}
