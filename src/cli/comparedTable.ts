import { bestRun, type BestRule } from '../compare/bestRun';
import { differingKeys, type ComparedRun, type MetricKey, type SettingValue } from '../compare/comparedRun';
import type { FoldedRuns, Spread } from '../compare/foldedRuns';
import { formatCount, formatDuration, formatPercent, formatRounded, formatShortest, formatTimes } from '../base/format';
import { metricNames } from '../advice/metricWords';
import { memberName } from '../sweep/members';
import { textTable } from './textTable';

/**
 * Runs as a table, a row each, by their number, which is their id; the best one by the rule has a star, and the line below says by what.
 * @param leading keys whose columns come first.
 */
export function comparedTable(
  runs: readonly ComparedRun[],
  rule: BestRule | undefined,
  leading: readonly string[] = [],
): string {
  const keys = differingKeys(runs, leading);
  const best = rule && bestRun(runs, rule);
  const columns = resultColumns(runs);
  const title = ['', 'run', ...keys, ...columns.map(({ title }) => title)];
  const rows = runs.map((run) => [
    run === best ? '*' : '',
    formatCount(Number(run.id)),
    ...keys.map((key) => formatSetting(run.settings[key])),
    ...columns.map(({ cell }) => cell(run)),
  ]);
  if (!rule || !best) return textTable([title, ...rows]);
  return `${textTable([title, ...rows])}\n* ${rule.title}: ${number(rule.valueOf(best) ?? NaN)}, ${describeRun(best, keys)}\n`;
}

/** Mean and deviation of runs that differ in their seed or fold, a row a group. */
export function foldedTable(groups: readonly FoldedRuns[]): string {
  if (groups.length === 0) return '';
  const keys = [...new Set(groups.flatMap(({ settings }) => Object.keys(settings)))];
  const hasValidation = groups.some(({ valLoss }) => valLoss.count > 0);
  const title = [...keys, 'runs', 'loss, mean ± sd', ...(hasValidation ? ['val_loss, mean ± sd'] : []), 'diverged'];
  const rows = groups.map(({ settings, runs, loss, valLoss, diverged }) => [
    ...keys.map((key) => formatSetting(settings[key])),
    formatCount(runs.length),
    spread(loss),
    ...(hasValidation ? [spread(valLoss)] : []),
    diverged > 0 ? formatCount(diverged) : '',
  ]);
  return `\n${textTable([title, ...rows])}`;
}

/** What a run sets, of the keys that differ: `optimizer.lr=0.01, seed=3`; its name where none does. */
export function describeRun({ settings, name }: ComparedRun, keys: readonly string[]): string {
  const told = keys.flatMap((key) => (key in settings ? [[key, settings[key]] as const] : []));
  return told.length > 0 ? memberName(Object.fromEntries(told)) : name;
}

function resultColumns(runs: readonly ComparedRun[]): { title: string; cell(run: ComparedRun): string }[] {
  const hasValidation = runs.some(({ valLoss }) => !Number.isNaN(valLoss));
  const set = hasValidation ? 'valMetrics' : 'metrics';
  const [metric] = (Object.keys(metricNames) as MetricKey[]).filter((key) => runs.some((run) => key in run[set]));
  const metricTitle = metric && `${metricNames[metric].name}${hasValidation ? ' on validation rows' : ''}`;
  return [
    { title: 'status', cell: ({ status }) => status },
    { title: 'epochs', cell: ({ epochs }) => formatCount(epochs) },
    { title: 'loss', cell: ({ loss }) => number(loss) },
    ...(hasValidation ? [{ title: 'val_loss', cell: ({ valLoss }: ComparedRun) => number(valLoss) }] : []),
    ...(metric ? [{ title: metricTitle, cell: (run: ComparedRun) => number(run[set][metric] ?? NaN) }] : []),
    ...(runs.some(({ limit }) => limit)
      ? [{ title: 'of limit', cell: ({ limit }: ComparedRun) => shareWords(limit) }]
      : []),
    { title: 'verdict', cell: ({ verdict }) => verdict?.code ?? '' },
    { title: 'time', cell: ({ seconds }) => formatDuration(seconds) },
  ];
}

/** A rate as a share of its limit: `82 %`, `8.2 times`. */
export function shareWords(limit: ComparedRun['limit']): string {
  if (!limit) return '';
  return limit.share > 1 ? formatTimes(limit.share) : formatPercent(limit.share);
}

function formatSetting(value: SettingValue | undefined): string {
  return typeof value === 'number' ? formatShortest(value) : String(value ?? '–');
}

function spread({ count, mean, sd }: Spread): string {
  if (count === 0) return '–';
  return `${number(mean)} ± ${count > 1 ? formatRounded(sd, 3) : '–'}`;
}

function number(value: number): string {
  return Number.isNaN(value) ? '–' : formatRounded(value, 6);
}
