import type { Verdict } from '../advice/findings/judgement';

/** A verdict as the command line prints it: its sentence and, where something is wrong, what to try first. */
export function verdictText({ sentence, fixes: [fix] }: Verdict): string {
  return fix ? `${sentence}\nTry: ${fix.title[0].toLowerCase()}${fix.title.slice(1)}.` : sentence;
}

/** A verdict as the command line prints it as JSON; a fix as the keys that it sets. */
export function verdictJson({ code, sentence, numbers, fixes, also }: Verdict) {
  const printed = fixes.map(({ title, edits }) => ({
    title,
    set: Object.fromEntries(edits.map(({ path, value }) => [path.join('.'), value])),
  }));
  return { code, sentence, numbers, fixes: printed, also };
}
