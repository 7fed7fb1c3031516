import type { ColumnWriting } from '../../engine/dataset';
import type { CellForm } from './cellForms';
import type { CellReader } from './cellReader';

/** Undefined where plain whole numbers show nothing. */
export function writingOf(reader: CellReader | undefined, form: CellForm | undefined): ColumnWriting | undefined {
  const notation = reader && shownNotation(reader);
  const sign = typeof form === 'object' && 'sign' in form ? form.sign : undefined;
  if (notation === undefined && sign === undefined) return undefined;
  return { ...(notation && { notation }), ...(sign !== undefined && { sign }) };
}

function shownNotation({ notation: { decimal, thousands }, seen }: CellReader): ColumnWriting['notation'] {
  if (thousands !== undefined) return { decimal, thousands };
  return decimal === ',' || seen.fractions + seen.threes > 0 ? { decimal } : undefined;
}

/** What is wrong where the numbers of a column are beside another sign than in the file that was trained on. */
export function signMessage(
  name: string,
  sign: string | undefined,
  trained: ColumnWriting | undefined,
): string | undefined {
  if (sign === undefined || trained?.sign === undefined || sign === trained.sign) return undefined;
  const [here, there] = [sign, trained.sign].map((one) => JSON.stringify(one));
  return `column ${JSON.stringify(name)} has ${here} beside its numbers, but ${there} in the file that was trained on; convert it, and write ${there} or nothing beside it`;
}

/** Whether a value from elsewhere says how a column is written. */
export function isWriting(value: unknown): value is ColumnWriting {
  if (typeof value !== 'object' || value === null) return false;
  const { notation, sign } = value as { notation?: Record<string, unknown>; sign?: unknown };
  const isNotation =
    notation === undefined ||
    (typeof notation === 'object' &&
      notation !== null &&
      (notation.decimal === '.' || notation.decimal === ',') &&
      (notation.thousands === undefined ||
        (typeof notation.thousands === 'string' && notation.thousands.length === 1)));
  return isNotation && (sign === undefined || typeof sign === 'string');
}
