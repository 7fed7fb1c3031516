import { formatQuantity, formatRounded } from '../../base/format';
import { hasErrors, type Problem } from '../../base/problem';
import { signMessage } from '../table/columnWriting';
import { capProblems } from '../table/problemCap';
import type { ReadOptions, Table, TableResult } from '../table/table';
import { checkCells } from './checkCells';
import { checkProbabilities } from './checkProbabilities';
import { checkWeights } from './checkWeights';
import { codedGaps } from './codedGaps';
import { completeRows, droppedNotes } from './completeRows';
import { usedColumns, type DatasetPart, type DatasetPlan } from './fileDataset';
import type { FilledColumn } from './fillRowMajor';
import { knownValues } from './knownValues';
import { orderNotes, unmatchedColumns } from './matchedColumns';
import { unseenCells } from './unseenCells';

/** How a file has to be read so that its rows can be the validation set of a plan. */
export function validationNeeds(plan: DatasetPlan): ReadOptions {
  const { columns, numbered = false } = plan.table;
  const known = [...knownValues(plan)].map(([i, { codeOf }]) => {
    const isKnown = (value: number, written: string) => codeOf(value, written) !== undefined;
    return [columns[i].name, isKnown] as const;
  });
  return {
    names: { texts: columns.map(({ name }) => name), always: numbered },
    texts: known.map(([name]) => name),
    known: new Map(known),
    writings: new Map(columns.flatMap(({ name, writing }) => (writing ? [[name, writing]] : []))),
  };
}

/**
 * The rows of a validation set, read as `validationNeeds` says, in the columns of the rows to train on, with their means,
 * classes and categories. `part` is absent where any problem is an error.
 */
export function validationPart(
  plan: DatasetPlan,
  { table, problems, unlisted }: TableResult,
): { part?: DatasetPart; problems: Problem[] } {
  const found = problems.filter(({ code }) => code !== 'no-header');
  if (!table) return { problems: capProblems(found, unlisted) };
  const unmatched = unmatchedColumns(plan.table, plan.chosen, usedColumns(plan.chosen), table);
  if (unmatched.length > 0) return { problems: capProblems([...found, ...unmatched], unlisted) };

  const matched = matchColumns(plan, table);
  const { used, codes, kept } = matched;
  const checks = checksOf(plan, matched);
  const all = [
    ...orderNotes(plan.table, table),
    ...found,
    ...signProblems(plan, matched),
    ...checks.flatMap((check) => check.problems),
    ...(kept ? droppedNotes(table, used, kept.length) : []),
    ...meanNotes(plan, matched),
    ...codedGaps(
      table,
      used.filter((i) => !codes.has(i)),
    ),
  ];
  const listed = capProblems(
    all,
    checks.reduce((sum, check) => sum + check.unlisted, unlisted),
  );
  return hasErrors(listed) ? { problems: listed } : { part: partOf(plan, matched), problems: listed };
}

/** A table beside the one that is trained on. */
interface MatchedTable {
  table: Table;
  /** Where a column is by its name. */
  placeOf(name: string): number;
  /** The places of all columns that are taken. */
  used: number[];
  known: ReturnType<typeof knownValues>;
  /** What columns of classes and categories hold, by their place. */
  codes: ReadonlyMap<number, Float32Array>;
  kept: Uint32Array | undefined;
}

function matchColumns(plan: DatasetPlan, table: Table): MatchedTable {
  const { columns } = plan.table;
  const places = new Map(table.columns.map(({ name }, i) => [name, i]));
  const placeOf = (name: string) => places.get(name)!;
  const used = usedColumns(plan.chosen).map((i) => placeOf(columns[i].name));
  const known = new Map([...knownValues(plan)].map(([i, values]) => [placeOf(columns[i].name), values]));
  const codes = new Map([...known].map(([i, values]) => [i, values.codes(table.columns[i])]));
  const numbers = (i: number) => codes.get(i) ?? table.columns[i].data;
  const kept = plan.options.missing === 'drop' ? completeRows(table, used, numbers) : undefined;
  return { table, placeOf, used, known, codes, kept };
}

/** What is wrong with the cells of a table. */
function checksOf(
  { table: trained, chosen, options, weights }: DatasetPlan,
  { table, placeOf, used, known, kept }: MatchedTable,
): { problems: Problem[]; unlisted: number }[] {
  const { missing = 'error', probabilities = false } = options;
  const kinds = new Map([...known].map(([i, { kind }]) => [i, kind]));
  const targets = chosen.targets.map((i) => placeOf(trained.columns[i].name));
  return [
    checkCells(table, used, missing, kinds, { isValidation: true }),
    ...[...known].map(([i, values]) => unseenCells(table, i, values, missing, trained.fileName)),
    ...(probabilities ? [checkProbabilities(table, targets, kept)] : []),
    ...weights.map(({ name }) => checkWeights(table, placeOf(name), kept)),
  ];
}

/** Columns whose numbers have another sign or unit beside them than those of the rows to train on. */
function signProblems({ table: trained, chosen }: DatasetPlan, { table, placeOf }: MatchedTable): Problem[] {
  return usedColumns(chosen).flatMap((i): Problem[] => {
    const { name, writing } = trained.columns[i];
    const place = placeOf(name);
    const message = signMessage(name, table.columns[place].writing?.sign, writing);
    if (message === undefined) return [];
    return [{ file: table.fileName, ...table.cell(-1, place).range, severity: 'error', message, code: 'other-sign' }];
  });
}

function partOf({ inputs, targets, weights }: DatasetPlan, matched: MatchedTable): DatasetPart {
  const { table, placeOf, codes, kept } = matched;
  const columnOf = ({ name, source, mean, category }: FilledColumn): FilledColumn => {
    const place = placeOf(source?.column ?? name);
    const data = codes.get(place) ?? table.columns[place].data;
    return { name, data, ...(mean !== undefined && { mean }), ...(category !== undefined && { category }) };
  };
  return {
    ...{ table, rows: kept?.length ?? table.rows, kept },
    inputs: inputs.map(columnOf),
    targets: targets.map(columnOf),
    weights: weights.map(columnOf),
  };
}

/** Says which cells take the mean of the rows to train on. */
function meanNotes(
  { table: trained, options, chosen }: DatasetPlan,
  { table, placeOf, known }: MatchedTable,
): Problem[] {
  if (options.missing !== 'mean') return [];
  return usedColumns(chosen).flatMap((i): Problem[] => {
    const { name, mean } = trained.columns[i];
    const place = placeOf(name);
    const { missing } = table.columns[place].faultCounts;
    if (missing === 0 || known.has(place)) return [];
    const cells = `${formatQuantity(missing, 'empty cell')} of column ${JSON.stringify(name)}`;
    const message = `${cells} ${missing === 1 ? 'takes' : 'take'} its mean in ${trained.fileName}, ${formatRounded(mean, 7)}`;
    return [{ file: table.fileName, ...table.cell(-1, place).range, severity: 'information', message, code: 'mean' }];
  });
}
