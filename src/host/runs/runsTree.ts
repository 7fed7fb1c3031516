import {
  MarkdownString,
  ThemeIcon,
  TreeItem,
  TreeItemCheckboxState,
  commands,
  l10n,
  type Disposable,
  type EventEmitter,
  type TreeView,
} from 'vscode';
import { formatCount, formatNumber, formatShortest } from '../../base/format';
import type { RunShape, RunStatus } from '../../protocol/protocol';
import { runName, shownLoss } from '../../protocol/state';
import { Disposables } from '../base/disposables';
import { plainText } from '../base/plainText';
import type { TrainingRun } from './trainingRun';
import type { TrainingRuns } from './trainingRuns';

const icons: Record<RunStatus, string> = {
  opening: 'loading~spin',
  ready: 'circle-outline',
  running: 'sync~spin',
  paused: 'debug-pause',
  finished: 'pass',
  early_stopped: 'pass',
  stopped: 'debug-stop',
  diverged: 'warning',
  failed: 'error',
};

/** The list in VS Code, and what tells it that runs have changed: all of them unless some are named. */
export interface RunsList {
  view: TreeView<TrainingRun>;
  changed: EventEmitter<TrainingRun[] | undefined>;
}

/** Milliseconds between two updates of the list's items, at least. */
const updateInterval = 300;

/**
 * The list of runs, the newest first. Only what has changed is drawn anew: VS Code drops the command of an item that it
 * draws anew when the command has arguments, and a click on its way finds none. So each run has a command of its own.
 */
export class RunsTree extends Disposables {
  /** The command of each run that is listed. */
  private readonly commands = new Map<TrainingRun, Disposable>();
  /** Runs whose items are out of date, and the timer that has them drawn anew. */
  private readonly stale = new Set<TrainingRun>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly checkedIds = new Set<string>();

  /** @param restored brings back the runs of an earlier window. */
  constructor(
    private readonly list: RunsList,
    private readonly runs: TrainingRuns,
    private readonly restored: () => Promise<void>,
  ) {
    super();
    this.own(runs.onListChange(() => this.listChanged()));
    this.own(runs.onEvent(({ run }) => this.runChanged(run)));
    this.own(
      this.list.view.onDidChangeCheckboxState(({ items }) => {
        for (const [{ id }, state] of items) {
          if (state === TreeItemCheckboxState.Checked) this.checkedIds.add(id);
          else this.checkedIds.delete(id);
        }
      }),
    );
    this.own(this.list.view.onDidChangeVisibility(() => this.update()));
  }

  /** The runs that are selected. */
  get selected(): readonly TrainingRun[] {
    return this.list.view.selection;
  }

  /** The runs whose boxes are checked, oldest first. */
  get checked(): TrainingRun[] {
    return this.runs.all.filter(({ id }) => this.checkedIds.has(id));
  }

  override dispose(): void {
    clearTimeout(this.timer);
    for (const command of this.commands.values()) command.dispose();
    super.dispose();
  }

  async getChildren(run?: TrainingRun): Promise<TrainingRun[]> {
    await this.restored();
    return run ? [] : [...this.runs.all].reverse();
  }

  getTreeItem(run: TrainingRun): TreeItem {
    const { state } = run;
    const { identity, label, status, checkpoint, shape } = state;
    const name = runName(state);
    const item = new TreeItem(plainText(name));
    item.id = run.id;
    item.contextValue = label?.pinned ? 'pinned' : 'run';
    item.checkboxState = {
      state: this.checkedIds.has(run.id) ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked,
      tooltip: l10n.t('Compare'),
      accessibilityInformation: { label: l10n.t('Compare {0}', name) },
    };
    item.iconPath = new ThemeIcon(icons[status]);
    const loss = formatLoss(shownLoss(state));
    const rate = identity.sets ?? (shape && `${shape.optimizer} ${formatShortest(shape.lr)}`);
    const word = run.elsewhere ? l10n.t('{0} in another window', statusWord(status)) : statusWord(status);
    const told = [label?.pinned && l10n.t('pinned'), word, loss && l10n.t('loss {0}', loss), rate, label?.note];
    item.description = told.filter(Boolean).join(' · ');
    const tooltip = new MarkdownString();
    tooltip.appendText(
      [
        `${name}: ${word}`,
        label?.note,
        name === identity.name ? undefined : l10n.t('Config: {0}', identity.name),
        new Date(identity.startedAt).toLocaleString(),
        shape && l10n.t('epoch {0} of {1}', formatCount(checkpoint.epoch), formatCount(shape.epochs)),
        shape && settingsOf(shape),
        state.notice ?? state.problems[0]?.message,
      ]
        .filter((line) => line !== undefined)
        .join('\n'),
    );
    item.tooltip = tooltip;
    item.command = { command: showCommand(run), title: l10n.t('Show Run') };
    return item;
  }

  /** The list also changes when another run is shown, which no item says. */
  private listChanged(): void {
    const { all } = this.runs;
    const gone = [...this.commands.keys()].filter((run) => !all.includes(run));
    const added = all.filter((run) => !this.commands.has(run));
    for (const run of gone) {
      this.commands.get(run)?.dispose();
      this.commands.delete(run);
    }
    for (const run of added) {
      const show = () => commands.executeCommand('gradientDescent.showRun', run);
      this.commands.set(run, commands.registerCommand(showCommand(run), show));
    }
    if (gone.length + added.length > 0) this.list.changed.fire(undefined);
  }

  private runChanged(run: TrainingRun): void {
    this.stale.add(run);
    if (this.timer === undefined) this.update();
  }

  private update(): void {
    if (!this.list.view.visible || this.stale.size === 0) return;
    this.list.changed.fire([...this.stale]);
    this.stale.clear();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.update();
    }, updateInterval);
  }
}

/** The command that shows a run. The underscore keeps it out of lists of commands. */
function showCommand({ id }: TrainingRun): string {
  return `_gradientDescent.showRun/${id}`;
}

/** The settings of a run, in PyTorch's words. */
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
    early_stopped: l10n.t('stopped early'),
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
