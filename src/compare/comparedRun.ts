import type { VerdictCode, VerdictKind } from '../advice/findings/judgement';
import type { RateLimit } from '../engine/report/report';
import type { metricNames } from '../advice/metricWords';
import type { RunStatus } from '../protocol/protocol';

/** Name of a metric, as `metricNames` lists them. */
export type MetricKey = keyof typeof metricNames;

/** What a config says for one key: a plain value, or a list or an object as JSON. */
export type SettingValue = string | number | boolean;

/** A run as it is compared with others: what it was told, and how it stands. Plain data. */
export interface ComparedRun {
  id: string;
  name: string;
  /** What a person wrote on it. */
  note?: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  status: RunStatus;
  /** Every key of the config with its path, defaults included, and the seed that was drawn. */
  settings: Readonly<Record<string, SettingValue>>;
  /** Epochs trained, and epochs planned. */
  epochs: number;
  plannedEpochs: number;
  /** Over all rows at the end, otherwise of the last epoch; NaN where nothing is known yet, or there is no validation set. */
  loss: number;
  valLoss: number;
  /** The smallest of all epochs, and the epoch that had it; absent before the first. */
  lowestLoss?: LowestLoss;
  lowestValLoss?: LowestLoss;
  /** Over all rows at the end; empty before. */
  metrics: Partial<Record<MetricKey, number>>;
  valMetrics: Partial<Record<MetricKey, number>>;
  verdict?: { code: VerdictCode; kind: VerdictKind; sentence: string };
  /** The largest stable rate, and `lr` as a share of it; absent if no limit is known. */
  limit?: { rate: number; share: number; accuracy: RateLimit['accuracy'] };
  /** Time spent training. */
  seconds: number;
}

/** A loss, and the epoch that had it. */
export interface LowestLoss {
  value: number;
  epoch: number;
}

/**
 * Keys that are different in some of the runs, in the order of the config; a key that only some have is different.
 * @param leading keys that come first where they differ.
 */
export function differingKeys(runs: readonly ComparedRun[], leading: readonly string[] = []): string[] {
  const keys = new Set([...leading, ...runs.flatMap(({ settings }) => Object.keys(settings))]);
  return [...keys].filter((key) => new Set(runs.map(({ settings }) => settings[key])).size > 1);
}

/** Whether a rate is over the limit, so that training grows. */
export function isOverLimit({ limit }: Pick<ComparedRun, 'limit'>): boolean {
  return limit !== undefined && limit.share > 1;
}
