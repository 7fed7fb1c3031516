import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/**
 * What Node takes to be the same, `toEqual` and its kin take to be the same too, but by looking at each number of an array in
 * several ways; all else is left to them.
 */
expect.addEqualityTesters([
  (one, other) =>
    typeof one === 'object' && typeof other === 'object' && isDeepStrictEqual(one, other) ? true : undefined,
]);
