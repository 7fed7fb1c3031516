import { metricNames } from '../../src/advice/metricWords';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRounded,
  formatShortest,
  formatTimes,
} from '../../src/base/format';
import { differingKeys, type ComparedRun, type MetricKey, type SettingValue } from '../../src/compare/comparedRun';

/** A column of the table of runs. */
export interface RunColumn {
  id: string;
  title: string;
  hint?: string;
  /** Words rather than numbers: aligned to the left. */
  words?: boolean;
  /** What rows are sorted by. */
  valueOf(run: ComparedRun): SettingValue | undefined;
  textOf(run: ComparedRun): string;
  /** With all digits, where the text has fewer. */
  fullOf?(run: ComparedRun): string;
}

/** A column for each key in which the configs differ, then how the runs stand; what no run has is left out. */
export function columnsOf(runs: readonly ComparedRun[]): RunColumn[] {
  return [...differingKeys(runs).map((key) => settingColumn(key, runs)), ...resultColumns(runs)];
}

/** The column that names the runs. */
export const nameColumn: RunColumn = {
  id: 'name',
  title: 'Run',
  words: true,
  valueOf: ({ name }) => name,
  textOf: ({ name }) => name,
};

/** Runs whose cells have all words of a filter, whatever their case. */
export function filtered(runs: readonly ComparedRun[], columns: readonly RunColumn[], filter: string): ComparedRun[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => {
    const text = [nameColumn, ...columns]
      .map((column) => `${column.title}=${column.textOf(run)}`.toLowerCase())
      .join('\n');
    return words.every((word) => text.includes(word));
  });
}

/** Runs in the order of a column; those without a value come last either way. */
export function sorted(
  runs: readonly ComparedRun[],
  column: RunColumn | undefined,
  descending: boolean,
): ComparedRun[] {
  if (!column) return [...runs];
  const isKnown = (value: SettingValue | undefined) => value !== undefined && !Number.isNaN(value);
  const compare = (a: SettingValue, b: SettingValue) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b || 0;
    return String(a).localeCompare(String(b), undefined, { numeric: true });
  };
  return [...runs].sort((left, right) => {
    const [a, b] = [column.valueOf(left), column.valueOf(right)];
    if (!isKnown(a) || !isKnown(b)) return Number(isKnown(b)) - Number(isKnown(a));
    return (descending ? -1 : 1) * compare(a!, b!);
  });
}

function settingColumn(key: string, runs: readonly ComparedRun[]): RunColumn {
  const words = runs.some(({ settings }) => typeof settings[key] === 'string');
  return {
    id: `set:${key}`,
    title: key,
    words,
    valueOf: ({ settings }) => settings[key],
    textOf: ({ settings }) => settingText(settings[key]),
  };
}

function settingText(value: SettingValue | undefined): string {
  if (value === undefined) return '–';
  return typeof value === 'number' ? formatShortest(value) : String(value);
}

function resultColumns(runs: readonly ComparedRun[]): RunColumn[] {
  const columns: RunColumn[] = [
    { id: 'status', title: 'Status', words: true, valueOf: ({ status }) => status, textOf: ({ status }) => status },
    { id: 'epochs', title: 'Epochs', valueOf: ({ epochs }) => epochs, textOf: ({ epochs }) => formatCount(epochs) },
    number('loss', 'Loss', ({ loss }) => loss, 'Training loss over all rows at the end, otherwise of the last epoch'),
    number('valLoss', 'Validation loss', ({ valLoss }) => valLoss),
    number('lowestValLoss', 'Lowest validation loss', ({ lowestValLoss }) => lowestValLoss?.value),
    {
      id: 'limit',
      title: 'Of limit',
      hint: 'The learning rate as a share of the largest stable one',
      valueOf: ({ limit }) => limit?.share,
      textOf: ({ limit }) => (limit ? (limit.share > 1 ? formatTimes : formatPercent)(limit.share) : '–'),
    },
    {
      id: 'verdict',
      title: 'Verdict',
      words: true,
      valueOf: ({ verdict }) => verdict?.code,
      textOf: ({ verdict }) => verdict?.code.replaceAll('_', ' ') ?? '–',
      fullOf: ({ verdict }) => verdict?.sentence ?? '',
    },
    ...(['valMetrics', 'metrics'] as const).flatMap((set) =>
      (Object.keys(metricNames) as MetricKey[]).map((key) => {
        const { name, hint } = metricNames[key];
        const rows = set === 'metrics' ? 'training' : 'validation';
        return number(`${set}:${key}`, `${name}, ${rows}`, (run) => run[set][key], hint);
      }),
    ),
    {
      id: 'note',
      title: 'Note',
      words: true,
      valueOf: ({ note }) => note,
      textOf: ({ note }) => note ?? '–',
      fullOf: ({ note }) => note ?? '',
    },
    {
      id: 'seconds',
      title: 'Time',
      valueOf: ({ seconds }) => seconds,
      textOf: ({ seconds }) => formatDuration(seconds),
    },
  ];
  const isKnown = (value: SettingValue | undefined) => value !== undefined && !Number.isNaN(value);
  return columns.filter(({ valueOf }) => runs.some((run) => isKnown(valueOf(run))));
}

function number(
  id: string,
  title: string,
  valueOf: (run: ComparedRun) => number | undefined,
  hint?: string,
): RunColumn {
  return {
    id,
    title,
    ...(hint !== undefined && { hint }),
    valueOf,
    textOf: (run) => {
      const value = valueOf(run);
      return value === undefined || Number.isNaN(value) ? '–' : formatRounded(value, 5);
    },
    fullOf: (run) => formatNumber(valueOf(run) ?? NaN),
  };
}
