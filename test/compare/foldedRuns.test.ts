import { describe, expect, it } from 'vitest';
import type { ComparedRun } from '../../src/compare/comparedRun';
import { foldRuns, spreadOf } from '../../src/compare/foldedRuns';
import spreads from '../fixtures/spread.json';
import { comparedRun } from './runs';

describe('mean and standard deviation', () => {
  it('are those of exact fractions to twelve digits', () => {
    for (const { numbers, mean, sd } of spreads) {
      const spread = spreadOf(numbers);
      expect(spread.count).toBe(numbers.length);
      expect(Math.abs(spread.mean - mean)).toBeLessThanOrEqual(1e-12 * Math.abs(mean));
      expect(Math.abs(spread.sd - sd)).toBeLessThanOrEqual(1e-12 * sd);
    }
  });

  it('say nothing of a single number, and leave out what is not finite', () => {
    expect(spreadOf([3, Infinity, NaN])).toEqual({ count: 1, mean: 3, sd: NaN });
    expect(spreadOf([])).toEqual({ count: 0, mean: NaN, sd: NaN });
  });
});

describe('runs over seeds', () => {
  const runs: ComparedRun[] = [0.1, 0.2].flatMap((lr) =>
    [0, 1, 2].map((seed) => comparedRun({ loss: lr + seed, settings: { 'optimizer.lr': lr, seed } })),
  );

  it('are put together by all other settings, each run still there', () => {
    const folded = foldRuns(runs);
    expect(folded.map(({ settings }) => settings)).toEqual([{ 'optimizer.lr': 0.1 }, { 'optimizer.lr': 0.2 }]);
    expect(folded[1].runs).toEqual(runs.slice(3));
    expect(folded[1].loss).toEqual({ count: 3, mean: 1.2, sd: 1 });
    expect(folded[1].valLoss.count).toBe(0);
  });

  it('do not count one that diverged', () => {
    const diverged = comparedRun({ loss: 1e30, status: 'diverged', settings: { 'optimizer.lr': 0.2, seed: 3 } });
    const [, folded] = foldRuns([...runs, diverged]);
    expect(folded).toMatchObject({ diverged: 1, loss: { count: 3 } });
    expect(folded.runs).toHaveLength(4);
  });

  it('are not put together where each differs from the others in more', () => {
    expect(foldRuns([runs[0], runs[3]])).toEqual([]);
  });

  it('are put together over folds too', () => {
    const folds = [0, 1, 2].map((fold) => comparedRun({ valLoss: fold, settings: { 'split.fold': fold } }));
    expect(foldRuns(folds)).toMatchObject([{ settings: {}, valLoss: { count: 3, mean: 1, sd: 1 } }]);
  });
});
