import { openRun, type OpenedRun } from '../run/openRun';
import type { RunStatus, WorkerReply, WorkerRequest } from '../run/protocol';
import { describeFile } from '../data/describeTable';
import { Answerer } from '../run/answerer';
import { TrainingLoop, type Clock } from './trainingLoop';

/** What a session needs of the place it runs in. */
export interface SessionPlace extends Clock {
  post(reply: WorkerReply): void;
}

/** The engine behind messages: opens one run at a time, trains it and answers questions about it. Knows no transport. */
export class Session {
  private run: { id: string; opened: OpenedRun; loop: TrainingLoop; answerer: Answerer } | undefined;
  private updatesPerSecond = 30;

  constructor(private readonly place: SessionPlace) {}

  /** Takes a message. Whatever goes wrong is answered with a message too. */
  receive(request: WorkerRequest): void {
    switch (request.type) {
      case 'open':
        return this.open(request);
      case 'setUpdateRate':
        this.updatesPerSecond = request.updatesPerSecond;
        this.run?.loop.setUpdateRate(request.updatesPerSecond);
        return;
      case 'describe':
        return this.place.post({
          type: 'described',
          requestId: request.requestId,
          summary: describeFile(request.file.content, request.file.name),
        });
      default:
        if (this.run?.id === request.runId) this.control(this.run, request);
    }
  }

  private control(
    run: NonNullable<Session['run']>,
    request: Exclude<WorkerRequest, { type: 'open' | 'setUpdateRate' | 'describe' }>,
  ): void {
    const { runId } = request;
    switch (request.type) {
      case 'resume':
        return run.loop.resume();
      case 'pause':
        return run.loop.pause('paused');
      case 'stop':
        return run.loop.pause('stopped');
      case 'step':
        return run.loop.step(request.unit);
      case 'setSpeed':
        run.loop.setSpeed(request.batchesPerSecond);
        return this.place.post({ type: 'speed', runId, batchesPerSecond: request.batchesPerSecond });
      case 'seek':
        return run.loop.seek(request);
      case 'ask':
        return this.answer(run, request);
    }
  }

  private answer({ answerer }: NonNullable<Session['run']>, request: Extract<WorkerRequest, { type: 'ask' }>): void {
    const { runId, requestId, question, parameters } = request;
    try {
      this.place.post({ type: 'answer', runId, requestId, answer: answerer.answer(question, parameters) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.place.post({ type: 'askFailed', runId, requestId, message });
    }
  }

  private open(request: Extract<WorkerRequest, { type: 'open' }>): void {
    const { runId, checkpoint } = request;
    this.run?.loop.pause('stopped');
    this.run = undefined;
    const result = openRun(request);
    if ('problems' in result) return this.place.post({ type: 'failed', runId, problems: result.problems });
    const { trainer, shape, initial } = result;
    const opened = { trainLoss: trainer.fullTrainLoss(), validationLoss: trainer.fullValidationLoss() };
    const loop = new TrainingLoop(trainer, shape.epochs, this.place, {
      progress: (progress) => this.place.post({ type: 'progress', runId, progress }),
      status: (status) => this.place.post({ type: 'status', runId, status, ...lossesAt(status, result) }),
    });
    if (checkpoint) trainer.restore(checkpoint);
    loop.setUpdateRate(this.updatesPerSecond);
    this.run = { id: runId, opened: result, loop, answerer: new Answerer(result, () => this.place.now()) };
    this.place.post({ type: 'opened', runId, shape, initial, ...opened });
  }
}

/** A running model's loss over all rows would be out of date before it is read. */
function lossesAt(status: RunStatus, { trainer }: OpenedRun) {
  const { divergence } = trainer;
  const resting = status !== 'running';
  return {
    trainLoss: resting ? trainer.fullTrainLoss() : NaN,
    validationLoss: resting ? trainer.fullValidationLoss() : NaN,
    ...(divergence && { divergence }),
  };
}
