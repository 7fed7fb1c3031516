import { EventEmitter } from 'vscode';
import { curveOf } from '../../protocol/history';
import type { ComparedCurve } from '../../protocol/protocol';
import { runName } from '../../protocol/state';
import { Disposables } from '../base/disposables';
import type { TrainingRun } from '../runs/trainingRun';
import type { TrainingRuns } from '../runs/trainingRuns';

/** Buckets of a curve, more than a page has pixels. */
const buckets = 2 ** 13;

/** The run whose curve the training view draws beside that of the shown one. */
export class ComparedRun extends Disposables {
  private run: TrainingRun | undefined;
  private readonly changeEmitter = this.own(new EventEmitter<void>());
  /** Pages have to draw another curve, or none. */
  readonly onChange = this.changeEmitter.event;

  constructor(private readonly runs: TrainingRuns) {
    super();
    this.own(runs.onListChange(() => this.run && this.changeEmitter.fire()));
    this.own(
      runs.onEvent(({ run, event }) => run === this.run && event.type !== 'progress' && this.changeEmitter.fire()),
    );
  }

  /** Draws the curve of this run from now on; undefined for none. */
  choose(run: TrainingRun | undefined): void {
    this.run = run;
    this.changeEmitter.fire();
  }

  /** What pages draw; null where no run was chosen, it is gone, or it is the one that is shown. */
  get curve(): ComparedCurve | null {
    const { run, runs } = this;
    if (!run || run === runs.shown || !runs.all.includes(run)) return null;
    const { history, shape } = run.state;
    // The list changes when it is there; what cannot be read stays rough.
    if (history.isRough) runs.shared.histories.wake(run).catch(() => {});
    const columns = history.slice(0, { buckets, records: 0, numbers: 0 });
    return {
      name: runName(run.state),
      training: curveOf(columns, 'loss'),
      ...(shape?.validationRows && { validation: curveOf(columns, 'valLoss') }),
    };
  }
}
