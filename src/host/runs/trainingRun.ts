import { l10n } from 'vscode';
import { errorAtStart } from '../../base/problem';
import type { RunEvent, RunStatus, WorkerReply, WorkerRequest } from '../../protocol/protocol';
import type { Answer, AnyAnswer, FileQuestion, Question, WorkerQuestion } from '../../protocol/questions';
import { Requests } from '../../protocol/requests';
import { controlsSet, type SetControls } from '../../protocol/runControls';
import type { CheckedRun } from '../../protocol/checkedRun';
import { applyRunEvent, canResume, isLive, type RunState } from '../../protocol/state';
import { askedEpochs } from './askedEpochs';
import { askedPlaces } from './askedPlaces';
import { followedOnly } from './followedOnly';
import { Opening } from './opening';
import type { FollowControl, RunOwner, SweepControl } from './runOwner';
import type { RunSource } from './runSource';
import type { WorkerPort } from '../../protocol/workerPort';

/**
 * One run and the worker that trains it. The state outlives the worker: a run whose worker is gone is opened again
 * from its checkpoint when something is asked of it.
 */
export class TrainingRun {
  private port: WorkerPort | undefined;
  private opening: Opening | undefined;
  private readonly requests = new Requests<AnyAnswer>();
  private releasing = false;
  public state: RunState;
  private restNotice: string | undefined;
  /** Another window owns the run: here it is only shown. */
  elsewhere = false;
  /** The sweep that trains the run among others. */
  sweep: SweepControl | undefined;
  /** Reads a run that trains elsewhere, while it does; see `RunIdentity.followed`. */
  follower: FollowControl | undefined;

  constructor(
    state: RunState,
    readonly source: RunSource,
    private readonly owner: RunOwner,
  ) {
    // What an earlier window was asked for is not under way here, and files may be others by now.
    const { asked: _, trying: __, surroundings: ___, ...rest } = state;
    this.state = rest;
  }

  /** Opens the run and trains, or opens it to rest before its first batch. */
  async start(how: 'run' | 'rest'): Promise<void> {
    if ((await this.ensureOpen()) && how === 'run') this.post({ type: 'resume', runId: this.id });
  }

  /** A worker that somebody else starts trains the run from now on. */
  attach(port: WorkerPort): void {
    this.port = port;
    this.opening ??= new Opening();
    this.sendUpdateRate();
  }

  async resume(): Promise<void> {
    if (await this.canGoOn()) this.post({ type: 'resume', runId: this.id });
  }

  async step(unit: 'batch' | 'epoch'): Promise<void> {
    if (await this.canGoOn()) this.post({ type: 'step', runId: this.id, unit });
  }

  /** @param notice why, where nobody asked for it. */
  pause(notice?: string): void {
    // A worker that answers questions about a run that is over would have it rest.
    if (!isLive(this.state.status)) return;
    if (notice !== undefined) this.restNotice = notice;
    this.post({ type: 'pause', runId: this.id });
    if (this.state.status === 'running') this.apply({ type: 'asked', runId: this.id, action: 'pause' });
  }

  /** Ends the run for good; what it reached is kept. A run whose data are being read fails. */
  stop(): void {
    const { status } = this.state;
    const isReopening = this.opening && !this.opening.isSettled && status !== 'opening';
    // A worker that still reads has nothing to tell: the state has all that the run reached.
    if (this.port && !isReopening) {
      if (!isLive(status)) return;
      this.post({ type: status === 'opening' ? 'cancelReading' : 'stop', runId: this.id });
      this.apply({ type: 'asked', runId: this.id, action: 'stop' });
      return;
    }
    this.closePort();
    if (this.state.status === 'opening') this.fail(l10n.t('Stopped before the data were read.'));
    else if (canResume(this.state.status)) this.setStatus('stopped');
  }

  async control(controls: SetControls): Promise<void> {
    if (await this.ensureOpen()) this.post({ type: 'control', runId: this.id, controls });
  }

  /** Tells the worker the update rate of the settings. */
  sendUpdateRate(): void {
    this.post({ type: 'setUpdateRate', updatesPerSecond: this.owner.updatesPerSecond() });
  }

  /** Goes to where the run stood after `batch` batches of epoch `epoch`, back or ahead, and rests there. */
  async seek(epoch: number, batch: number): Promise<void> {
    if (await this.ensureOpen()) this.post({ type: 'seek', runId: this.id, epoch, batch });
  }

  /** Asks the worker. Rejects with a sentence for people. */
  async ask<Q extends Question | FileQuestion>(question: Q): Promise<Answer<Q['kind']>> {
    if (this.state.history.isRough) await this.owner.wake?.(this);
    if (question.kind !== 'epochs') return this.askWorker(question);
    return askedEpochs(this.state, question.query, this.owner.epochs);
  }

  private async askWorker(question: WorkerQuestion | FileQuestion): Promise<AnyAnswer> {
    if (this.isFollowed) throw followedOnly(this);
    if (!(await this.ensureOpen()))
      throw new Error(this.state.notice ?? l10n.t('The data of this run cannot be read.'));
    const places = askedPlaces(this.state, question, this.elsewhere);
    return this.requests.send((requestId) =>
      this.post({ type: 'ask', runId: this.id, requestId, question, ...places }),
    );
  }

  /** Takes in what the run's data say about it. */
  analyzed({ report, data }: CheckedRun): void {
    if (!report && !data) return;
    this.apply({ type: 'analyzed', runId: this.id, ...(report && { report }), ...(data && { data }) });
  }

  /**
   * Lets go of the worker and of the data in its memory. A run that trains is stopped first, and its last epochs taken in;
   * one whose data are being read fails.
   */
  release(): void {
    this.releasing = true;
    if (this.state.status === 'running') return this.stop();
    this.closePort();
    if (this.state.status === 'opening') this.fail(l10n.t('Canceled before the data were read.'));
  }

  /** True while a worker has the run, or is being started for it. */
  get hasWorker(): boolean {
    return this.opening !== undefined;
  }

  /** Whether the run trains elsewhere, or did, and is only shown here. */
  get isFollowed(): boolean {
    return this.state.identity.followed !== undefined;
  }

  /** Whether the run trains in this window, and now. */
  get trainsHere(): boolean {
    return this.state.status === 'running' && !this.elsewhere && !this.isFollowed;
  }

  get id(): string {
    return this.state.identity.id;
  }

  private post(request: WorkerRequest): void {
    this.port?.post(request);
  }

  private async canGoOn(): Promise<boolean> {
    return isLive(this.state.status) && (await this.ensureOpen()) && canResume(this.state.status);
  }

  /** A run that failed stays failed, even where its data could be read by now: another run reads them again. */
  private ensureOpen(): Promise<boolean> {
    if (this.state.status === 'failed') return Promise.resolve(false);
    if (this.opening) return this.opening.promise;
    const opening = new Opening();
    this.opening = opening;
    this.releasing = false;
    this.open(opening).catch((error: unknown) => {
      if (this.opening === opening) this.workerEnded(error instanceof Error ? error.message : String(error));
    });
    return opening.promise;
  }

  private async open(opening: Opening): Promise<void> {
    const { configText, configFile, seed } = this.source;
    const file = await this.source.readFile();
    // Stopped or let go of meanwhile.
    if (this.opening !== opening) return;
    const { checkpoint, shape, seconds } = this.state;
    const controls = controlsSet(this.state);
    this.port = this.owner.startWorker({
      reply: (reply) => this.receive(reply),
      ended: (reason) => this.workerEnded(reason),
    });
    this.sendUpdateRate();
    this.post({
      type: 'open',
      runId: this.id,
      configText,
      configFile,
      seed,
      ...(file && { file }),
      ...(shape &&
        checkpoint.parameters.length > 0 && { goOn: { checkpoint, fingerprint: shape.fingerprint, seconds } }),
    });
    if (controls) this.post({ type: 'control', runId: this.id, controls });
  }

  /** Takes in what the worker says. */
  receive(reply: WorkerReply): void {
    if (reply.type === 'described' || reply.type === 'checked' || reply.runId !== this.id) return;
    switch (reply.type) {
      case 'answer':
        this.requests.resolve(reply.requestId, reply.answer);
        return;
      case 'askFailed':
        this.requests.reject(reply.requestId, new Error(reply.message));
        return;
      case 'opened':
        this.apply(reply);
        this.opening?.settle(true);
        return;
      case 'failed':
        return this.openFailed(reply);
      case 'progress':
        this.apply(reply);
        return this.taken();
      default:
        this.apply(this.withNotice(reply));
        if (this.releasing && this.state.status !== 'running') this.closePort();
    }
  }

  /** The worker may continue at once, or when the disk has caught up. */
  private taken(): void {
    const taken = () => this.post({ type: 'taken', runId: this.id });
    const written = this.owner.written?.(this.id);
    if (written) void written.then(taken);
    else taken();
  }

  private withNotice(event: RunEvent): RunEvent {
    const notice = this.restNotice;
    if (event.type !== 'status' || notice === undefined) return event;
    this.restNotice = event.status === 'paused' ? notice : undefined;
    return event.status === 'paused' ? { ...event, notice } : event;
  }

  /** A run that had opened once keeps what it reached. */
  private openFailed(event: Extract<RunEvent, { type: 'failed' }>): void {
    if (this.state.shape) this.setStatus(this.state.status, event.problems[0]?.message);
    else this.apply(event);
    this.closePort();
  }

  /** The worker ended by itself. */
  workerEnded(reason: string): void {
    this.port = undefined;
    const because = reason || l10n.t('no reason was given');
    const whileReading = l10n.t('The training worker ended while it read the data: {0}', because);
    if (this.state.status === 'opening') this.fail(whileReading);
    else if (this.state.status === 'running') {
      const notice = l10n.t(
        'The training worker ended: {0}. Everything up to epoch {1} is kept; Resume continues from there.',
        because,
        this.state.checkpoint.epoch,
      );
      this.setStatus('paused', notice);
    } else if (this.opening && !this.opening.isSettled) this.setStatus(this.state.status, whileReading);
    this.closePort();
  }

  private fail(message: string): void {
    this.apply({ type: 'failed', runId: this.id, problems: [errorAtStart(message)] });
  }

  /** Ends the worker; the run is opened again where it stands when something is asked of it. */
  closePort(): void {
    this.port?.terminate();
    this.port = undefined;
    this.opening?.settle(false);
    this.opening = undefined;
    this.requests.rejectAll(new Error(l10n.t('The training worker has ended.')));
  }

  private setStatus(status: RunStatus, notice?: string): void {
    const { trainLoss, validationLoss, divergence } = this.state;
    const event = { type: 'status' as const, runId: this.id, status, trainLoss, validationLoss };
    this.apply({ ...event, ...(divergence && { divergence }), ...(notice && { notice }) });
  }

  /** Takes in what happened to the run. */
  apply(event: RunEvent): void {
    this.state = applyRunEvent(this.state, event);
    this.owner.onEvent(this, event);
  }
}
