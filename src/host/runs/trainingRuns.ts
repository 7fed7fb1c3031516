import { EventEmitter, Uri, l10n, workspace } from 'vscode';
import type { RunEvent, RunIdentity } from '../../protocol/protocol';
import type { SetControls } from '../../protocol/runControls';
import { isLive, openingRun } from '../../protocol/state';
import { Disposables } from '../base/disposables';
import type { HostClock } from '../records/hostClock';
import type { RecordFolder } from '../records/recordFolder';
import type { FoundRun } from '../records/findRuns';
import { SharedRuns, ownedElsewhere } from './sharedRuns';
import { earlierRun } from './earlierRun';
import { followedOnly } from './followedOnly';
import { logRunEvent } from './logRunEvent';
import { OldestRuns } from './oldestRuns';
import { newIdentity } from './newIdentity';
import { RunAnalyses, type AnalysesOptions } from './runAnalyses';
import type { RunOwner, SweepControl } from './runOwner';
import type { RunSource } from './runSource';
import { TrainingRun } from './trainingRun';
import type { StartWorker } from '../../protocol/workerPort';

/** What the list of runs needs of its surroundings. */
export interface TrainingRunsOptions extends AnalysesOptions {
  startWorker: StartWorker;
  /** Where runs are kept. Windows may share it. */
  folder: RecordFolder;
  clock: HostClock;
  updatesPerSecond(): number;
  /** Runs kept in the list beside those that are pinned; the oldest goes first. */
  keptRuns(): number;
  /** How to read the data file of a config that was stored. */
  readFileFor(configText: string, configUri: string | undefined): RunSource['readFile'];
}

/** All runs of the folder, one of them shown, at most one of them training here; others may train in other windows. */
export class TrainingRuns extends Disposables {
  private readonly runs: TrainingRun[] = [];
  private shownRun: TrainingRun | undefined;
  /** Runs that were asked to go elsewhere, until their worker says where they are. */
  private readonly seeking = new Set<TrainingRun>();
  /** Who waits for a run that is about to rest. */
  private readonly resting = new Map<TrainingRun, () => void>();
  private readonly eventEmitter = this.own(new EventEmitter<{ run: TrainingRun; event: RunEvent }>());
  private readonly listEmitter = this.own(new EventEmitter<void>());
  /** Something happened to a run. */
  readonly onEvent = this.eventEmitter.event;
  /** A run came or went, or another one is shown. */
  readonly onListChange = this.listEmitter.event;
  /** The runs on disk, and other windows. */
  readonly shared: SharedRuns;
  private readonly oldest: OldestRuns;
  private readonly analyses: RunAnalyses;
  private readonly owner: RunOwner;

  constructor(private readonly options: TrainingRunsOptions) {
    super();
    this.shared = this.own(new SharedRuns(options, this));
    this.oldest = new OldestRuns(this, options);
    this.analyses = new RunAnalyses(options, (run) => this.releaseIfOver(run));
    this.owner = {
      startWorker: options.startWorker,
      epochs: this.shared.records,
      written: (id) => this.shared.records.behind(id),
      wake: (run) => this.shared.histories.wake(run),
      updatesPerSecond: options.updatesPerSecond,
      onEvent: (run, event) => this.runEvent(run, event),
    };
    this.own(this.onListChange(() => this.shared.wakeShown()));
  }

  /**
   * Brings back the runs of earlier windows, before those that were started meanwhile. One that was training then is
   * paused where it was last stored. The run that was shown is shown again, or else the newest.
   */
  async restore(shown?: string): Promise<void> {
    await this.shared.look();
    this.shownRun ??= this.runs.find(({ id }) => id === shown) ?? this.runs.at(-1);
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

  /** The run that commands act on: the one that trains, otherwise the one that is shown. */
  get active(): TrainingRun | undefined {
    return this.runs.find((run) => run.trainsHere) ?? this.shownRun;
  }

  /** Starts a run. One that trains is stopped first; what it reached is kept. */
  start(identity: Pick<RunIdentity, 'name' | 'configUri'>, source: RunSource, how: 'run' | 'rest'): TrainingRun {
    const earlier = earlierRun(this.runs, identity.configUri, source.configText);
    for (const run of this.runs) {
      if (run.sweep) run.sweep.pause();
      else if (!run.elsewhere && !run.isFollowed) run.release();
    }
    const run = this.add({ ...identity, ...newIdentity(), ...(earlier && { earlier }) }, source);
    this.show(run);
    void run.start(how);
    return run;
  }

  /** Adds a run that is not started here: its sweep trains it, or it trains elsewhere. */
  addStarted(identity: RunIdentity, source: RunSource, sweep?: SweepControl): TrainingRun {
    const run = this.add(identity, source);
    run.sweep = sweep;
    // Otherwise the training view would claim that there are no runs.
    this.shownRun ??= run;
    this.listEmitter.fire();
    return run;
  }

  private add(identity: RunIdentity, source: RunSource): TrainingRun {
    const run = new TrainingRun(openingRun(identity), source, this.owner);
    this.runs.push(run);
    this.shared.records.begin({ identity, configText: source.configText, seed: source.seed });
    this.oldest.drop();
    this.options.log.info(`Run ${identity.id}: ${identity.name}, seed ${source.seed}`);
    return run;
  }

  /** Starts over: same config, same seed, same start. */
  restart(run: TrainingRun): TrainingRun {
    if (run.isFollowed) throw followedOnly(run);
    const { name, configUri } = run.state.identity;
    return this.start({ name, ...(configUri && { configUri }) }, run.source, 'run');
  }

  /** Continues with a run; another one that trains is paused. */
  async resume(run: TrainingRun): Promise<void> {
    await this.change(run, () => {
      this.pauseOthers(run);
      return (run.sweep ?? run).resume();
    });
  }

  /** Trains a batch or an epoch of a run; another one that trains is paused. */
  async step(run: TrainingRun, unit: 'batch' | 'epoch'): Promise<void> {
    await this.change(run, () => {
      this.pauseOthers(run);
      return run.step(unit);
    });
  }

  /** Goes to where a run stood; another one that trains is paused. */
  async seek(run: TrainingRun, epoch: number, batch: number): Promise<void> {
    this.seeking.add(run);
    let isUnderWay = false;
    try {
      await this.change(run, async () => {
        this.pauseOthers(run);
        await run.seek(epoch, batch);
        isUnderWay = run.hasWorker;
      });
    } finally {
      if (!isUnderWay) this.seeking.delete(run);
      this.releaseIfOver(run);
    }
  }

  /** Makes a run this window's own and changes it. One that has ended meanwhile is let go of again. */
  private async change(run: TrainingRun, act: () => void | Promise<void>): Promise<void> {
    if (run.isFollowed) throw followedOnly(run);
    const turn = await this.shared.takeOver(run);
    try {
      await this.shared.histories.wake(run);
      await act();
    } finally {
      this.releaseIfOver(run, turn);
    }
  }

  /** Pauses a run that trains. Throws where it trains in another window. */
  pause(run: TrainingRun): void {
    if (run.elsewhere) throw ownedElsewhere(run);
    if (run.isFollowed) throw followedOnly(run);
    (run.sweep ?? run).pause();
  }

  /** Ends a run for good; what it reached is kept. */
  async stop(run: TrainingRun): Promise<void> {
    if (run.isFollowed) return run.follower?.stop(l10n.t('Followed no longer. It may train on elsewhere.'));
    const stop = () => (run.sweep ?? run).stop();
    await (isLive(run.state.status) ? this.change(run, stop) : stop());
  }

  /** Hands on what a person sets of a run. */
  async control(run: TrainingRun, controls: SetControls): Promise<void> {
    if (run.isFollowed) throw followedOnly(run);
    const control = () => run.control(controls);
    await (isLive(run.state.status) ? this.change(run, control) : control());
  }

  show(run: TrainingRun): void {
    this.shownRun = run;
    this.listEmitter.fire();
  }

  /**
   * Has runs that train rest, and resolves when all is stored. The workers end with the extension host. It works after `dispose`:
   * VS Code disposes of what an extension registered without waiting for what it does at its end.
   */
  async close(): Promise<void> {
    const stored = this.shared.records.flush();
    const notice = l10n.t('The window was closed or reloaded during training. Resume continues where the run stopped.');
    for (const run of this.runs) run.follower?.stop(l10n.t('The window was closed while this run was followed.'));
    await Promise.all(this.runs.filter((run) => run.trainsHere).map((run) => this.rest(run, notice)));
    await stored;
    await this.shared.stop();
  }

  /** Pauses a run, and resolves when its last epochs have come. */
  private rest(run: TrainingRun, notice: string): Promise<void> {
    return new Promise((resolve) => {
      this.resting.set(run, resolve);
      run.pause(notice);
    });
  }

  /** A run by its id. */
  runOf(id: string): TrainingRun | undefined {
    return this.runs.find((run) => run.id === id);
  }

  /** Puts a run from the disk where it belongs by its start. */
  insert({ state, header: { configText, seed } }: FoundRun): TrainingRun {
    const { configUri, name } = state.identity;
    const readFile = this.options.readFileFor(configText, configUri);
    const configFile = configUri === undefined ? name : workspace.asRelativePath(Uri.parse(configUri));
    const run = new TrainingRun(state, { configText, configFile, seed, readFile }, this.owner);
    this.place(run);
    return run;
  }

  /** Puts a run into the list, by its start. */
  place(run: TrainingRun): void {
    this.runs.push(run);
    this.runs.sort((a, b) => a.state.identity.startedAt - b.state.identity.startedAt);
  }

  /** Takes a run off the list alone. */
  takeOff(run: TrainingRun): void {
    this.runs.splice(this.runs.indexOf(run), 1);
    this.shared.histories.forget(run);
    if (this.shownRun === run) this.shownRun = this.runs.at(-1);
  }

  /** The list changed from outside. */
  changed(): void {
    this.oldest.drop();
    this.listEmitter.fire();
  }

  /** Has all others rest: one run trains at a time, or one sweep. */
  pauseOthers(next: TrainingRun | SweepControl): void {
    const sweep = next instanceof TrainingRun ? next.sweep : next;
    for (const other of this.runs) {
      if (other === next || other.elsewhere || other.isFollowed || (sweep && other.sweep === sweep)) continue;
      if (other.sweep) other.sweep.pause();
      else if (other.state.status === 'running') other.pause();
    }
  }

  private runEvent(run: TrainingRun, event: RunEvent): void {
    // One that was removed may still have something to say, and may come back.
    this.shared.records.record(event);
    if (run.state.status !== 'running') this.resting.get(run)?.();
    if (!this.runs.includes(run)) return;
    // Before anybody hears of the status: no fix is to be offered that is still to be tried.
    if (event.type === 'status') void this.analyses.tryFixes(run);
    this.eventEmitter.fire({ run, event });
    if (run.elsewhere) return;
    if (event.type === 'opened' && !run.state.curvature && !run.sweep) void this.analyses.analyze(run);
    // Two may have been asked to continue while the data of one of them were read.
    if (event.type === 'status' && event.status === 'running' && !run.sweep && !run.isFollowed) this.pauseOthers(run);
    logRunEvent(this.options.log, run, event);
    if (event.type === 'status') this.seeking.delete(run);
    if (event.type === 'status' || event.type === 'failed') this.releaseIfOver(run);
  }

  /**
   * Another window may go back in a run that is over, or remove it.
   * @param turn what `takeOver` gave, where the run is kept if it was made this window's own again since.
   */
  releaseIfOver(run: TrainingRun, turn?: number): void {
    const { records } = this.shared;
    const isBusy = isLive(run.state.status) || this.analyses.isBusy(run) || this.seeking.has(run);
    if (isBusy || records.ownerOf(run.id) !== 'this') return;
    void this.shared.release(run, turn).then(() => this.oldest.drop());
  }
}
