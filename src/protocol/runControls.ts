/**
 * What a person can set of a run at any time, by its name. All between a page and the loop that trains hand it on without
 * knowing which there are: messages, records, and a run that is opened again.
 */
export interface RunControls {
  /** Batches a second, or null for as fast as it goes. */
  batchesPerSecond: number | null;
}

/** Those that are set at a time. */
export type SetControls = Partial<RunControls>;

/** What does them, by their names. */
export type ControlTakers = { [Name in keyof RunControls]-?: (value: Required<RunControls>[Name]) => void };

/** As they are before anybody sets them. */
export const initialControls: RunControls = { batchesPerSecond: null };

/** Whether a value that may come from anywhere can be set. */
const isSound: { [Name in keyof RunControls]-?: (value: unknown) => boolean } = {
  batchesPerSecond: (value) => value === null || (Number.isFinite(value) && (value as number) > 0),
};

const names = Object.keys(isSound) as (keyof RunControls)[];

/** What a message that may come from anywhere sets; undefined where any of it cannot be set. */
export function checkControls(message: unknown): SetControls | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const sound = soundControls(message);
  const { length } = Object.keys(sound);
  return length > 0 && length === Object.keys(message).length ? sound : undefined;
}

/** What can be set of what a record holds, which another version may have written. */
export function soundControls(recorded: object): SetControls {
  const entries = Object.entries(recorded).filter(
    ([name, value]) => Object.hasOwn(isSound, name) && isSound[name as keyof RunControls](value),
  );
  return Object.fromEntries(entries);
}

/** What was set of a run; undefined where it is as it was at first. */
export function controlsSet(run: RunControls): SetControls | undefined {
  const set = names.filter((name) => run[name] !== initialControls[name]);
  return set.length === 0 ? undefined : Object.fromEntries(set.map((name) => [name, run[name]]));
}

/** Hands each of what is set to what does it. */
export function takeControls(controls: SetControls, takers: ControlTakers): void {
  for (const name of names) {
    const take: (value: never) => void = takers[name];
    const value = controls[name];
    if (value !== undefined) take(value as never);
  }
}
