import type { Problem } from '../../base/problem';
import type { CurvatureReport } from '../../protocol/protocol';
import type { ConfigFix, FixKind } from '../fixes/configFix';
import { settingCode } from '../fixes/unstableSettings';
import type { Verdict, VerdictCode } from '../findings/judgement';

/** What a run that is too slow lacks, by the fix that helps most. */
const slowCodes: Partial<Record<FixKind, VerdictCode>> = {
  'scale-inputs': 'not_scaled',
  'scale-targets': 'targets_too_large',
};

/** What is expected of a run before its first step: of the problems that its data show, the one that matters most. */
export function expectedVerdict(problems: readonly Problem[], fixes: ConfigFix[], report: CurvatureReport): Verdict {
  const order: [string, VerdictCode][] = [
    ['huge-targets', 'targets_too_large'],
    [settingCode, 'unstable_setting'],
    ['rate-over-limit', 'rate_over_limit'],
    ['rate-too-small', slowCodes[fixes[0]?.kind] ?? 'rate_too_small'],
    ['fewer-rows-than-inputs', 'fewer_rows_than_inputs'],
    ['dependent-columns', 'dependent_columns'],
    ['classes-as-numbers', 'classes_as_numbers'],
  ];
  const found = order.flatMap(([kind, code]) => {
    const problem = problems.find((one) => one.code === kind);
    return problem ? [{ code, problem }] : [];
  });
  const { lr, limit } = report;
  const numbers = { lr, ...(limit.rate !== undefined && { limit: limit.rate }) };
  const [first, ...others] = found;
  if (!first) {
    return {
      kind: 'waiting',
      code: 'fine',
      sentence: 'Nothing speaks against this run.',
      numbers,
      fixes: [],
      also: [],
    };
  }
  const { code, problem } = first;
  const isMomentum = code === 'unstable_setting' && fixes[0]?.kind === 'momentum';
  return {
    kind: 'waiting',
    code: isMomentum ? 'momentum_too_large' : code,
    sentence: `${problem.message}.`,
    ...{ numbers, fixes, also: others.map((other) => other.code) },
  };
}
