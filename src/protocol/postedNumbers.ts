const marker = '$number';

/**
 * A message for a channel that writes numbers as JSON, which has no NaN and no Infinity: these become objects that
 * `restoreNumbers` reads. Typed arrays are left to the channel, which passes them on as bytes.
 */
export function packNumbers<T>(message: T): T {
  return replace(message, (value) =>
    typeof value === 'number' && !Number.isFinite(value) ? { [marker]: String(value) } : undefined,
  ) as T;
}

/** The message that `packNumbers` was given. */
export function restoreNumbers<T>(message: T): T {
  return replace(message, (value) =>
    typeof value === 'object' && value !== null && marker in value ? Number(value[marker]) : undefined,
  ) as T;
}

/** A copy of plain data in which a value is what `change` makes of it, if anything. */
function replace(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item) => replace(item, change));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, change)]));
}
