import { pageLimits } from './historyLimits';
import type { RunChanges, RunSnapshot, ViewUpdate } from './protocol';
import { takeSnapshot, type RunState } from './state';

/** What a feed needs of its surroundings. */
export interface FeedPlace {
  /** The run to show; undefined if there is none. */
  run(): RunState | undefined;
  isVisible(): boolean;
  post(update: Extract<ViewUpdate, { type: 'snapshot' | 'changes' }>): void;
}

/**
 * Keeps one page up to date. At most one message is on its way to it; what happens meanwhile is not queued: the next
 * message has what the run is by then more than what the page knows. Only another status does not wait for a page that
 * draws: one message with it may pass beside the one that is on its way. A hidden page gets nothing.
 */
export class PageFeed {
  /** Absent until the page has said that it is up. */
  private page: number | undefined;
  private updates = 0;
  private onItsWay: ViewUpdate['type'] | undefined;
  /** A status was posted beside what was on its way. */
  private passed = false;
  /** The run as the page knows it, null where that is none; undefined where it needs a snapshot. */
  private known: RunState | null | undefined;
  private knownEpochs = 0;

  constructor(private readonly place: FeedPlace) {}

  /** Whether a person sees what is posted. */
  get isFollowing(): boolean {
    return this.page !== undefined && this.place.isVisible();
  }

  /** The page wants a snapshot. One that was loaded anew never draws what was on its way. */
  ready(page: number): void {
    if (page !== this.page) this.arrived();
    this.page = page;
    if (this.onItsWay === 'snapshot') return;
    this.known = undefined;
    this.changed();
  }

  /** The page has come into sight again: it may have missed what was on its way. */
  shown(): void {
    this.arrived();
    this.known = undefined;
    this.changed();
  }

  /** The page has drawn an update. */
  drawn(update: number): void {
    if (update !== this.updates) return;
    this.arrived();
    this.changed();
  }

  /** Something may have happened to the run, or another one is shown. */
  changed(): void {
    if (!this.isFollowing) return;
    const { known } = this;
    const run = this.place.run();
    if (this.onItsWay) {
      if (this.passed || !known || run?.history !== known.history || run.status === known.status) return;
      this.passed = true;
    }
    if (known && run?.history === known.history) this.postChanges(known, run);
    else if (run || known !== null) this.postSnapshot(run);
  }

  private arrived(): void {
    this.onItsWay = undefined;
    this.passed = false;
  }

  private postSnapshot(run: RunState | undefined): void {
    const snapshot = run ? takeSnapshot(run, pageLimits) : null;
    this.post({ type: 'snapshot', update: ++this.updates, run: snapshot }, run);
  }

  private postChanges(known: RunState, run: RunState): void {
    const changes = changesBetween(known, run, this.knownEpochs);
    if (Object.keys(changes.set).length + changes.removed.length === 0) return;
    this.post({ type: 'changes', update: ++this.updates, changes }, run);
  }

  private post(update: Parameters<FeedPlace['post']>[0], run: RunState | undefined): void {
    this.onItsWay = update.type;
    this.known = run ?? null;
    this.knownEpochs = run?.history.length ?? 0;
    this.place.post(update);
  }
}

/** What `applyChanges` makes `now` of `before`, which has the first `epochs` epochs. */
function changesBetween(before: RunState, now: RunState, epochs: number): RunChanges {
  const [known, rest] = [plainPart(before), plainPart(now)];
  const isOther = (name: string) => !Object.is(rest[name as keyof typeof rest], known[name as keyof typeof known]);
  const set: Partial<RunSnapshot> = Object.fromEntries(Object.entries(rest).filter(([name]) => isOther(name)));
  const { history, checkpoint, gradients, lastChange, seconds } = now;
  if (checkpoint !== before.checkpoint || history.length !== epochs) {
    set.progress = { records: history.since(epochs, pageLimits), checkpoint, gradients, lastChange, seconds };
  }
  return { set, removed: Object.keys(known).filter((name) => !(name in rest)) as RunChanges['removed'] };
}

/** All of a run but what changes while it trains. */
function plainPart({
  history: _,
  checkpoint: __,
  gradients: ___,
  lastChange: ____,
  seconds: _____,
  ...rest
}: RunState) {
  return rest;
}

/**
 * The run of a page after changes. The history is appended to in place.
 * Throws a `HistoryGap` where epochs are missing between those that are known and those that came.
 */
export function applyChanges(run: RunState, { set: { progress, ...rest }, removed }: RunChanges): RunState {
  const { records, ...numbers } = progress ?? {};
  if (records) run.history.append(records);
  const kept = Object.entries(run).filter(([name]) => !removed.includes(name as never));
  return { ...(Object.fromEntries(kept) as unknown as RunState), ...rest, ...numbers };
}
