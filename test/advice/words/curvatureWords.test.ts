import { expect, it } from 'vitest';
import type { RateLimit } from '../../../src/engine/report/report';
import { forBatches, paceWords, rateSentence, shareOfLimit } from '../../../src/advice/words/curvatureWords';

const limit: RateLimit = { rate: 1 / 816_850, accuracy: 'exact', batchRows: 1, worstRow: 9 };

it('says a rate beside its limit, and how sure the limit is', () => {
  expect(rateSentence({ limit, lr: 1e-5 }, 10)).toBe(
    'lr 1e-5 is 8.2 times the limit 1.22e-6 for batches of one row (row 10 is the steepest)',
  );
  expect(shareOfLimit({ limit: { ...limit, accuracy: 'safe' }, lr: 1e-6 })).toBe('82 % of the safe limit 1.22e-6');
  expect(shareOfLimit({ limit: { ...limit, accuracy: 'estimate' }, lr: 0.5 })).toBe(
    '410,000 times the estimated limit 1.22e-6',
  );
});

it('says nothing of a rate that has no limit', () => {
  const { rate: _, ...without } = limit;
  expect(rateSentence({ limit: without, lr: 1 }, 10)).toBeUndefined();
});

it('names the batches that set the limit', () => {
  expect(forBatches({ ...limit, batchRows: 32, worstRow: 12_345 }, 20_000)).toBe(
    ' for batches of 32 rows (row 12,346 is the steepest)',
  );
  expect(forBatches({ ...limit, batchRows: 20_000 }, 20_000)).toBe(' for batches of all 20,000 rows');
  expect(forBatches(limit, 1)).toBe('');
  expect(forBatches({ ...limit, batchRows: 2, isLast: true }, 8)).toBe(
    ' for the last batch, which has 2 rows (row 10 is the steepest)',
  );
});

it('says how slow the slowest direction is', () => {
  expect(paceWords({ parameter: 0, epochs: 609.2 })).toBe('takes 610 epochs to come nearer by a factor of 2.7');
  expect(paceWords({ parameter: 0, epochs: 609.2, isAtLeast: true })).toMatch(/^takes at least 610 epochs/);
  expect(paceWords({ parameter: 0, epochs: Infinity })).toBe('comes no nearer');
});
