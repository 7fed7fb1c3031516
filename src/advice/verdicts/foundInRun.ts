import { dataFindings } from '../findings/dataFindings';
import { expectations, graveCodes } from '../findings/expectedVerdict';
import type { Finding } from '../findings/finding';
import type { Judgement } from '../findings/judgement';
import { runFindings } from '../findings/runFindings';
import { isUntrained, type RunState } from '../../protocol/state';

/** What speaks against a run besides how far it has come, what matters most first. */
export function foundInRun(run: RunState): Finding[] {
  const { data, curvature } = run;
  if (!data) return runFindings(run);
  if (isUntrained(run) && run.status !== 'diverged') return expectations(data, curvature);
  const found = dataFindings(data, curvature);
  const [first, later] = [true, false].map((is) => found.filter(({ code }) => graveCodes.includes(code) === is));
  return [...first, ...runFindings(run), ...later];
}

/** What is said of a run before how far it has come is looked at. */
export function graveFinding(run: RunState): Finding | undefined {
  return foundInRun(run).find(({ code }) => graveCodes.includes(code));
}

/** What is said of a run that has come as far as it can. */
export function lesserFinding(run: RunState): Finding | undefined {
  return foundInRun(run).find(({ code }) => !graveCodes.includes(code));
}

/** What makes batches pull weights another way than the rest of the rows. */
export function noisyRows(run: RunState): Finding | undefined {
  return runFindings(run).find(({ code }) => code === 'outliers_dominate');
}

/** A finding as a judgement. */
export function asJudgement({ code, sentence, numbers }: Finding): Judgement {
  return { kind: 'flawed', code, sentence, numbers };
}
