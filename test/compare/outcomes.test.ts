import { describe, expect, it } from 'vitest';
import { rulesFor } from '../../src/compare/bestRun';
import { outcomesOf } from '../../src/compare/outcomes';
import type { ComparedRun } from '../../src/compare/comparedRun';
import { comparedRun } from './runs';

const outcomes = (runs: ComparedRun[]) => outcomesOf(runs, rulesFor(runs)[0]);
const limit = (rate: number, lr: number) => ({ rate, share: lr / rate, accuracy: 'exact' as const });

describe('what came out', () => {
  it('over a rate puts seeds together, says the limit, and counts what diverged', () => {
    const runs = [1e-3, 1e-2, 1e-1].flatMap((lr) =>
      [0, 1].map((seed) =>
        comparedRun({
          loss: lr * 1024 + seed,
          settings: { 'optimizer.lr': lr, seed },
          limit: limit(0.05, lr),
          ...(lr > 0.05 && { status: 'diverged' }),
        }),
      ),
    );
    const { x, y, cells, limits } = outcomes(runs)!;
    expect(x).toEqual({ key: 'optimizer.lr', values: [1e-3, 1e-2, 1e-1], isLog: true });
    expect(y).toBeUndefined();
    expect(limits).toEqual([0.05]);
    expect(cells.map(({ spread, diverged }) => [spread.count, spread.mean, diverged])).toEqual([
      [2, 1.524, 0],
      [2, 10.74, 0],
      [0, NaN, 2],
    ]);
  });

  it('over two numbers has the rate to the right, and a limit for each value of the other', () => {
    const runs = [0, 0.45, 0.9].flatMap((momentum) =>
      [0.1, 0.01].map((lr) =>
        comparedRun({
          loss: lr + momentum,
          settings: { 'optimizer.momentum': momentum, 'optimizer.lr': lr },
          limit: limit(1 + momentum, lr),
        }),
      ),
    );
    const { x, y, cells, limits } = outcomes(runs)!;
    expect([x.key, x.values, x.isLog]).toEqual(['optimizer.lr', [0.01, 0.1], true]);
    expect([y?.key, y?.values, y?.isLog]).toEqual(['optimizer.momentum', [0, 0.45, 0.9], false]);
    expect(limits).toEqual([1, 1.45, 1.9]);
    expect(cells.find((cell) => cell.x === 1 && cell.y === 2)!.spread.mean).toBe(1);
  });

  it('has no plot where words differ, more than two numbers do, or nothing but the seed', () => {
    const of = (...settings: ComparedRun['settings'][]) =>
      outcomes(settings.map((one) => comparedRun({ settings: one })));
    expect(of({ a: 1, b: 'x' }, { a: 2, b: 'y' })).toBeUndefined();
    expect(of({ a: 1, b: 1, c: 1 }, { a: 2, b: 2, c: 2 })).toBeUndefined();
    expect(of({ seed: 1 }, { seed: 2 })).toBeUndefined();
    expect(of({ a: 1 }, {})).toBeUndefined();
  });
});
