import { listedMetrics } from '../advice/metricWords';
import { verdictOf } from '../advice/verdicts/verdict';
import type { ComparedRun, LowestLoss, MetricKey, SettingValue } from '../compare/comparedRun';
import { parseConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import type { MeasuredRows } from '../engine/report/metrics';
import type { ColumnName, History } from '../protocol/history';
import { lastEpochs, runName, type RunState } from '../protocol/state';

/** A run as it is compared with others. `settings`: see `settingsOf`. */
export function comparedRun(state: RunState, settings: ComparedRun['settings']): ComparedRun {
  const { identity, status, checkpoint, shape, history, curvature, metrics, seconds } = state;
  const [lowestLoss, lowestValLoss] = (['loss', 'valLoss'] as const).map((name) => lowestOf(history, name));
  const verdict = history.length > 0 || status === 'diverged' ? verdictOf(state) : undefined;
  const { rate, accuracy } = curvature?.limit ?? {};
  const lr = curvature?.peak?.lr ?? curvature?.lr ?? NaN;
  return {
    id: identity.id,
    name: runName(state),
    ...(state.label?.note && { note: state.label.note }),
    startedAt: identity.startedAt,
    status,
    settings: shape && !('seed' in settings) ? { seed: shape.seed, ...settings } : settings,
    epochs: checkpoint.epoch,
    plannedEpochs: shape?.epochs ?? NaN,
    loss: known(state.trainLoss, lastEpochs(state, 'loss')),
    valLoss: known(state.validationLoss, lastEpochs(state, 'valLoss')),
    ...(lowestLoss && { lowestLoss }),
    ...(lowestValLoss && { lowestValLoss }),
    metrics: metricsOf(metrics?.train),
    valMetrics: metricsOf(metrics?.validation),
    ...(verdict && { verdict: { code: verdict.code, kind: verdict.kind, sentence: verdict.sentence } }),
    ...(rate !== undefined && accuracy && { limit: { rate, share: lr / rate, accuracy } }),
    seconds,
  };
}

/** Every key of a config's text with its path, defaults included; empty where it cannot be read. */
export function settingsOf(configText: string): Record<string, SettingValue> {
  const { config } = parseConfig(configText);
  return config ? flat(config) : {};
}

function flat(config: Config): Record<string, SettingValue> {
  const found: [string, SettingValue][] = [];
  const visit = (value: unknown, path: string) => {
    if (hasKeys(value)) {
      for (const [key, one] of Object.entries(value)) visit(one, path === '' ? key : `${path}.${key}`);
    } else if (typeof value === 'object') {
      found.push([path, JSON.stringify(value)]);
    } else if (value !== undefined) {
      found.push([path, value as SettingValue]);
    }
  };
  const { sweep: _, sweep_mode: __, $schema: ___, log_every: ____, ...told } = config;
  visit(told, '');
  return Object.fromEntries(found);
}

/** Whether a value is an object, or a list of objects such as the layers of a model. */
function hasKeys(value: unknown): value is object {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => !Array.isArray(item) && hasKeys(item));
  return typeof value === 'object' && value !== null;
}

function known(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value;
}

function lowestOf(history: History, name: ColumnName): LowestLoss | undefined {
  const { lowest, stride, end } = history.curve(name);
  let best = -1;
  for (let i = 0; i < lowest.length; i++) if (lowest[i] < (best < 0 ? Infinity : lowest[best])) best = i;
  // Of a bucket only its last epoch is known by number.
  return best < 0 ? undefined : { value: lowest[best], epoch: Math.min(end, (best + 1) * stride) - 1 };
}

function metricsOf(rows: MeasuredRows | undefined): Partial<Record<MetricKey, number>> {
  if (!rows) return {};
  return Object.fromEntries(
    listedMetrics(rows as Parameters<typeof listedMetrics>[0]).map(({ key, model }) => [key, model]),
  );
}
