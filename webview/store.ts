import { HistoryGap } from '../src/run/history';
import type { ViewUpdate } from '../src/run/protocol';
import { applyRunEvent, restoreSnapshot, type RunState } from '../src/run/state';
import type { ViewedModel } from './viewedRun';

/** A part of the page that shows a run. */
export interface View {
  readonly element: HTMLElement;
  /** Draws what changed since the last call; called at most once a frame. `model` is the one to show. */
  render(run: RunState, model: ViewedModel): void;
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

  /** `draw` is called in the next animation frame after a change; `resync` asks the host for a snapshot. */
  constructor(
    private readonly draw: () => void,
    private readonly resync: () => void,
  ) {}

  /** Takes in a message of the host. */
  receive(update: ViewUpdate): void {
    if (update.type === 'snapshot') {
      if (update.run?.identity.id !== this.run?.identity.id) this.viewedEpoch = undefined;
      this.run = update.run && restoreSnapshot(update.run);
      this.generation++;
    } else if (update.type === 'event' && this.run) {
      try {
        this.run = applyRunEvent(this.run, update.event);
      } catch (error) {
        // Epochs are missing between what is known and what came: only a snapshot can fill the gap.
        if (!(error instanceof HistoryGap)) throw error;
        this.resync();
      }
    }
    this.schedule();
  }

  /** Shows the model as it was after so many epochs; undefined follows the run. */
  view(epoch: number | undefined): void {
    this.viewedEpoch = epoch;
    this.schedule();
  }

  /** Asks for a draw in the next frame. */
  schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }
}
