import { differingKeys, type ComparedRun, type SettingValue } from './comparedRun';

/** Mean and sample standard deviation (divided by n - 1) of some numbers; the deviation of one number is NaN. */
export interface Spread {
  count: number;
  mean: number;
  sd: number;
}

/** Runs that differ in nothing but the seed, or the fold that validates. */
export interface FoldedRuns {
  /** What they have in common, of the keys that differ between groups. */
  settings: Readonly<Record<string, SettingValue>>;
  runs: ComparedRun[];
  /** Runs that diverged; they are in no mean. */
  diverged: number;
  loss: Spread;
  /** Count 0 without a validation set. */
  valLoss: Spread;
}

/** Keys whose values are repetitions of the same experiment. */
export const repeatedKeys = ['seed', 'split.fold'];

/** Runs of the same settings, put together over seeds and folds; empty where no group has more than one run. */
export function foldRuns(runs: readonly ComparedRun[]): FoldedRuns[] {
  const keys = differingKeys(runs).filter((key) => !repeatedKeys.includes(key));
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const name = JSON.stringify(keys.map((key) => run.settings[key] ?? null));
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  if (groups.size === runs.length) return [];
  return [...groups.values()].map((group) => {
    const healthy = group.filter(({ status }) => status !== 'diverged');
    const settings = Object.fromEntries(
      keys.flatMap((key) => (key in group[0].settings ? [[key, group[0].settings[key]] as const] : [])),
    );
    return {
      settings,
      runs: group,
      diverged: group.length - healthy.length,
      loss: spreadOf(healthy.map(({ loss }) => loss)),
      valLoss: spreadOf(healthy.map(({ valLoss }) => valLoss)),
    };
  });
}

/** Numbers that are not finite are left out. Two passes, the second one around the first one's mean, lose no digits. */
export function spreadOf(numbers: readonly number[]): Spread {
  const known = numbers.filter(Number.isFinite);
  const count = known.length;
  const guess = sum(known) / count;
  const mean = guess + sum(known.map((number) => number - guess)) / count;
  const squares = sum(known.map((number) => (number - mean) ** 2));
  return { count, mean, sd: count < 2 ? NaN : Math.sqrt(squares / (count - 1)) };
}

/** Neumaier's compensated sum. */
function sum(numbers: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const number of numbers) {
    const next = total + number;
    lost += Math.abs(total) >= Math.abs(number) ? total - next + number : number - next + total;
    total = next;
  }
  return total + lost;
}
