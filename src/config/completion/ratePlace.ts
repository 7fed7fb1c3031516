import { getLocation } from 'jsonc-parser';

/** Where a config's rate stands or is about to be written. */
export interface RatePlace {
  /** Offsets of the number to put another one in place of; equal where nothing stands there yet. */
  start: number;
  end: number;
  /** The config with some rate there, so that the rest of it can be looked into. */
  filled: string;
}

/** Any rate: what the data allow does not depend on it. */
const someRate = '1e-3';

/** Undefined where an offset of a config's text is not that of `optimizer.lr`'s value. */
export function ratePlaceAt(text: string, offset: number): RatePlace | undefined {
  const { path, previousNode, isAtPropertyKey } = getLocation(text, offset);
  if (isAtPropertyKey || path.join('.') !== 'optimizer.lr') return undefined;
  const isNumber = previousNode?.type === 'number' && previousNode.offset + previousNode.length >= offset;
  const [start, end] = isNumber ? [previousNode.offset, previousNode.offset + previousNode.length] : [offset, offset];
  return { start, end, filled: `${text.slice(0, start)} ${someRate}${text.slice(end)}` };
}
