/**
 * Does something with each item, with `most` of them at a time; gives what came of them in the order of the items. Rejects
 * where the first one does.
 */
export async function sideBySide<T, R>(items: Iterable<T>, most: number, task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = [...items].entries();
  const lane = async () => {
    for (const [i, item] of rest) results[i] = await task(item);
  };
  await Promise.all(Array.from({ length: most }, lane));
  return results;
}
