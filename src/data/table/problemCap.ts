import type { Problem } from '../../base/problem';

/** This many problems of a file are listed; one more counts the rest. */
export const maxProblems = 100;

const severityRank = { error: 0, warning: 1, information: 2 };

/**
 * The first MAX_PROBLEMS problems in the order of the file, errors before all else where there are more, and then one
 * that counts the rest. `unlisted` more errors are known only by their number.
 */
export function capProblems(problems: readonly Problem[], unlisted = 0): Problem[] {
  const byRank = [...problems].sort((a, b) => severityRank[a.severity] - severityRank[b.severity] || byPlace(a, b));
  const listed = byRank.slice(0, maxProblems).sort(byPlace);
  const rest = byRank.length - listed.length + unlisted;
  if (rest === 0 || listed.length === 0) return listed;
  const { suggestion: _, ...place } = listed[listed.length - 1];
  const severity = unlisted > 0 ? 'error' : byRank[maxProblems].severity;
  const message = `and ${rest} more ${rest === 1 ? 'problem' : 'problems'} like these in this file`;
  return [...listed, { ...place, severity, message, code: 'more', unlisted: rest }];
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}
