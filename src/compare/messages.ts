import type { Curve } from '../protocol/history';
import type { ComparedRun } from './comparedRun';

/** A run with its curves, in few enough buckets to be drawn. */
export interface ComparedCurves {
  run: ComparedRun;
  training: Curve;
  /** Absent without a validation set. */
  validation?: Curve;
}

/** How far the sweep is whose members are compared. */
export interface SweepProgress {
  /** Members to train, and those of them that are at their end. */
  members: number;
  ended: number;
  status: 'running' | 'paused' | 'ended';
}

/** What a comparison posts to its page; the next one comes after `drawn` with the number in `update`. */
export interface CompareUpdate {
  type: 'runs';
  update: number;
  /** The runs that were chosen, in that order; also those that there no longer are, or not yet. */
  chosen: string[];
  /** Those of them that there are. */
  ids: string[];
  /** Those that are new or have changed. */
  changed: ComparedCurves[];
  /** Absent unless they are the members of a sweep of this window. */
  sweep?: SweepProgress;
}

/** What the page of a comparison asks for. */
export type CompareRequest =
  /** The page is up and wants all runs. */
  | { type: 'ready' }
  /** An update is on the screen. */
  | { type: 'drawn'; update: number }
  /** Show a run in the training view. */
  | { type: 'open'; id: string }
  /** Show the config of a run. */
  | { type: 'config'; id: string }
  /** Show the configs of two runs side by side. */
  | { type: 'diff'; ids: [string, string] }
  /** Pause, resume or stop all members of the sweep. */
  | { type: 'sweep'; action: SweepAction };

/** What can be done with a sweep. */
export type SweepAction = (typeof sweepActions)[number];

const sweepActions = ['pause', 'resume', 'stop'] as const;

/** Page to host. */
export interface CompareMessage {
  request: CompareRequest;
}

/** What the page keeps when it is hidden or the window is reloaded. */
export interface CompareState {
  ids: string[];
}

/** What a message of the page asks for, where it is one; a page is not trusted. */
export function checkCompareMessage(message: unknown): CompareRequest | undefined {
  const request = isObject(message) ? message['request'] : undefined;
  if (!isObject(request)) return undefined;
  const { type, update, id, ids, action } = request;
  if (type === 'ready') return { type };
  if (type === 'drawn' && Number.isSafeInteger(update)) return { type, update: update as number };
  if ((type === 'open' || type === 'config') && typeof id === 'string') return { type, id };
  if (type === 'diff' && isTexts(ids) && ids.length === 2) return { type, ids: [ids[0], ids[1]] };
  const known = sweepActions.find((one) => one === action);
  if (type === 'sweep' && known) return { type, action: known };
  return undefined;
}

/** The ids that a page has kept; none where it has kept something else. */
export function readCompareState(state: unknown): string[] {
  return isObject(state) && isTexts(state['ids']) ? state['ids'] : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
