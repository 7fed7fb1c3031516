import type { Verdict } from '../advice/findings/judgement';

/** A verdict as the command line prints it as JSON; a fix as the keys that it sets. */
export function verdictJson({ code, sentence, numbers, fixes, also }: Verdict) {
  const printed = fixes.map(({ title, edits }) => ({
    title,
    set: Object.fromEntries(edits.map(({ path, value }) => [path.join('.'), value])),
  }));
  return { code, sentence, numbers, fixes: printed, also };
}
