import { EventEmitter, Uri, l10n, window, workspace, type LogOutputChannel } from 'vscode';
import type { RunEvent, RunIdentity } from '../run/protocol';
import type { CheckedRun } from '../run/runChecker';
import type { StoredRun } from '../run/snapshotFile';
import { isLive, openingRun, restoreSnapshot } from '../run/state';
import { Disposables } from './disposables';
import { earlierRun } from './earlierRun';
import { plainText } from './plainText';
import type { RunStore } from './runStore';
import { TrainingRun, type RunOwner, type RunSource } from './trainingRun';
import type { StartWorker } from './workerPort';

/** Runs kept in the list; the oldest goes first. */
const keptRuns = 20;
/** Milliseconds between two writes of a run that trains, at least. */
const saveInterval = 2000;
/** A run that trains is written at most this share of the time, however long its history. */
const saveShare = 1 / 20;

/** What the list of runs needs of its surroundings. */
export interface TrainingRunsOptions {
  startWorker: StartWorker;
  store: RunStore;
  log: LogOutputChannel;
  updatesPerSecond(): number;
  /** What a run's data say about it. */
  check(source: RunSource, configUri: string | undefined): Promise<CheckedRun>;
  /** How to read the data file of a config that was stored. */
  readFileFor(configText: string, configUri: string | undefined): RunSource['readFile'];
}

/** All runs of this window, one of them shown, at most one of them training. */
export class TrainingRuns extends Disposables {
  private readonly runs: TrainingRun[] = [];
  private shownRun: TrainingRun | undefined;
  /** When a run that trains is to be written next, by its id. */
  private readonly saveDue = new Map<string, number>();
  private readonly eventEmitter = this.own(new EventEmitter<{ run: TrainingRun; event: RunEvent }>());
  private readonly listEmitter = this.own(new EventEmitter<void>());
  /** Something happened to a run. */
  readonly onEvent = this.eventEmitter.event;
  /** A run came or went, or another one is shown. */
  readonly onListChange = this.listEmitter.event;
  private readonly owner: RunOwner;
  private started = 0;
  /** That runs cannot be stored is said once. */
  private hasWarned = false;

  constructor(private readonly options: TrainingRunsOptions) {
    super();
    this.owner = {
      startWorker: options.startWorker,
      updatesPerSecond: options.updatesPerSecond,
      onEvent: (run, event) => this.runEvent(run, event),
    };
  }

  /**
   * Brings back the runs of an earlier window, behind those that were started meanwhile. One that was training then is
   * paused where it was last stored.
   */
  async restore(): Promise<void> {
    const stored = await this.options.store.load();
    const known = new Set(this.runs.map(({ id }) => id));
    const earlier = stored.filter(({ snapshot }) => !known.has(snapshot.identity.id));
    this.runs.unshift(...earlier.map((run) => this.restoredRun(run)));
    this.dropOldest();
    this.shownRun ??= this.runs.at(-1);
    this.listEmitter.fire();
  }

  /** All runs, oldest first. */
  get all(): readonly TrainingRun[] {
    return this.runs;
  }

  /** The run in the training view. */
  get shown(): TrainingRun | undefined {
    return this.shownRun;
  }

  /** The run that commands act on: the one that trains, or else the one that is shown. */
  get active(): TrainingRun | undefined {
    return this.runs.find((run) => run.state.status === 'running') ?? this.shownRun;
  }

  /** Starts a run. One that trains is stopped first; what it reached is kept. */
  start(identity: Pick<RunIdentity, 'name' | 'configUri'>, source: RunSource, how: 'run' | 'rest'): TrainingRun {
    const earlier = earlierRun(this.runs, identity.configUri, source.configText);
    for (const run of this.runs) run.release();
    const startedAt = Date.now();
    const id = `${startedAt.toString(36)}-${this.started++}`;
    const run = new TrainingRun(
      openingRun({ ...identity, id, startedAt, ...(earlier && { earlier }) }),
      source,
      this.owner,
    );
    this.runs.push(run);
    this.dropOldest();
    this.show(run);
    this.options.log.info(`Run ${id}: ${identity.name}, seed ${source.seed}`);
    void run.start(how);
    return run;
  }

  /** Starts over: same config, same seed, same start. */
  restart(run: TrainingRun): TrainingRun {
    const { name, configUri } = run.state.identity;
    return this.start({ name, ...(configUri && { configUri }) }, run.source, 'run');
  }

  /** Goes on with a run; another one that trains is paused. */
  async resume(run: TrainingRun): Promise<void> {
    this.pauseOthers(run);
    await run.resume();
  }

  /** Trains a batch or an epoch of a run; another one that trains is paused. */
  async step(run: TrainingRun, unit: 'batch' | 'epoch'): Promise<void> {
    this.pauseOthers(run);
    await run.step(unit);
  }

  /** Goes to where a run stood; another one that trains is paused. */
  async seek(run: TrainingRun, epoch: number, batch: number): Promise<void> {
    this.pauseOthers(run);
    await run.seek(epoch, batch);
  }

  show(run: TrainingRun): void {
    this.shownRun = run;
    this.listEmitter.fire();
  }

  /** Takes a run off the list and off the disk. */
  remove(run: TrainingRun): void {
    run.release();
    this.runs.splice(this.runs.indexOf(run), 1);
    if (this.shownRun === run) this.shownRun = this.runs.at(-1);
    this.logFailure(this.options.store.remove(run.id));
    this.listEmitter.fire();
  }

  /** Stores what may have changed since it was last stored. The workers end with the extension host. */
  async saveAll(): Promise<void> {
    await Promise.all(this.runs.filter((run) => isLive(run.state.status)).map((run) => this.save(run)));
  }

  private pauseOthers(run: TrainingRun): void {
    for (const other of this.runs) if (other !== run && other.state.status === 'running') other.pause();
  }

  private dropOldest(): void {
    while (this.runs.length > keptRuns) this.remove(this.runs[0]);
  }

  private restoredRun({ snapshot, configText, seed }: StoredRun): TrainingRun {
    const { configUri, name } = snapshot.identity;
    const readFile = this.options.readFileFor(configText, configUri);
    const configFile = configUri === undefined ? name : workspace.asRelativePath(Uri.parse(configUri));
    const run = new TrainingRun(restoreSnapshot(snapshot), { configText, configFile, seed, readFile }, this.owner);
    if (snapshot.status === 'running') {
      run.state.status = 'paused';
      run.state.notice = l10n.t(
        'The window was closed or reloaded while this run trained. Resume goes on where it stood.',
      );
    } else if (snapshot.status === 'opening') run.release();
    return run;
  }

  private runEvent(run: TrainingRun, event: RunEvent): void {
    // One that was removed may still have something to say.
    if (!this.runs.includes(run)) return;
    this.eventEmitter.fire({ run, event });
    if (event.type === 'opened' && !run.state.curvature) void this.analyze(run);
    // Two may have been asked to go on while the data of one of them were read.
    if (event.type === 'status' && event.status === 'running') this.pauseOthers(run);
    if (event.type === 'failed')
      this.options.log.warn(`Run ${run.id}: ${event.problems.map((p) => p.message).join(' | ')}`);
    if (event.type === 'status') {
      const { epoch } = run.state.checkpoint;
      this.options.log.info(
        `Run ${run.id}: ${event.status} at epoch ${epoch}, loss ${run.state.trainLoss} ${event.notice ?? ''}`,
      );
    }
    if (event.type === 'reading') return;
    if (event.type !== 'progress' || Date.now() >= (this.saveDue.get(run.id) ?? 0)) this.logFailure(this.save(run));
  }

  /** In another worker than the one that trains. */
  private async analyze(run: TrainingRun): Promise<void> {
    try {
      run.analyzed(await this.options.check(run.source, run.state.identity.configUri));
    } catch (error) {
      this.options.log.warn(`Run ${run.id} could not be looked into: ${String(error)}`);
    }
  }

  private async save(run: TrainingRun): Promise<void> {
    this.saveDue.set(run.id, Infinity);
    const start = Date.now();
    try {
      await this.options.store.save(run.id, () => run.stored());
    } finally {
      const end = Date.now();
      this.saveDue.set(run.id, end + Math.max(saveInterval, (end - start) / saveShare));
    }
  }

  private logFailure(promise: Promise<void>): void {
    promise.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.options.log.error(`A run could not be stored: ${reason}`);
      if (this.hasWarned) return;
      this.hasWarned = true;
      const message = l10n.t('Runs cannot be stored, and are lost when the window closes: {0}', reason);
      void window.showWarningMessage(plainText(message));
    });
  }
}
