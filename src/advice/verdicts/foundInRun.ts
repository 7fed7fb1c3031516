import { dataFindings } from '../findings/dataFindings';
import { expectations } from '../findings/expectedVerdict';
import type { Finding } from '../findings/finding';
import type { Judgement, VerdictCode } from '../findings/judgement';
import { runFindings } from '../findings/runFindings';
import { isUntrained, type RunState } from '../../protocol/state';

/** What is graver than how far a run has come: it answers another question, or no model of its kind can answer it. */
const grave: VerdictCode[] = [
  'numbers_as_classes',
  'classes_as_numbers',
  'output_activation',
  'leaking_column',
  'rows_in_both_sets',
  'regularization_too_strong',
  'not_linear',
  'nothing_to_learn',
];

/** What speaks against a run besides how far it has come, what matters most first. */
export function foundInRun(run: RunState): Finding[] {
  const { data, curvature } = run;
  if (!data) return runFindings(run);
  if (isUntrained(run) && run.status !== 'diverged') return expectations(data, curvature);
  const found = dataFindings(data, curvature);
  const [first, later] = [true, false].map((is) => found.filter(({ code }) => grave.includes(code) === is));
  return [...first, ...runFindings(run), ...later];
}

/** What is said of a run before how far it has come is looked at. */
export function graveFinding(run: RunState): Finding | undefined {
  return foundInRun(run).find(({ code }) => grave.includes(code));
}

/** What is said of a run that has come as far as it can. */
export function lesserFinding(run: RunState): Finding | undefined {
  return foundInRun(run).find(({ code }) => !grave.includes(code));
}

/** A finding as a judgement. */
export function asJudgement({ code, sentence, numbers }: Finding): Judgement {
  return { kind: 'flawed', code, sentence, numbers };
}
