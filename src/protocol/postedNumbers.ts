const marker = '$number';

/** A number as JSON has it: NaN and Infinity, which JSON lacks, as an object that `jsonValue` reads. */
export function jsonNumber(value: number): number | { [marker]: string } {
  return Number.isFinite(value) ? value : { [marker]: String(value) };
}

/** The value that was written: of `jsonNumber`'s object the number, of anything else itself. */
export function jsonValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null && marker in value ? Number(value[marker]) : value;
}

/**
 * A message for a channel that writes numbers as JSON, with `jsonNumber` for each; `restoreNumbers` reads it. Typed arrays
 * are left to the channel, which passes them on as bytes.
 */
export function packNumbers<T>(message: T): T {
  return replaced(message, (value) => (typeof value === 'number' ? jsonNumber(value) : value)) as T;
}

/** The message that `packNumbers` was given. */
export function restoreNumbers<T>(message: T): T {
  return replaced(message, jsonValue) as T;
}

/**
 * Plain data in which a value is what `change` makes of it. What holds nothing that changes is not copied: most of what is
 * written and read holds none.
 */
export function replaced(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== value) return changed;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const items = value as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(items)) {
    const item = replaced(items[key], change);
    if (Object.is(item, items[key])) continue;
    copy ??= (Array.isArray(value) ? value.slice() : { ...value }) as Record<string, unknown>;
    // A key may be called __proto__: the copy has it as its own, so this sets no prototype.
    copy[key] = item;
  }
  return copy ?? value;
}
