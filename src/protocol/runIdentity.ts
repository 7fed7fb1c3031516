/** What a run is called, and where it comes from. */

/** What is known of a run before its data is read. */
export interface RunIdentity {
  id: string;
  /** What people call it: the config's file name without its ending. */
  name: string;
  /** Where the config is, if it has a place. */
  configUri?: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** The run whose config became this one's by a fix; absent where it came about in another way. */
  earlier?: EarlierRun;
  /** The file of JSON lines that the run is read from, where it trains elsewhere: it is only shown. Absent in other runs. */
  followed?: string;
  /** What the run sets as a member of a sweep: `optimizer.lr=0.01, seed=3`; absent in other runs. */
  sets?: string;
}

/** What a person has written on a run. */
export interface RunLabel {
  /** In place of the name from the config. */
  name?: string;
  note?: string;
  /** The limit of kept runs does not count it and never removes it. */
  pinned?: true;
}

/** What is kept of a run whose config was mended, so that a fix that does not help is not offered again and again. */
export interface EarlierRun {
  /** Kind of the fix. */
  fix: string;
  /** Kinds of fixes that had not helped before. */
  tried: string[];
  /** How the run ended; see `outcomeOf`. */
  outcome: number;
}
