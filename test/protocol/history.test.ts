import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnNames, curveOf, emptyColumns, History, HistoryGap, type EpochColumns } from '../../src/protocol/history';
import type { HistoryLimits } from '../../src/protocol/historyLimits';
import { strideFor } from '../../src/protocol/buckets';

const small: HistoryLimits = { buckets: 8, records: 8, numbers: 64 };
const smaller: HistoryLimits = { buckets: 4, records: 4, numbers: 64 };
const unlimited: HistoryLimits = { buckets: Infinity, records: Infinity, numbers: Infinity };

/** Epochs with these losses, and with two parameters recorded after every `every` epochs. */
function epochsOf(losses: readonly number[], every: number, first = 0): EpochColumns {
  const columns = emptyColumns(losses.length, first);
  columnNames.forEach((name, at) => columns[name].set(losses.map((loss) => loss * (at + 1))));
  const records = losses.map((_, i) => first + i + 1).filter((epochs) => epochs % every === 0);
  return { ...columns, weightsEvery: every, weights: Float32Array.from(records.flatMap((n) => [n, -n])) };
}

function historyOf(losses: readonly number[], every: number, limits = small, cuts: readonly number[] = []): History {
  const history = new History(limits);
  const places = [0, ...cuts.map((cut) => cut % (losses.length + 1)).sort((a, b) => a - b), losses.length];
  for (let i = 1; i < places.length; i++) {
    history.append(epochsOf(losses.slice(places[i - 1], places[i]), every, places[i - 1]));
  }
  return history;
}

/** All that can be asked of a history. */
function contents(history: History) {
  const { length, stride, weightsEvery } = history;
  const each = Array.from({ length: length + 2 }, (_, epoch) => epoch);
  return {
    ...{ length, stride, weightsEvery },
    curves: columnNames.map((name) => history.curve(name)),
    recent: columnNames.map((name) => [...history.recent(name)]),
    at: columnNames.map((name) => each.map((epoch) => history.at(name, epoch))),
    weights: each.map((epochs) => history.weightsAfter(epochs)),
    slice: history.slice(),
  };
}

const odd = fc.constantFrom(NaN, Infinity, -Infinity, -1, 0);
const losses = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.double({ min: 1, max: 9 }) }, { weight: 1, arbitrary: odd }),
  {
    maxLength: 700,
  },
);
const every = fc.integer({ min: 1, max: 5 });

describe('a history', () => {
  it('is exact up to its limit', () => {
    const history = historyOf([5, 4, 3, 2, 1, 0, 7, 8], 1);
    expect([...history.column('loss')]).toEqual([5, 4, 3, 2, 1, 0, 7, 8]);
    expect(history.stride).toBe(1);
    expect(history.slice().thinned).toBeUndefined();
  });

  it('has the lowest, the highest and the last of each bucket', () => {
    fc.assert(
      fc.property(losses, every, (numbers, weightsEvery) => {
        const history = historyOf(numbers, weightsEvery);
        const stride = strideFor(numbers.length, small.buckets);
        expect(history.stride).toBe(stride);
        columnNames.forEach((name, at) => {
          const exact = numbers.map((number) => number * (at + 1));
          const buckets = Array.from({ length: Math.ceil(exact.length / stride) }, (_, i) =>
            exact.slice(i * stride, (i + 1) * stride),
          );
          const { lowest, highest, last, end } = history.curve(name);
          expect(end).toBe(numbers.length);
          expect([...lowest]).toEqual(buckets.map((bucket) => Math.min(...bucket)));
          expect([...highest]).toEqual(buckets.map((bucket) => Math.max(...bucket)));
          expect([...last]).toEqual(buckets.map((bucket) => bucket.at(-1)));
        });
      }),
    );
  });

  it('is the same however its epochs were cut into pieces', () => {
    fc.assert(
      fc.property(losses, every, fc.array(fc.nat(), { maxLength: 40 }), (numbers, weightsEvery, cuts) => {
        const whole = contents(historyOf(numbers, weightsEvery));
        expect(contents(historyOf(numbers, weightsEvery, small, cuts))).toEqual(whole);
      }),
    );
  });

  it('says the number of an epoch exactly or not at all', () => {
    fc.assert(
      fc.property(losses, (numbers) => {
        const history = historyOf(numbers, 1);
        numbers.forEach((number, epoch) => expect(history.at('loss', epoch) ?? number).toBe(number));
        const known = numbers.filter((_, epoch) => history.at('loss', epoch) !== undefined).length;
        expect(known).toBeGreaterThanOrEqual(Math.min(numbers.length, 256));
        if (numbers.length > 0) expect(history.at('loss', 0)).toBe(numbers[0]);
        expect([...history.recent('loss')].slice(-256)).toEqual(numbers.slice(-256));
        expect([history.at('loss', -1), history.at('loss', numbers.length)]).toEqual([undefined, undefined]);
      }),
    );
  });

  it('keeps the last records of the parameters exactly, at even distances', () => {
    fc.assert(
      fc.property(losses, every, (numbers, weightsEvery) => {
        const history = historyOf(numbers, weightsEvery);
        for (let epochs = 0; epochs <= numbers.length; epochs++) {
          // Before the first record nobody knows how far apart they will be.
          const kept = numbers.length < weightsEvery ? weightsEvery : history.weightsEvery;
          const record = Math.floor(epochs / kept) * kept;
          const parameters = Float32Array.of(record, -record);
          expect(history.weightsAfter(epochs)).toEqual(record === 0 ? undefined : { epochs: record, parameters });
        }
        expect(numbers.length / history.weightsEvery).toBeLessThan(9);
      }),
    );
  });

  it('is what its copy is, and what a smaller one becomes by parts', () => {
    fc.assert(
      fc.property(losses, every, fc.array(fc.nat(), { maxLength: 20 }), (numbers, weightsEvery, cuts) => {
        const host = new History(small);
        const page = new History(smaller);
        const places = [...cuts.map((cut) => cut % (numbers.length + 1)).sort((a, b) => a - b), numbers.length];
        let from = 0;
        for (const to of places) {
          host.append(epochsOf(numbers.slice(from, to), weightsEvery, from));
          page.append(host.since(page.length, smaller));
          from = to;
        }
        const copy = new History(small);
        copy.append(host.slice());
        expect(contents(copy)).toEqual(contents(host));
        const { recent, at, ...rest } = contents(page);
        const direct = contents(historyOf(numbers, weightsEvery, smaller));
        expect(rest).toEqual({ ...rest, curves: direct.curves, weights: direct.weights, stride: direct.stride });
        // One message has the last 256 epochs alone.
        if (host.stride === 1 && page.stride === 1) expect([recent, at]).toEqual([direct.recent, direct.at]);
      }),
    );
  });

  it('gives any part in as many buckets as are asked for, or a little finer than it has them', () => {
    fc.assert(
      fc.property(losses, fc.nat(), fc.nat(), (numbers, one, other) => {
        const [first, end] = [one, other].map((place) => place % (numbers.length + 1)).sort((a, b) => a - b);
        const history = historyOf(numbers, 1, { ...small, buckets: 64 });
        const part = history.slice(first, smaller, end);
        const curve = curveOf(part, 'loss');
        expect(curve.first).toBeLessThanOrEqual(first);
        expect(curve.last.length).toBeLessThanOrEqual(smaller.buckets + 1);
        const { stride } = curve;
        curve.highest.forEach((high, i) => {
          const from = curve.first + i * stride;
          const own = numbers.slice(from, Math.min(from + stride, Math.ceil(end / history.stride) * history.stride));
          expect(high).toBe(Math.max(...own));
        });
      }),
    );
  });

  it('takes no harm from epochs that come twice, and refuses a gap', () => {
    fc.assert(
      fc.property(losses, fc.nat(), (numbers, place) => {
        const history = historyOf(numbers, 1);
        const from = place % (numbers.length + 1);
        history.append(epochsOf(numbers.slice(from), 1, from));
        const { curves, weights } = contents(history);
        expect({ curves, weights }).toEqual(
          (({ curves, weights }) => ({ curves, weights }))(contents(historyOf(numbers, 1))),
        );
        expect(() => history.append(emptyColumns(1, numbers.length + 1))).toThrow(HistoryGap);
      }),
    );
  });

  it('knows the epochs that were trained again last, behind which more are known', () => {
    const numbers = Array.from({ length: 600 }, (_, i) => i);
    const history = historyOf(numbers, 1);
    expect(history.at('loss', 100)).toBeUndefined();
    history.append(epochsOf(numbers.slice(98, 101), 1, 98));
    expect(history.at('loss', 100)).toBe(100);
    expect(history.length).toBe(600);
  });

  it('has room for as many epochs as are expected when the first come, and no more than its limit', () => {
    const history = new History({ ...small, buckets: 1000 });
    history.expect(600);
    const memory = [100, 200, 600].map((end, i) => {
      history.append(epochsOf(Array(end - [0, 100, 200][i]).fill(1) as number[], 100, [0, 100, 200][i]));
      return history.column('loss').buffer;
    });
    expect(memory.every((buffer) => buffer === memory[0])).toBe(true);
    history.expect(5000);
    history.append(epochsOf(Array(100).fill(1) as number[], 100, 600));
    expect(history.column('loss').buffer.byteLength).toBe(8 * 1000);
  });

  it('stays within its limits however long the run', () => {
    const history = new History(small);
    const chunk = Array.from({ length: 5000 }, (_, i) => i % 97);
    for (let first = 0; first < 1_000_000; first += chunk.length) history.append(epochsOf(chunk, 1, first));
    expect(history.column('loss').length).toBeLessThanOrEqual(8);
    const { thinned, weights } = history.slice();
    expect(weights.length).toBeLessThanOrEqual(16);
    expect([...thinned!.highest.loss].every((high) => high === 96)).toBe(true);
    expect(new History(unlimited).stride).toBe(1);
  });
});
