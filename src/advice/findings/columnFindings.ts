import { formatQuantity } from '../../base/format';
import type { DataReport, RunPlan } from '../../engine/report/dataReport';
import type { CurvatureReport } from '../../engine/report/report';
import type { ConfigFix } from '../fixes/configFix';
import type { Finding } from './finding';
import { leaveOut } from './leaveOut';

/** Columns that are named at most. */
const mostNamed = 3;
/** Weight decay that is offered, as a share of the largest eigenvalue. */
const lightDecay = 0.005;

/** Why many weights fit equally well; empty where they do not, or nothing can be done about it. */
export function columnFindings(
  report: CurvatureReport,
  plan: Pick<RunPlan, 'source' | 'oneHot' | 'hasProducts'>,
  fileColumns?: DataReport['fileColumns'],
): Finding[] {
  const dependent = report.hessian?.dependent ?? [];
  // Of very many columns it is not looked into which ones depend on others; of more than there are rows, some do.
  const isShort = report.hessian !== undefined && report.rows < report.inputs + (report.hasBias ? 1 : 0);
  // Of generated rows no column can be left out.
  if ((dependent.length === 0 && !isShort) || plan.source === 'generate') return [];
  const place = { place: ['dataset', 'inputs'], isAtKey: true, severity: 'information' } as const;
  if (isShort) {
    const numbers = { rows: report.rows, inputs: report.inputs };
    const code = 'fewer_rows_than_inputs';
    return [
      { ...place, place: ['dataset', 'inputs'], code, sentence: fewRows(report), numbers, fixes: decayFix(report) },
    ];
  }
  const columns = withoutLastCategories(dependent, report.inputNames, plan.oneHot);
  if (columns.length === 0) return [];
  // Products may name the column.
  const fix = plan.hasProducts ? undefined : leaveOut(columns[0], fileColumns);
  const sentence = dependentColumns(columns.map((column) => report.inputNames[column]));
  const numbers = { dependent: columns.length };
  const fixes = fix ? [fix] : [];
  return [{ ...place, place: ['dataset', 'inputs'], code: 'dependent_columns', sentence, numbers, fixes }];
}

function decayFix({ hessian, weightDecay }: CurvatureReport): ConfigFix[] {
  if (weightDecay !== undefined || !hessian) return [];
  const value = Number((lightDecay * hessian.lambdaMax).toPrecision(1));
  const edits = [{ path: ['optimizer', 'weight_decay'], value }];
  return [{ kind: 'weight-decay', title: `Set weight_decay to ${value}`, edits }];
}

/** Dependent columns except for one category of each column of words: all of its categories add up to the bias. */
function withoutLastCategories(
  columns: readonly number[],
  names: readonly string[],
  words: readonly string[],
): number[] {
  const left = new Set(words);
  return columns.filter((column) => {
    const word = [...left].find((one) => names[column].startsWith(`${one}=`));
    return word === undefined || !left.delete(word);
  });
}

function fewRows({ rows, inputs, hasBias }: CurvatureReport): string {
  const parameters = formatQuantity(inputs + (hasBias ? 1 : 0), 'parameter');
  const are = rows === 1 ? 'is' : 'are';
  return (
    `${formatQuantity(rows, 'training row')} ${are} fewer than the ${parameters} of each output: many weights fit them ` +
    'equally well, and most of these are wrong for other rows; take fewer inputs, or set optimizer.weight_decay.'
  );
}

function dependentColumns(names: string[]): string {
  const are = names.length === 1 ? 'is constant or a combination' : 'are constant or combinations';
  const quoted = names.slice(0, mostNamed).map((name) => JSON.stringify(name));
  const last = names.length > mostNamed ? `${names.length - mostNamed} more` : quoted.pop()!;
  const listed = quoted.length > 0 ? `${quoted.join(', ')} and ${last}` : last;
  return `${listed} ${are} of other inputs: many weights fit equally well.`;
}
