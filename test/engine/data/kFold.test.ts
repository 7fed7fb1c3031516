import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kFold } from '../../../src/engine/data/kFold';
import { Generator } from '../../../src/engine/random/random';
import folds from '../../fixtures/folds.json';

it('cuts rows as scikit-learn’s KFold does', () => {
  for (const { rows, folds: count, validation, training } of folds) {
    for (let fold = 0; fold < count; fold++) {
      const [train, val] = kFold(rows, count, fold);
      expect([...train], `${rows} rows, fold ${fold} of ${count}`).toEqual(training[fold]);
      expect([...val]).toEqual(validation[fold]);
    }
  }
});

it('validates every row once, and never a row that trains, in whatever order', () => {
  const cases = fc.record({ rows: fc.integer({ min: 2, max: 200 }), seed: fc.integer({ min: 0, max: 2 ** 31 }) });
  fc.assert(
    fc.property(cases, fc.integer({ min: 2, max: 12 }), fc.boolean(), ({ rows, seed }, count, shuffle) => {
      fc.pre(count <= rows);
      const validated: number[] = [];
      for (let fold = 0; fold < count; fold++) {
        const [train, val] = kFold(rows, count, fold, shuffle ? new Generator(seed) : undefined);
        expect([...train, ...val].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
        expect([...val]).toEqual([...val].sort((a, b) => a - b));
        validated.push(...val);
      }
      expect(validated.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
    }),
  );
});

it('takes the rows of a shuffled fold from the permutation that random_split draws', () => {
  const [, val] = kFold(10, 5, 1, new Generator(3));
  const order = new Generator(3).permutation(10);
  expect([...val]).toEqual([...order.slice(2, 4).sort()]);
});
