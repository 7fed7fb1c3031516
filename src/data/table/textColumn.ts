import type { Column } from './column';
import { formCure } from './cellForms';
import { numberLook } from './numberLook';

/** Different texts up to which a column is offered as one of categories. */
export const fewTexts = 20;

/** Why a column of text is no input as it stands. */
export interface TextColumn {
  /** What it holds, after its name: `holds text`. */
  what: string;
  /** What would make it an input, or why nothing would. */
  advice?: string;
  /** Whether its texts are numbers with something on them. */
  likeNumbers: boolean;
}

/** What is to be said of a column of text; `delimiter` is that of delimited text. */
export function textColumn(column: Column, delimiter: string | undefined): TextColumn {
  const { distinct, samples, constant, faultCounts, form } = column;
  if (samples.length === 0) return { what: 'is empty', likeNumbers: false };
  if (typeof form === 'object' && 'since' in form) {
    const what = `holds texts that are no dates, such as ${JSON.stringify(samples[0])}`;
    return { what, advice: formCure(form), likeNumbers: true };
  }
  const look = numberLook(faultyTexts(column), delimiter);
  const isFew = distinct !== undefined && distinct <= fewTexts;
  if (look && !(look.mayBeNames && isFew && 2 * distinct <= faultCounts.text)) {
    const what = `looks like ${look.like} (${JSON.stringify(look.instance)})`;
    return { what, advice: look.cure, likeNumbers: true };
  }
  if (constant) return { what: constantWords(column, true), likeNumbers: false };
  if (isFew) {
    const advice = 'name it in dataset.one_hot to take each of its values as an input';
    return { what: 'holds text', advice, likeNumbers: false };
  }
  const values = distinct === undefined ? 'more than 100' : String(distinct);
  const advice = 'they are too many to take each as an input';
  return { what: `holds ${values} different texts`, advice, likeNumbers: false };
}

/** What a column holds that is the same wherever it holds anything. */
export function constantWords({ samples, faultCounts, numbers }: Column, isText = false): string {
  const { missing, text, notFinite, tooLarge } = faultCounts;
  const held = numbers + text + notFinite + tooLarge;
  // Whole numbers beyond 2^53 that differ may be one in float64.
  const isHuge = !isText && Math.abs(Number(samples[0])) >= 2 ** 53;
  const value = isText
    ? JSON.stringify(samples[0])
    : isHuge
      ? `about ${Number(samples[0]).toPrecision(4)}`
      : samples[0];
  const where = missing > 0 ? `in ${held} of ${held + missing} rows and empty in the others` : 'in every row';
  return `is ${value} ${where}${isHuge ? ', as far as numbers of this size can be told apart' : ''}`;
}

/** The first texts of a column that are no numbers. */
export function faultyTexts({ faultRows, places }: Column): string[] {
  return faultRows.text.flatMap((row) => places.get(row)?.text ?? []);
}
