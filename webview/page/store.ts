import { HistoryGap } from '../../src/protocol/history';
import { pageLimits } from '../../src/protocol/historyLimits';
import { applyChanges } from '../../src/protocol/pageFeed';
import type { ViewUpdate } from '../../src/protocol/protocol';
import { restoreSnapshot, type RunState } from '../../src/protocol/state';
import type { ViewedModel } from './viewedRun';

/** A part of the page that shows a run. */
export interface View {
  readonly element: HTMLElement;
  /**
   * Draws what changed since the last call; called at most once a frame. `model` is the one to show, `generation` that of
   * the snapshot which the run came with: see `Store.generation`.
   */
  render(run: RunState, model: ViewedModel, generation: number): void;
  /** Takes up the colours of a new theme: what is drawn next is drawn whole. */
  themeChanged?(): void;
}

/** The page's picture of the host's run. */
export class Store {
  /** Undefined until the host has said what there is; null where there is no run. */
  run: RunState | null | undefined;
  /** Counts snapshots: what was derived from an older one is stale. */
  generation = 0;
  /** The epochs after which the model is shown, as `viewed` takes them; undefined follows the run. */
  viewedEpoch: number | undefined;
  private frame = 0;
  /** The number of a message that is taken in and not yet drawn. */
  private undrawn: number | undefined;

  /**
   * `draw` is called in the next animation frame after a change; `drawn` with the number of the message that brought it,
   * after as long again as the drawing took, so that half of the thread is left to clicks and to what else runs on it;
   * `resync` asks the host for a snapshot.
   */
  constructor(
    private readonly draw: () => void,
    private readonly drawn: (update: number) => void,
    private readonly resync: () => void,
  ) {}

  /** Takes in a message of the host. */
  receive(update: Extract<ViewUpdate, { type: 'snapshot' | 'changes' }>): void {
    this.undrawn = update.update;
    if (update.type === 'snapshot') {
      if (update.run?.identity.id !== this.run?.identity.id) this.viewedEpoch = undefined;
      this.run = update.run && restoreSnapshot(update.run, pageLimits);
      this.generation++;
    } else if (update.type === 'changes' && this.run) {
      try {
        this.run = applyChanges(this.run, update.changes);
      } catch (error) {
        // Epochs are missing between what is known and what came: only a snapshot can fill the gap.
        if (!(error instanceof HistoryGap)) throw error;
        this.resync();
      }
    }
    this.schedule();
  }

  /** Shows the model as it was after this many epochs; undefined follows the run. */
  view(epoch: number | undefined): void {
    this.viewedEpoch = epoch;
    this.schedule();
  }

  /** Asks for a draw in the next frame. */
  schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const { undrawn } = this;
      this.undrawn = undefined;
      const start = performance.now();
      try {
        this.draw();
      } finally {
        if (undrawn !== undefined) setTimeout(() => this.drawn(undrawn), performance.now() - start);
      }
    });
  }
}
