import { errorAtStart } from '../base/problem';
import type { ByteSource, ReadWatch } from '../data/bytes/byteSource';
import { analyzeOpened } from '../training/analyzeRun';
import { runSigns } from '../training/dataReport';
import { openRun, openSource, type OpenedRun, type OpeningPlace } from '../training/openRun';
import type { Helper } from '../engine/kernels/helper';
import type { EpochColumns } from '../protocol/history';
import type { FailedReply, RunStatus, WorkerReply, WorkerRequest } from '../protocol/protocol';
import { describeFile } from '../data/describeTable';
import { answerWithFile } from '../exports/answerWithFile';
import { handOver } from '../exports/torchrun/handOver';
import { Answerer } from '../answers/answerer';
import { tryConfig } from '../answers/fixTrial';
import { KeptRows } from '../training/keptRows';
import { RunChecker } from '../training/runChecker';
import { TrainingLoop, usualUpdateRate, type Clock } from './trainingLoop';

/** Number of input values whose loss is computed before a pause is reported. */
const mostAtOnce = 2 ** 20;
const unknownLosses = { trainLoss: NaN, validationLoss: NaN };

/** What a session needs of the place it runs in. */
export interface SessionPlace extends Clock {
  /** Buffers of `transfer` are given away where the place can do that: the session does not look at them again. */
  post(reply: WorkerReply, transfer?: ArrayBuffer[]): void;
  /** Opens a local file. Rejects where that cannot be done. */
  openFile?(path: string): Promise<ByteSource>;
  /** A second thread for large batches; one at a time trains with it. */
  helper?: Helper;
}

/** A request about a run. */
type RunRequest = Exclude<
  WorkerRequest,
  { type: 'open' | 'setUpdateRate' | 'describe' | 'check' | 'checkEach' | 'cancel' }
>;

type Check = Extract<WorkerRequest, { type: 'checkEach' }>['checks'][number];

type Asked = Extract<WorkerRequest, { type: 'ask' }>;

/** A run whose config and data are being read. */
interface Opening {
  runId: string;
  cancelled: boolean;
  /** What was asked of the run meanwhile. */
  waiting: RunRequest[];
}

const changedData =
  'The data changed since this run started, so it cannot continue. Restart trains on the data as it is now.';
/** Milliseconds of reading before anything is said about it, and between two messages then. */
const quietTime = 500;
const readingInterval = 100;

/** The engine behind messages: opens one run at a time, trains it and answers questions about it. Knows no transport. */
export class Session {
  private run: { id: string; opened: OpenedRun; loop: TrainingLoop; answerer: Answerer } | undefined;
  private opening: Opening | undefined;
  private readonly questions: Asked[] = [];
  private readonly checker = new RunChecker();
  private readonly kept = new KeptRows();
  /** Checks and descriptions under way that were not given up, by their request. */
  private readonly wanted = new Set<number>();
  private updatesPerSecond = usualUpdateRate;

  constructor(private readonly place: SessionPlace) {}

  /** Takes a message. Whatever goes wrong is answered with a message too. */
  receive(request: WorkerRequest): void {
    switch (request.type) {
      case 'open':
        this.open(request).catch((error: unknown) => this.openFailed(request.runId, error));
        return;
      case 'setUpdateRate':
        this.updatesPerSecond = request.updatesPerSecond;
        this.run?.loop.setUpdateRate(request.updatesPerSecond);
        return;
      case 'describe':
        return void this.describe(request);
      case 'check':
        return void this.check(request);
      case 'checkEach':
        return void this.checkEach(request.checks);
      case 'cancel':
        return void this.wanted.delete(request.requestId);
      default:
        if (this.opening?.runId === request.runId) this.wait(this.opening, request);
        else if (this.run?.id === request.runId) this.control(this.run, request);
    }
  }

  private wait(opening: Opening, request: RunRequest): void {
    if (request.type === 'cancelReading' || request.type === 'stop') opening.cancelled = true;
    else opening.waiting.push(request);
  }

  private control(run: NonNullable<Session['run']>, request: RunRequest): void {
    const { runId } = request;
    switch (request.type) {
      case 'resume':
        return run.loop.resume();
      case 'taken':
        return run.loop.taken();
      case 'pause':
        return run.loop.pause('paused');
      case 'stop':
      case 'cancelReading':
        return run.loop.pause('stopped');
      case 'step':
        return run.loop.step(request.unit);
      case 'control':
        run.loop.control(request.controls);
        return this.place.post({ type: 'controlled', runId, controls: request.controls });
      case 'seek':
        return run.loop.seek(request);
      case 'ask':
        return this.answerLater(request);
    }
  }

  /** One answer at a time, and between two of them what else has come: a pause does not wait for the questions before it. */
  private answerLater(asked: Asked): void {
    this.questions.push(asked);
    if (this.questions.length === 1) this.planAnswer();
  }

  private planAnswer(): void {
    this.place.later(() => {
      const [asked] = this.questions;
      if (this.run?.id === asked.runId) void this.answer(this.run, asked);
      this.questions.shift();
      if (this.questions.length > 0) this.planAnswer();
    }, 0);
  }

  /** Files may take a while, and other questions do not wait for them. */
  private async answer({ answerer, opened }: NonNullable<Session['run']>, request: Asked): Promise<void> {
    const { runId, requestId, question, parameters, path } = request;
    try {
      const answer =
        question.kind === 'export' || question.kind === 'predict'
          ? await answerWithFile(opened, question, { ...this.place, turn: this.turn })
          : question.kind === 'sharpness'
            ? await answerer.sharpness(parameters, this.turn)
            : question.kind === 'handOver'
              ? handOver({ ...question.query, run: opened }, question.query.part)
              : question.kind === 'analysis'
                ? analyzeOpened(opened)
                : question.kind === 'trial'
                  ? tryConfig(opened, question.query.configText)
                  : answerer.answer(question, parameters, path);
      this.place.post({ type: 'answer', runId, requestId, answer });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.place.post({ type: 'askFailed', runId, requestId, message });
    }
  }

  /** Opens a run. Another one that is opened meanwhile takes its place, and this one is never heard of again. */
  private async open(request: Extract<WorkerRequest, { type: 'open' }>): Promise<void> {
    const { runId, goOn } = request;
    this.run?.loop.pause('stopped');
    this.run = undefined;
    const opening: Opening = { runId, cancelled: false, waiting: [] };
    this.opening = opening;
    // It would keep the dataset of the run before.
    this.place.helper?.dismiss();
    // Its last report was made of the rows that this run may take over.
    if (request.rows !== undefined) this.checker.forget();
    const place = this.openingPlace(this.watchReading(opening));
    const { helper } = this.place;
    const result = await openRun(request, { ...place, kept: this.kept, ...(helper && { helper }) });
    if (this.opening !== opening) return;
    this.opening = undefined;
    if ('problems' in result) return this.place.post({ type: 'failed', runId, problems: result.problems });
    if (opening.cancelled) throw new Error('reading the data was cancelled');
    const { trainer, shape, initial, notes } = result;
    if (goOn && goOn.fingerprint !== shape.fingerprint) throw new Error(changedData);
    const opened = { trainLoss: trainer.fullTrainLoss(), validationLoss: trainer.fullValidationLoss() };
    const answerer = new Answerer(result, () => this.place.now());
    const loop = new TrainingLoop(trainer, shape.epochs, this.place, {
      progress: (progress) => this.place.post({ type: 'progress', runId, progress }, buffersOf(progress.records)),
      status: this.statusPoster(runId, result, answerer),
    });
    // Where nothing was trained yet there is nothing to take up.
    if (goOn && (goOn.checkpoint.epoch > 0 || goOn.checkpoint.batch > 0)) trainer.restore(goOn.checkpoint);
    if (goOn) loop.goOnAfter(goOn.seconds);
    loop.setUpdateRate(this.updatesPerSecond);
    this.run = { id: runId, opened: result, loop, answerer };
    this.place.post({ type: 'opened', runId, shape, initial, ...opened, notes });
    for (const waiting of opening.waiting) this.receive(waiting);
  }

  /** What is thrown after another run took the place of this one concerns nobody. */
  private openFailed(runId: string, error: unknown): void {
    if (this.run || (this.opening && this.opening.runId !== runId)) return;
    this.opening = undefined;
    const message = error instanceof Error ? error.message : String(error);
    this.place.post({ type: 'failed', runId, problems: [errorAtStart(message)] });
  }

  private watchReading(opening: Opening): ReadWatch {
    const { runId } = opening;
    const start = this.place.now();
    let due = start + quietTime;
    return {
      progress: (bytes, size) => {
        const now = this.place.now();
        if (now < due || opening !== this.opening) return;
        due = now + readingInterval;
        this.place.post({ type: 'reading', runId, bytes, ...(size !== undefined && { size }) });
      },
      cancelled: () => opening.cancelled || opening !== this.opening,
      turn: this.turn,
    };
  }

  /** Lets messages that wait get through. */
  private readonly turn = () => new Promise<void>((resolve) => this.place.later(resolve, 0));

  private async checkEach(checks: readonly Check[]): Promise<void> {
    for (const check of checks) await this.check(check);
  }

  private async check({ requestId, request }: Check): Promise<void> {
    const answer = await this.inspect(requestId, async (watch) => ({
      checked: await this.checker.check(request, {
        ...this.openingPlace(watch),
        // Rows that a run trains on are not to be had.
        ...(!this.run && !this.opening && { kept: this.kept }),
      }),
    }));
    this.place.post({ type: 'checked', requestId, ...answer });
  }

  /** What is found out, or why nothing is. One that is given up stops reading. */
  private async inspect<T>(requestId: number, find: (watch: ReadWatch) => Promise<T>): Promise<T | FailedReply> {
    this.wanted.add(requestId);
    try {
      const answer = await find({ turn: this.turn, cancelled: () => !this.wanted.has(requestId) });
      return this.wanted.has(requestId) ? answer : { failed: 'reading was cancelled' };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    } finally {
      this.wanted.delete(requestId);
    }
  }

  private openingPlace(watch: ReadWatch): OpeningPlace {
    return { ...(this.place.openFile && { openFile: this.place.openFile }), watch };
  }

  private async describe(request: Extract<WorkerRequest, { type: 'describe' }>): Promise<void> {
    const { requestId, options, head } = request;
    const answer = await this.inspect(requestId, async (watch) => {
      const file = await openSource(request.file, this.place.openFile);
      return { summary: await describeFile(file.content, file.name, options, watch, head) };
    });
    this.place.post({ type: 'described', requestId, ...answer });
  }

  /** Posts each status of a run; after a pause over many rows, posts it again with what takes a while over all rows. */
  private statusPoster(runId: string, run: OpenedRun, answerer: Answerer): (status: RunStatus) => void {
    const { dataset } = run.trainer.parts;
    const isLarge = dataset.inputs.length > mostAtOnce;
    let posted = 0;
    return (status) => {
      const isLate = status === 'paused' && isLarge;
      this.place.post({ type: 'status', runId, status, ...(isLate ? unknownLosses : restAt(status, run, answerer)) });
      const count = ++posted;
      if (!isLate) return;
      this.place.later(() => {
        if (count === posted) this.place.post({ type: 'status', runId, status, ...restAt(status, run, answerer) });
      }, 0);
    };
  }
}

function buffersOf({ loss, batchLoss, valLoss, lr, weights }: EpochColumns): ArrayBuffer[] {
  return [loss, batchLoss, valLoss, lr, weights].map(({ buffer }) => buffer as ArrayBuffer);
}

/** What is said of all rows while a run rests. Of a running model it would be out of date before it is read. */
function restAt(status: RunStatus, run: OpenedRun, answerer: Answerer) {
  const { trainer } = run;
  const { divergence } = trainer;
  if (status === 'running') return unknownLosses;
  return {
    trainLoss: trainer.fullTrainLoss(),
    validationLoss: trainer.fullValidationLoss(),
    metrics: answerer.metrics(),
    signs: runSigns(run),
    ...(divergence && { divergence }),
  };
}
