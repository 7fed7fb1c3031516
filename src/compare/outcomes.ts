import type { BestRule } from './bestRun';
import { differingKeys, type ComparedRun } from './comparedRun';
import { repeatedKeys, spreadOf, type Spread } from './foldedRuns';

/** A number of the config that varies between runs. */
export interface VariedNumber {
  key: string;
  /** Distinct and ascending, at least two. */
  values: number[];
  /** Their ratios are more even than their differences. */
  isLog: boolean;
}

/** What came out at one place: the runs with the same numbers, put together over seeds and folds. */
export interface OutcomeCell {
  /** Indexes into the values of the axes; `y` is 0 where one number varies. */
  x: number;
  y: number;
  runs: ComparedRun[];
  /** Of the rule's values, of the runs that did not diverge. */
  spread: Spread;
  diverged: number;
}

/** How what came out depends on one or two numbers. */
export interface Outcomes {
  x: VariedNumber;
  y?: VariedNumber;
  cells: OutcomeCell[];
  /** The largest stable rate for each value of `y`, one without it; absent unless `x` is the rate, NaN where it is not known. */
  limits?: number[];
}

const rateKey = 'optimizer.lr';

/** The outcomes of runs that differ in one or two numbers, besides seeds and folds; undefined where they differ in anything else. */
export function outcomesOf(runs: readonly ComparedRun[], rule: BestRule): Outcomes | undefined {
  const varied = differingKeys(runs)
    .filter((key) => !repeatedKeys.includes(key))
    .map((key) => variedNumber(key, runs));
  if (varied.length < 1 || varied.length > 2) return undefined;
  const known = varied.flatMap((axis) => axis ?? []);
  if (known.length < varied.length) return undefined;
  // The rate goes to the right, otherwise what has more values.
  known.sort((a, b) => Number(b.key === rateKey) - Number(a.key === rateKey) || b.values.length - a.values.length);
  const [x, y] = known;
  const cells = new Map<string, OutcomeCell>();
  for (const run of runs) {
    const [atX, atY] = [x, y].map((axis) => (axis ? axis.values.indexOf(run.settings[axis.key] as number) : 0));
    const place = `${atX} ${atY}`;
    const cell = cells.get(place) ?? { x: atX, y: atY, runs: [], spread: spreadOf([]), diverged: 0 };
    cell.runs.push(run);
    cells.set(place, cell);
  }
  for (const cell of cells.values()) {
    const healthy = cell.runs.filter(({ status }) => status !== 'diverged');
    cell.diverged = cell.runs.length - healthy.length;
    cell.spread = spreadOf(healthy.map((run) => rule.valueOf(run) ?? NaN));
  }
  const limits = x.key === rateKey && (y?.values ?? [undefined]).map((value) => limitOf(runs, y, value));
  return { x, ...(y && { y }), cells: [...cells.values()], ...(limits && { limits }) };
}

/** The smallest limit of the runs with a value. */
function limitOf(runs: readonly ComparedRun[], y: VariedNumber | undefined, value: number | undefined): number {
  const limits = runs.flatMap(({ settings, limit }) => (limit && (!y || settings[y.key] === value) ? limit.rate : []));
  return limits.length > 0 ? Math.min(...limits) : NaN;
}

function variedNumber(key: string, runs: readonly ComparedRun[]): VariedNumber | undefined {
  const values = [...new Set(runs.map(({ settings }) => settings[key]))];
  if (!values.every((value) => typeof value === 'number')) return undefined;
  values.sort((a, b) => a - b);
  return { key, values, isLog: isLog(values) };
}

/** Whether ascending numbers lie more evenly on a logarithmic scale; of two that depends on how far apart they are. */
function isLog(values: readonly number[]): boolean {
  if (values[0] <= 0) return false;
  if (values.length === 2) return values[1] >= 10 * values[0];
  return unevenness(values.map(Math.log)) < unevenness(values);
}

/** The largest gap by the smallest one. */
function unevenness(values: readonly number[]): number {
  const gaps = values.slice(1).map((value, i) => value - values[i]);
  return Math.max(...gaps) / Math.min(...gaps);
}
