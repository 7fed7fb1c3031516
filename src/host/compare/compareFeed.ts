import type { ComparedRun } from '../../compare/comparedRun';
import type { ComparedCurves, CompareUpdate, SweepProgress } from '../../compare/messages';
import { curveOf } from '../../protocol/history';
import type { HistoryLimits } from '../../protocol/historyLimits';
import type { RunState } from '../../protocol/state';
import { comparedRun, settingsOf } from '../../sweep/compareState';

/** A run, and the config that it was started from. */
export interface FedRun {
  id: string;
  state: RunState;
  source: { configText: string };
}

/** Buckets of a curve, more than a page has pixels, and those of all curves of many runs. */
const mostBuckets = 2 ** 13;
const mostOfAll = 2 ** 19;

/** What a comparison needs of the list of runs. */
export interface ComparedList<Run extends FedRun> {
  /** A run to compare, if there is such. */
  find(id: string): Run | undefined;
  /** How a run stands, with all its epochs. Rejects where they cannot be read. */
  wholeOf(run: Run): Promise<RunState>;
}

/** Keeps the page of a comparison up to date: at most one update is on its way, with the runs that changed since the last one. */
export class CompareFeed<Run extends FedRun = FedRun> {
  private readonly stale = new Set<string>();
  private readonly settings = new Map<string, ComparedRun['settings']>();
  /** The runs that the page was told of, as they were then. */
  private known: ReadonlyMap<string, RunState> = new Map();
  private lastUpdate = 0;
  private isReady = false;
  private isWaiting = false;
  private isListStale = false;
  private isClosed = false;
  /** Curves that had to be read from the disk, and the reading of others. */
  private read: ComparedCurves[] = [];
  private reading = Promise.resolve();

  /**
   * @param sweep how far the sweep is whose members they are, if there is such.
   */
  constructor(
    private readonly chosen: readonly string[],
    private readonly list: ComparedList<Run>,
    private readonly post: (update: CompareUpdate) => void,
    private readonly sweep: () => SweepProgress | undefined = () => undefined,
  ) {}

  /** The page has come up and knows nothing. */
  ready(): void {
    this.isReady = true;
    this.isWaiting = false;
    this.isListStale = true;
    for (const id of this.chosen) this.stale.add(id);
    this.send();
  }

  /** There is no page any more. */
  close(): void {
    this.isClosed = true;
  }

  /** An update is on the screen; the next one may be sent. */
  drawn(update: number): void {
    if (update !== this.lastUpdate) return;
    this.isWaiting = false;
    this.send();
  }

  /** A run has changed. */
  changed(id: string): void {
    this.stale.add(id);
    this.send();
  }

  /** Runs may have come or gone, or stand otherwise without anything having happened to them: their window was closed. */
  listChanged(): void {
    for (const id of this.chosen) {
      const state = this.list.find(id)?.state;
      if (state && isAsBefore(state, this.known.get(id))) continue;
      if (state) this.stale.add(id);
      if (!state || !this.known.has(id)) this.isListStale = true;
    }
    this.send();
  }

  /** The sweep rests, continues or has ended. */
  sweepChanged(): void {
    this.isListStale = true;
    this.send();
  }

  private send(): void {
    if (!this.isReady || this.isWaiting || this.isClosed) return;
    const runs = this.chosen.flatMap((id) => this.list.find(id) ?? []);
    this.known = new Map(runs.map(({ id, state }) => [id, state]));
    const stale = runs.filter(({ id }) => this.stale.has(id));
    this.stale.clear();
    for (const run of stale) if (run.state.history.isRough) this.readWhole(run);
    const whole = stale.filter(({ state }) => !state.history.isRough);
    const changed = [...this.read.splice(0), ...whole.map((run) => this.curvesOf(run))];
    if (changed.length === 0 && !this.isListStale) return;
    this.isListStale = false;
    this.isWaiting = true;
    const [chosen, ids, sweep] = [[...this.chosen], runs.map(({ id }) => id), this.sweep()];
    this.post({ type: 'runs', update: ++this.lastUpdate, chosen, ids, changed, ...(sweep && { sweep }) });
  }

  /** One after the other: there may not be room for all. */
  private readWhole(run: Run): void {
    this.reading = this.reading.then(async () => {
      if (this.isClosed) return;
      const state = await this.list.wholeOf(run).catch(() => run.state);
      const { id, source } = run;
      this.read.push(this.curvesOf({ id, source, state }));
      this.send();
    });
  }

  private curvesOf({ id, state, source }: FedRun): ComparedCurves {
    const known = this.settings.get(id) ?? settingsOf(source.configText);
    this.settings.set(id, known);
    // No parameters.
    const buckets = Math.max(256, Math.min(mostBuckets, mostOfAll / this.chosen.length));
    const columns = state.history.slice(0, { buckets, records: 0, numbers: 0 } satisfies HistoryLimits);
    return {
      run: comparedRun(state, known),
      training: curveOf(columns, 'loss'),
      ...(state.shape?.validationRows && { validation: curveOf(columns, 'valLoss') }),
    };
  }
}

/** Whether a run stands as it did, whatever of its history is in memory. */
function isAsBefore(now: RunState, before: RunState | undefined): boolean {
  if (!before) return false;
  const keys = Object.keys({ ...before, ...now }) as (keyof RunState)[];
  return keys.every((key) => key === 'history' || Object.is(now[key], before[key]));
}
