import { dismissHelper } from '../engine/kernels/helper';
import { openRun, type OpenedRun } from '../run/openRun';
import type { RunStatus, WorkerReply, WorkerRequest } from '../run/protocol';
import { describeFile } from '../data/describeTable';
import { RowsPager } from '../run/rowsPager';
import { TrainingLoop, type Clock } from './trainingLoop';

/** Inputs, in numbers, whose loss is worked out before a pause is told of. */
const mostAtOnce = 2 ** 20;
const unknownLosses = { trainLoss: NaN, validationLoss: NaN };

/** What a session needs of the place it runs in. */
export interface SessionPlace extends Clock {
  post(reply: WorkerReply): void;
}

/** The engine behind messages: opens one run at a time, trains it and answers questions about it. Knows no transport. */
export class Session {
  private run: { id: string; opened: OpenedRun; loop: TrainingLoop; pager: RowsPager } | undefined;
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
      case 'rows':
        return this.place.post({
          type: 'rows',
          runId,
          requestId: request.requestId,
          page: run.pager.page(request.query),
        });
    }
  }

  private open(request: Extract<WorkerRequest, { type: 'open' }>): void {
    const { runId, checkpoint } = request;
    this.run?.loop.pause('stopped');
    this.run = undefined;
    // It would keep the dataset of the run before.
    dismissHelper();
    const result = openRun(request);
    if ('problems' in result) return this.place.post({ type: 'failed', runId, problems: result.problems });
    const { trainer, shape, initial } = result;
    const opened = { trainLoss: trainer.fullTrainLoss(), validationLoss: trainer.fullValidationLoss() };
    if (checkpoint) trainer.restore(checkpoint);
    const loop = new TrainingLoop(trainer, shape.epochs, this.place, {
      progress: (progress) => this.place.post({ type: 'progress', runId, progress }),
      status: this.statusPoster(runId, result),
    });
    loop.setUpdateRate(this.updatesPerSecond);
    this.run = { id: runId, opened: result, loop, pager: new RowsPager(result) };
    this.place.post({ type: 'opened', runId, shape, initial, ...opened });
  }

  /** Posts each status of a run; after a pause over many rows, posts it again with the losses, which take a while. */
  private statusPoster(runId: string, run: OpenedRun): (status: RunStatus) => void {
    const { dataset } = run.trainer.parts;
    const isLarge = dataset.inputs.length > mostAtOnce;
    let posted = 0;
    return (status) => {
      const isLate = status === 'paused' && isLarge;
      this.place.post({ type: 'status', runId, status, ...(isLate ? unknownLosses : lossesAt(status, run)) });
      const count = ++posted;
      if (!isLate) return;
      this.place.later(() => {
        if (count === posted) this.place.post({ type: 'status', runId, status, ...lossesAt(status, run) });
      }, 0);
    };
  }
}

/** A running model's loss over all rows would be out of date before it is read. */
function lossesAt(status: RunStatus, { trainer }: OpenedRun) {
  const { divergence } = trainer;
  if (status === 'running') return unknownLosses;
  return {
    trainLoss: trainer.fullTrainLoss(),
    validationLoss: trainer.fullValidationLoss(),
    ...(divergence && { divergence }),
  };
}
