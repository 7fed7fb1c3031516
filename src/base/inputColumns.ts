/** What decides whether a column is worth using as an input. */
export interface InformativeColumn {
  /** Whether it only numbers the rows. */
  identifier?: boolean;
  /** Of such a column: the targets beside which it is an input after all. */
  carries?: string[];
  /** Whether it is the same in all rows. */
  constant?: boolean;
}

/**
 * Of columns that could be inputs, those that are inputs unless a person says otherwise: neither identifiers nor constants
 * as long as any other is left, then all but constants, then all. `others` says that there are inputs besides.
 */
export function informativeColumns<C extends InformativeColumn>(
  columns: readonly C[],
  rows: number,
  { others = false, targets = [] }: { others?: boolean; targets?: readonly string[] } = {},
): C[] {
  const varying = columns.filter(({ constant }) => !constant || rows === 1);
  const carriesTarget = ({ carries = [] }: C) => carries.some((name) => targets.includes(name));
  const telling = varying.filter((column) => !column.identifier || carriesTarget(column));
  if (telling.length > 0 || others) return telling;
  return varying.length > 0 ? varying : [...columns];
}
