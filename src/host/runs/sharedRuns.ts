import { l10n, window, type Disposable, type LogOutputChannel } from 'vscode';
import type { RecordedEvent } from '../records/recordBlocks';
import type { RunStatus } from '../../protocol/protocol';
import { runName } from '../../protocol/state';
import { plainText } from '../base/plainText';
import type { TrainingRun } from '../runs/trainingRun';
import type { FoundRun } from '../records/findRuns';
import type { HostClock } from '../records/hostClock';
import { OwnedElsewhere } from '../records/ownership';
import { FileGone, type RecordFolder } from '../records/recordFolder';
import { RunRecords } from '../records/runRecords';
import { WholeHistories } from './wholeHistories';

/** Milliseconds between two looks at what other windows do. */
const lookInterval = 1000;

/** The list of runs, as what is on disk changes it. */
export interface RunList {
  readonly all: readonly TrainingRun[];
  readonly shown: TrainingRun | undefined;
  runOf(id: string): TrainingRun | undefined;
  insert(found: FoundRun): TrainingRun;
  takeOff(run: TrainingRun): void;
  show(run: TrainingRun): void;
  changed(): void;
}

/** What is needed of the surroundings. */
export interface SharedRunsOptions {
  folder: RecordFolder;
  clock: HostClock;
  log: LogOutputChannel;
}

/** Brings what is on disk and what other windows do into a list of runs, and says what is wrong with it. */
export class SharedRuns implements Disposable {
  /** The runs on disk. */
  readonly records: RunRecords;
  /** Which runs are in memory whole. */
  readonly histories: WholeHistories;
  private looking: Promise<void> | undefined;
  private stopWatching = () => {};
  /** Runs that other windows have changed since this one last made them its own. */
  private readonly moved = new WeakSet<TrainingRun>();
  /** That runs cannot be stored is said once. */
  private hasWarned = false;
  /** Files that cannot be read and have not been reported yet. */
  private unreadable: string[] = [];

  constructor(
    private readonly options: SharedRunsOptions,
    private readonly list: RunList,
  ) {
    this.records = new RunRecords(options.folder, options.clock, {
      failed: (reason) => this.failed(reason),
      unreadable: (name, reason) => {
        options.log.warn(`${name} was left alone: ${reason}`);
        this.unreadable.push(name);
      },
      full: (id) => list.runOf(id)?.pause(l10n.t('Paused because the run cannot be stored. The log says why.')),
      lost: (id) => this.lost(id),
      state: (id) => list.runOf(id)?.state,
    });
    this.histories = new WholeHistories({
      isShown: (run) => run === list.shown,
      ownerOf: (id) => this.records.ownerOf(id),
      readWhole: (id) => this.records.readWhole(id),
      woken: (run, damaged) => {
        if (damaged) this.noteDamage(run, damaged);
        list.changed();
      },
    });
  }

  /** From now on, looks at what other windows do as long as somebody could see it. */
  watch(isWatched: () => boolean): void {
    const { clock, log } = this.options;
    const next = () => {
      this.stopWatching = clock.later(() => {
        const looked = isWatched() ? this.look() : Promise.resolve();
        void looked.catch((error: unknown) => log.debug(`Runs could not be read: ${String(error)}`)).then(next);
      }, lookInterval);
    };
    next();
  }

  /** Takes in what changed in the folder. Rejects where it cannot be read. */
  look(): Promise<void> {
    return (this.looking ??= this.takeChanges().finally(() => (this.looking = undefined)));
  }

  /**
   * Makes a run this window's own before it is changed, and brings it to where its record stands. Gives the turn that began
   * with that, see `Acquired`. Rejects with a sentence for people where another window has it, or it was removed meanwhile.
   */
  async takeOver(run: TrainingRun): Promise<number | undefined> {
    try {
      // What a look has read of the run and not yet told would come after what is done to it now.
      while (this.looking && this.records.ownerOf(run.id) !== 'this') await this.looking.catch(() => {});
      const { events, reread, turn } = await this.records.acquire(run.id);
      if (!this.list.all.includes(run)) throw new FileGone(run.id);
      if (reread) run.state = reread.state;
      for (const event of events) run.apply(event);
      const isMoved = this.moved.delete(run) || reread !== undefined || events.length > 0;
      // A worker that answers questions may stand where the run stood before, and trains nothing.
      if (isMoved || (turn !== undefined && run.state.status === 'running')) run.closePort();
      if (reread) this.noteDamage(run, reread);
      this.noteOwner(run);
      return turn;
    } catch (error) {
      if (error instanceof OwnedElsewhere) throw ownedElsewhere(run);
      throw error instanceof FileGone ? new Error(l10n.t('{0} was removed.', runName(run.state))) : error;
    }
  }

  /** Lets other windows have a run that is over, see `RunRecords.release`. What cannot be stored is said. */
  async release(run: TrainingRun, turn?: number): Promise<void> {
    await this.records.release(run.id, turn).catch((error: unknown) => this.failed(String(error)));
    this.histories.wanted(run);
  }

  /** Has the run on screen in memory whole. */
  wakeShown(): void {
    const { shown } = this.list;
    if (!shown) return;
    const unreadable = (error: unknown) => this.options.log.warn(`Run ${shown.id} cannot be read: ${String(error)}`);
    this.histories.wake(shown).catch(unreadable);
  }

  /** Says that a run cannot be stored: each time in the log, once on the screen. */
  failed(reason: string): void {
    this.options.log.error(`A run could not be stored: ${reason}`);
    if (this.hasWarned) return;
    this.hasWarned = true;
    const message = l10n.t('Runs cannot be stored and will be lost when the window closes: {0}', reason);
    void window.showWarningMessage(plainText(message));
  }

  /** Stores what waits; other windows can have all runs then. */
  async stop(): Promise<void> {
    this.stopWatching();
    await this.records.stop();
  }

  dispose(): void {
    this.stopWatching();
  }

  private async takeChanges(): Promise<void> {
    const { list } = this;
    const { found, gone, events } = await this.records.look((id) => list.runOf(id) !== undefined);
    for (const id of gone) {
      const run = list.runOf(id);
      run?.closePort();
      if (run) list.takeOff(run);
    }
    for (const run of found) this.add(run);
    const before = list.all.map(({ elsewhere }) => elsewhere).join();
    for (const event of events) {
      const run = list.runOf(event.runId);
      if (!run) continue;
      run.elsewhere = true;
      this.moved.add(run);
      run.apply(withNotice(event));
      if (event.type === 'status') this.histories.wanted(run);
    }
    for (const run of list.all) this.noteOwner(run);
    this.sayUnreadable();
    const isSame = before === list.all.map(({ elsewhere }) => elsewhere).join();
    if (found.length > 0 || gone.length > 0 || !isSame) list.changed();
  }

  private add(found: FoundRun): void {
    if (this.list.runOf(found.state.identity.id)) return;
    const run = this.list.insert(found);
    this.noteOwner(run);
    if (!run.elsewhere) this.noteDamage(run, found);
  }

  /** Says of a run whether another window has it, and lets one rest whose window is gone. */
  private noteOwner(run: TrainingRun): void {
    const owner = this.records.ownerOf(run.id);
    run.elsewhere = owner === 'other';
    const { status, checkpoint } = run.state;
    if (run.elsewhere) {
      if (isBusy(status)) run.state = { ...run.state, notice: elsewhereNotice() };
    } else if (run.isFollowed) {
      if (!isBusy(status) || run.follower?.isFollowing) return;
      const notice = l10n.t('The window that followed this run was closed. Follow its file again to see the rest.');
      run.state = { ...run.state, status: 'stopped', notice };
    } else if (run.hasWorker && owner === 'this') return;
    else if (status === 'running') {
      const notice = l10n.t(
        'The window that trained this run was closed. Resume continues from epoch {0}.',
        checkpoint.epoch,
      );
      // A state of its own: a page is told what differs from the one that it knows.
      run.state = { ...run.state, status: 'paused', notice };
    } else if (status === 'opening' && owner === 'nobody') run.release();
  }

  private noteDamage(run: TrainingRun, { lost, file }: FoundRun): void {
    if (lost === 0) return;
    const { epoch } = run.state.checkpoint;
    const notice = l10n.t(
      'The last {0} bytes of {1} are damaged and were left out. The run is back at epoch {2}.',
      lost,
      file,
      epoch,
    );
    run.state = { ...run.state, notice };
    this.options.log.warn(`Run ${run.id}: ${notice}`);
  }

  private sayUnreadable(): void {
    if (this.unreadable.length === 0) return;
    const names = this.unreadable.join(', ');
    this.unreadable = [];
    const message = l10n.t('Some stored runs cannot be read: {0}. The log says why.', names);
    void window.showWarningMessage(plainText(message));
  }

  /** Another window has taken over a run, which is read again from the disk. */
  private lost(id: string): void {
    const { list } = this;
    const run = list.runOf(id);
    if (!run) return;
    const wasShown = list.shown === run;
    run.closePort();
    list.takeOff(run);
    list.changed();
    // A look that is under way may be past this run.
    const looked = (this.looking ?? Promise.resolve()).catch(() => {}).then(() => this.look());
    looked.then(
      () => {
        const again = list.runOf(id);
        if (wasShown && again) list.show(again);
      },
      (error: unknown) => this.options.log.warn(`Run ${id} could not be read again: ${String(error)}`),
    );
  }
}

function isBusy(status: RunStatus): boolean {
  return status === 'running' || status === 'opening';
}

function elsewhereNotice(): string {
  return l10n.t('This run is open in another window.');
}

/** What another window's run does, as it is shown here. The same object: records know those that they have read. */
function withNotice(event: RecordedEvent): RecordedEvent {
  return event.type === 'status' && isBusy(event.status) ? Object.assign(event, { notice: elsewhereNotice() }) : event;
}

/** Why a run cannot be changed in this window. */
export function ownedElsewhere({ state }: TrainingRun): Error {
  return new Error(l10n.t('{0} is open in another window. Close it there to change it here.', runName(state)));
}
