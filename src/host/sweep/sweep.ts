import { EventEmitter, l10n } from 'vscode';
import type { ComparedRun } from '../../compare/comparedRun';
import type { SweepProgress } from '../../compare/messages';
import type { CurvatureReport } from '../../protocol/protocol';
import { isLive, type RunState } from '../../protocol/state';
import { comparedRun } from '../../sweep/compareState';
import { MemberPool, type PoolMember } from '../../sweep/memberPool';
import type { StartWorker } from '../../protocol/workerPort';
import { Disposables } from '../base/disposables';
import type { SweepControl } from '../runs/runOwner';
import type { RunSource } from '../runs/runSource';
import type { TrainingRun } from '../runs/trainingRun';
import type { TrainingRuns } from '../runs/trainingRuns';

/** Workers for the members of sweeps, as many at a time as there are cores. */
export interface SweepWorkers {
  startWorker: StartWorker;
  jobs: number;
}

/** A member and what its run is started from. */
export interface SweepMember extends PoolMember {
  source: RunSource;
}

/** The members of a config's sweep. Each becomes a run of the list when it begins, with a record of its own. */
export class Sweep extends Disposables implements SweepControl {
  private readonly pool: MemberPool;
  private readonly changeEmitter = this.own(new EventEmitter<void>());
  /** Members began or ended, or the sweep rests or continues. */
  readonly onChange = this.changeEmitter.event;
  /** The members that train, by their index. */
  private trained: readonly number[] = [];
  private hasEnded = false;

  constructor(
    private readonly name: string,
    private readonly members: readonly SweepMember[],
    workers: SweepWorkers,
    private readonly runs: TrainingRuns,
  ) {
    super();
    this.pool = new MemberPool(members, {
      ...workers,
      begin: (index, report) => this.begin(index, report),
      changed: (index, state) => this.changed(index, state),
    });
  }

  /** Looks at all members: their limits, and why some cannot be trained. */
  async check(): Promise<ComparedRun[]> {
    await this.pool.check();
    return this.pool.states.map((state) => comparedRun(state, {}));
  }

  /** Members that were looked at and cannot be trained, with the first reason. */
  get failed(): { index: number; reason: string }[] {
    return this.pool.states.flatMap(({ status, problems }, index) =>
      status === 'failed' ? [{ index, reason: problems[0].message }] : [],
    );
  }

  /** Trains members; other runs rest meanwhile. Resolves when each is at its end, or they were stopped. */
  async train(indexes: readonly number[]): Promise<void> {
    this.trained = indexes;
    this.runs.pauseOthers(this);
    try {
      await this.pool.train(indexes);
    } finally {
      this.hasEnded = true;
      this.changeEmitter.fire();
      this.pool.dispose();
    }
  }

  pause(): void {
    if (this.pool.isPaused || this.hasEnded) return;
    this.pool.pause();
    this.changeEmitter.fire();
  }

  resume(): void {
    if (this.hasEnded) return;
    this.runs.pauseOthers(this);
    this.pool.resume();
    this.changeEmitter.fire();
  }

  stop(): void {
    this.pool.stop();
  }

  get title(): string {
    return l10n.t('Sweep of {0}: {1} Runs', this.name, this.trained.length);
  }

  /** Ids of the runs of the members that train, also of those that have not begun. */
  get ids(): string[] {
    return this.trained.map((index) => this.members[index].identity.id);
  }

  get progress(): SweepProgress {
    const states = this.trained.map((index) => this.pool.stateOf(index));
    return {
      members: states.length,
      ended: states.filter(({ status }) => !isLive(status)).length,
      status: this.hasEnded ? 'ended' : this.pool.isPaused ? 'paused' : 'running',
    };
  }

  override dispose(): void {
    this.pool.dispose();
    super.dispose();
  }

  private begin(index: number, report: CurvatureReport | undefined): TrainingRun {
    const { identity, source } = this.members[index];
    const run = this.runs.addStarted({ ...identity, startedAt: Date.now() }, source, this);
    if (report) run.analyzed({ problems: [], report });
    this.changeEmitter.fire();
    return run;
  }

  private changed(index: number, { status }: RunState): void {
    if (isLive(status)) return;
    const run = this.runs.runOf(this.members[index].identity.id);
    // It is a run like another then.
    if (run) run.sweep = undefined;
    this.changeEmitter.fire();
  }
}
