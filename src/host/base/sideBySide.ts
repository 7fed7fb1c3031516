/** Does something with each item, in order, with `most` of them at a time. Rejects where the first one does. */
export async function sideBySide<T>(items: Iterable<T>, most: number, task: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const lane = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: most }, lane));
}
