import { EventEmitter, MarkdownString, ThemeIcon, TreeItem, l10n, window, type TreeDataProvider } from 'vscode';
import { formatCount, formatNumber, formatShortest } from '../format';
import type { RunEvent, RunShape, RunStatus } from '../run/protocol';
import { shownLoss } from '../run/state';
import { Disposables } from './disposables';
import type { TrainingRun } from './trainingRun';
import type { TrainingRuns } from './trainingRuns';

const icons: Record<RunStatus, string> = {
  opening: 'loading~spin',
  ready: 'circle-outline',
  running: 'sync~spin',
  paused: 'debug-pause',
  finished: 'pass',
  stopped: 'debug-stop',
  diverged: 'warning',
  failed: 'error',
};

/** Events that change nothing in the list. */
const unlisted: RunEvent['type'][] = ['progress', 'reading', 'asked'];

/** The list of runs, the newest first. */
export class RunsTree extends Disposables implements TreeDataProvider<TrainingRun> {
  private readonly changed = this.own(new EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;

  /** @param restored brings back the runs of an earlier window. */
  constructor(
    private readonly runs: TrainingRuns,
    private readonly restored: () => Promise<void>,
  ) {
    super();
    this.own(runs.onListChange(() => this.changed.fire()));
    this.own(runs.onEvent(({ event }) => !unlisted.includes(event.type) && this.changed.fire()));
    this.own(window.createTreeView('gradientDescent.runs', { treeDataProvider: this }));
  }

  async getChildren(run?: TrainingRun): Promise<TrainingRun[]> {
    await this.restored();
    return run ? [] : [...this.runs.all].reverse();
  }

  getTreeItem(run: TrainingRun): TreeItem {
    const { state } = run;
    const { identity, status, checkpoint, shape } = state;
    const item = new TreeItem(identity.name);
    item.id = run.id;
    item.iconPath = new ThemeIcon(icons[status]);
    const loss = formatLoss(shownLoss(state));
    const rate = shape && `${shape.optimizer} ${formatShortest(shape.lr)}`;
    const word = run.elsewhere ? l10n.t('{0} in another window', statusWord(status)) : statusWord(status);
    item.description = [word, loss && l10n.t('loss {0}', loss), rate].filter(Boolean).join(' · ');
    const tooltip = new MarkdownString();
    tooltip.appendText(
      [
        `${identity.name}: ${word}`,
        new Date(identity.startedAt).toLocaleString(),
        shape && l10n.t('epoch {0} of {1}', formatCount(checkpoint.epoch), formatCount(shape.epochs)),
        shape && settingsOf(shape),
        state.notice ?? state.problems[0]?.message,
      ]
        .filter((line) => line !== undefined)
        .join('\n'),
    );
    item.tooltip = tooltip;
    item.command = { command: 'gradientDescent.showRun', title: l10n.t('Show Run'), arguments: [run] };
    return item;
  }
}

/** What a run was told, in PyTorch's words. */
function settingsOf({ loss, optimizer, lr, scheduler, batchSize, scaling, seed }: RunShape): string {
  const rate = `${optimizer}(lr=${formatShortest(lr)})`;
  const parts = [loss, rate, scheduler, `batch_size=${batchSize}`, scaling && l10n.t('scaled'), `seed=${seed}`];
  return parts.filter(Boolean).join(', ');
}

/** The word for a status in the language of VS Code. */
export function statusWord(status: RunStatus): string {
  const words: Record<RunStatus, string> = {
    opening: l10n.t('opening'),
    ready: l10n.t('ready'),
    running: l10n.t('running'),
    paused: l10n.t('paused'),
    finished: l10n.t('finished'),
    stopped: l10n.t('stopped'),
    diverged: l10n.t('diverged'),
    failed: l10n.t('failed'),
  };
  return words[status];
}

/** Six significant digits, or nothing where there is no loss yet. */
export function formatLoss(loss: number): string {
  return Number.isNaN(loss) ? '' : formatNumber(loss);
}
