import { formatCount, formatPercent, formatRounded } from '../../base/format';
import type { DataReport } from '../../engine/report/dataReport';
import type { CurvatureReport } from '../../engine/report/report';
import { columnFindings } from './columnFindings';
import type { Finding } from './finding';
import { leaveOut } from './leaveOut';
import { outputFinding } from './outputFinding';
import { decayFinding, penaltyFinding } from './decayFinding';
import { shapeFinding } from './shapeFinding';
import { targetFinding } from './targetFinding';

/**
 * What speaks against a run whatever its rate is, what matters most first: that it answers another question than was asked,
 * that its inputs give the answer away, that its model cannot hold what there is to learn.
 */
export function dataFindings(data: DataReport, curvature?: CurvatureReport): Finding[] {
  return [
    targetFinding(data),
    outputFinding(data),
    leakFinding(data),
    repeatedFinding(data),
    curvature && decayFinding(curvature),
    curvature && penaltyFinding(curvature),
    shapeFinding(data, curvature),
    ...(curvature ? columnFindings(curvature, data.plan, data.fileColumns) : []),
  ].filter((finding) => finding !== undefined);
}

function leakFinding({ leak, inputNames, fileColumns, plan }: DataReport): Finding | undefined {
  if (!leak) return undefined;
  const { column, alone, others } = leak;
  const name = inputNames[column];
  const sentence =
    `${JSON.stringify(name)} gives the target by itself (R² ${formatRounded(alone, 6)}), while all other inputs together ` +
    `explain ${formatPercent(Math.max(0, others))} of it: leave it out, unless it is known before the target is.`;
  const fix = plan.source === 'file' && leaveOut(column, fileColumns);
  return {
    code: 'leaking_column',
    sentence,
    numbers: { alone, others },
    fixes: fix ? [fix] : [],
    place: ['dataset', 'inputs'],
    isAtKey: true,
    severity: 'warning',
  };
}

function repeatedFinding({ repeated, plan }: DataReport): Finding | undefined {
  if (!repeated) return undefined;
  const { rows, validationRows } = repeated;
  const sentence =
    `${formatCount(rows)} of the ${formatCount(validationRows)} rows of the validation set are in the training set too: ` +
    'the validation loss says less of rows that the model has never seen; remove the repeated rows from the data.';
  return {
    code: 'rows_in_both_sets',
    sentence,
    numbers: { rows, share: rows / validationRows },
    fixes: [],
    place: plan.hasValidationFile ? ['dataset', 'validation_file'] : ['split'],
    isAtKey: true,
    severity: 'warning',
  };
}
