import type { DataReport } from '../../engine/report/dataReport';
import type { CurvatureReport } from '../../engine/report/report';
import { settingFix, settingProblem, unstableSettings } from '../fixes/unstableSettings';
import { curvatureFindings } from './curvatureProblems';
import { dataFindings } from './dataFindings';
import type { Finding } from './finding';
import type { Verdict, VerdictCode } from './judgement';

/** What is graver than how far a run has come: it answers another question, or no model of its kind can answer it. */
export const graveCodes: VerdictCode[] = [
  'numbers_as_classes',
  'classes_as_numbers',
  'output_activation',
  'leaking_column',
  'rows_in_both_sets',
  'regularization_too_strong',
  'not_linear',
  'nothing_to_learn',
];

/** Codes of what is found before a run, what matters most first. */
const order: VerdictCode[] = [
  'targets_too_large',
  'momentum_too_large',
  'unstable_setting',
  'rate_over_limit',
  ...graveCodes,
  'not_scaled',
  'rate_too_small',
  'too_few_epochs',
  'fewer_rows_than_inputs',
  'dependent_columns',
];

/** All that speaks against a run before its first step, what matters most first. */
export function expectations(data: DataReport, curvature?: CurvatureReport): Finding[] {
  const found = [
    ...settingFindings(data),
    ...(curvature ? curvatureFindings(curvature, data.plan) : []),
    ...dataFindings(data, curvature),
  ].filter(({ isNote }) => !isNote);
  return found.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
}

function settingFindings({ plan }: DataReport): Finding[] {
  return unstableSettings(plan.optimizer)
    .filter(({ isSure }) => isSure)
    .map((setting) => ({
      code: setting.key === 'momentum' ? 'momentum_too_large' : 'unstable_setting',
      sentence: `${settingProblem(setting)}.`,
      numbers: {},
      fixes: [settingFix(setting)],
      place: ['optimizer', setting.key],
      severity: 'warning',
    }));
}

/** What is expected of a run before its first step: of all that speaks against it, what matters most. */
export function expectedVerdict(data: DataReport, curvature?: CurvatureReport): Verdict {
  const [first, ...others] = expectations(data, curvature);
  const rate = curvature && {
    lr: curvature.lr,
    ...(curvature.limit.rate !== undefined && { limit: curvature.limit.rate }),
  };
  const kind = 'waiting';
  if (!first) {
    return {
      kind,
      code: 'fine',
      sentence: 'Nothing speaks against this run.',
      numbers: { ...rate },
      fixes: [],
      also: [],
    };
  }
  const { code, sentence, numbers, fixes } = first;
  const also = [...new Set(others.map((other) => other.code))].filter((other) => other !== code);
  return { kind, code, sentence, numbers: { ...rate, ...numbers }, fixes, also };
}
