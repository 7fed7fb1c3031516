/**
 * Remembers values: the function that is returned tells whether any of them is another one than at its last call. A call
 * without values forgets them.
 */
export function memo(): (...values: unknown[]) => boolean {
  let known: unknown[] | undefined;
  return (...values) => {
    const isNew = known?.length !== values.length || values.some((value, index) => !Object.is(value, known?.[index]));
    known = values;
    return isNew;
  };
}
