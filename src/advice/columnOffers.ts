import type { DatasetTemplate } from '../config/templates/template';
import type { ColumnSummary, DatasetSummary } from '../data/describeTable';
import type { ReadOptions } from '../data/table/table';
import { informativeColumns } from '../base/inputColumns';
import { suggestTraining } from '../advice/suggestTraining';

/** Which columns to predict and which to predict them from. */
export interface ColumnChoice {
  target: string;
  inputs: string[];
}

/** Columns that a model can predict, the last one first: numbers, and texts with few values and codes as classes. */
export function targetOffers({ columns }: DatasetSummary): ColumnSummary[] {
  const possible = columns.filter(mayBeTarget);
  const [telling, idle] = [false, true].map((which) => possible.filter((column) => isIdle(column) === which));
  return [...telling.reverse(), ...idle.reverse()];
}

/**
 * Columns that a model can see beside its target, and which of them it sees unless a person says otherwise; that is at least
 * one where any holds enough. One that only numbers the rows counts as telling where no other input is left.
 */
export function inputOffers(
  { rows, columns }: DatasetSummary,
  target: string,
): { column: ColumnSummary; ticked: boolean }[] {
  const others = usable(columns).filter(({ name }) => name !== target);
  const isSound = ({ missing, type, distinct, candidate, oneHot }: ColumnSummary) => {
    const isFull = 2 * missing <= rows;
    const repeats = type === 'number' || 2 * (distinct ?? rows) <= rows;
    return (candidate || oneHot) && repeats && isFull;
  };
  const sound = others.filter(isSound);
  const ticked = new Set(others.length === 1 ? others : informativeColumns(sound, rows, { targets: [target] }));
  return others.map((column) => {
    const isTicked = ticked.has(column);
    return { column: isTicked ? { ...column, identifier: false } : column, ticked: isTicked };
  });
}

/** Columns that can be neither target nor input as they stand. */
export function unusableColumns({ columns }: DatasetSummary): ColumnSummary[] {
  const fit = new Set(usable(columns));
  return columns.filter((column) => !fit.has(column));
}

/** How the dates among the chosen inputs are to be read: as days since the earliest of them; undefined if there are none. */
export function chosenDates({ columns }: DatasetSummary, inputs: readonly string[]): ReadOptions['dates'] {
  const chosen = columns.flatMap(({ name, dates }) => (dates && inputs.includes(name) ? [{ name, ...dates }] : []));
  if (chosen.length === 0) return undefined;
  const [since] = chosen.map(({ first }) => first).sort();
  return { columns: chosen.map(({ name }) => name), since, dayFirst: chosen.some(({ dayFirst }) => dayFirst) };
}

/**
 * What a new config says for a choice of columns of a file, which was described as `reading` says. Rows with an empty cell
 * in one of them are left out, which a note tells.
 */
export function chosenTemplate(
  summary: DatasetSummary,
  file: string,
  { target, inputs }: ColumnChoice,
  { dates, skipRows }: Pick<ReadOptions, 'dates' | 'skipRows'> = {},
): DatasetTemplate {
  const names = new Set(summary.columns.filter(({ type, code }) => type === 'text' || code).map(({ name }) => name));
  const isText = (name: string) => names.has(name);
  const used = new Set([target, ...inputs]);
  const hasGaps = ({ name, missing }: ColumnSummary) => missing > 0 && used.has(name);
  return {
    file,
    inputs,
    oneHot: inputs.filter(isText),
    targets: [target],
    ...(dates && { dates }),
    ...(skipRows !== undefined && { skipRows }),
    loss: isText(target) ? 'cross_entropy' : 'mse_loss',
    missing: summary.columns.some(hasGaps) ? 'drop' : 'error',
    ...suggestTraining(summary, inputs),
  };
}

function usable(columns: ColumnSummary[]): ColumnSummary[] {
  return columns.filter((column) => mayBeTarget(column) || column.dates);
}

function mayBeTarget({ type, oneHot }: ColumnSummary): boolean {
  return type === 'number' || oneHot;
}

function isIdle({ constant, identifier }: ColumnSummary): boolean {
  return constant || identifier;
}
