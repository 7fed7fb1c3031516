import { StatusBarAlignment, l10n, window } from 'vscode';
import { formatCount } from '../../base/format';
import { isLive, runName, shownLoss } from '../../protocol/state';
import { Disposables } from '../base/disposables';
import { plainText } from '../base/plainText';
import { formatLoss } from '../runs/runsTree';
import type { TrainingRuns } from '../runs/trainingRuns';
import type { TrainingViews } from '../views/trainingViews';

/** Milliseconds from one change to the next where no page shows the run, or the page does not get on. */
const interval = 100;
const patience = 1000;

/**
 * One item while a run lives: epoch and loss; a click opens the panel. Where a page shows the run, the item changes when
 * the page does, so that both have the same numbers.
 */
export class RunStatusBar extends Disposables {
  private readonly item = this.own(window.createStatusBarItem('gradientDescent.run', StatusBarAlignment.Left));

  private updatedAt = -Infinity;
  /** Of an update that came too soon after the last one. */
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly runs: TrainingRuns,
    private readonly views: TrainingViews,
  ) {
    super();
    this.item.name = 'Gradient Descent';
    this.item.command = 'gradientDescent.openPanel';
    this.own(runs.onEvent(({ event }) => this.updateByTime(event.type === 'progress' ? interval : 0)));
    this.own(runs.onListChange(() => this.update()));
    this.own(views.onPost(() => this.update()));
    this.own({ dispose: () => clearTimeout(this.timer) });
  }

  private updateByTime(wait: number): void {
    const least = this.views.isFollowed(this.runs.active) ? patience : wait;
    const rest = least - (performance.now() - this.updatedAt);
    if (rest <= 0) return this.update();
    // There may be no other event after this one.
    this.timer ??= setTimeout(() => this.update(), rest);
  }

  private update(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.updatedAt = performance.now();
    const state = this.runs.active?.state;
    const { item } = this;
    if (!state || !isLive(state.status)) return item.hide();
    const { shape, checkpoint, status } = state;
    const name = runName(state);
    const icon = status === 'running' || status === 'opening' ? 'sync~spin' : 'debug-pause';
    const loss = formatLoss(shownLoss(state));
    const epoch = shape && l10n.t('epoch {0}/{1}', formatCount(checkpoint.epoch), formatCount(shape.epochs));
    const parts = [epoch, loss && l10n.t('loss {0}', loss)];
    item.text = `$(${icon}) ${parts.filter(Boolean).join(' · ') || plainText(name)}`;
    item.tooltip = plainText(l10n.t('Gradient Descent: {0}. Open the training panel.', name));
    item.show();
  }
}
