/** What tells whether a column is worth being an input. */
export interface Telling {
  /** Whether it only numbers the rows. */
  identifier?: boolean;
  /** Whether it is the same in all rows. */
  constant?: boolean;
}

/**
 * Of columns that could be inputs, those that are inputs unless a person says otherwise: neither identifiers nor constants
 * as long as any other is left, then all but constants, then all. `others` says that there are inputs besides.
 */
export function tellingColumns<C extends Telling>(columns: readonly C[], rows: number, others = false): C[] {
  const varying = columns.filter(({ constant }) => !constant || rows === 1);
  const telling = varying.filter(({ identifier }) => !identifier);
  if (telling.length > 0 || others) return telling;
  return varying.length > 0 ? varying : [...columns];
}
