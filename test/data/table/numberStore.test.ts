import { describe, expect, it } from 'vitest';
import { NumberStore, type NumberUse } from '../../../src/data/table/numberStore';

function stored(values: number[], use?: NumberUse): Float32Array | Float64Array {
  const store = new NumberStore(use);
  for (const value of values) store.add(value);
  return store.numbers;
}

const column = (count: number, at: (i: number) => number) => Array.from({ length: count }, (_, i) => at(i));

describe('a column of numbers', () => {
  it.each<[string, number[]]>([
    ['measurements', column(5000, (i) => Math.sin(i) * 20 + 273.15)],
    ['whole numbers up to 2^24', column(5000, (i) => 2 ** 24 - i)],
    ['gaps', column(5000, (i) => (i % 3 ? NaN : i / 10))],
    ['float32 numbers, however large', column(5000, (i) => Math.fround(1e30 + i * 1e25))],
    ['few measurements', [0.1, 0.2, 0.3]],
    // Rounded by 2^-15, which is 2^-19 of the range.
    ['an offset of little account', [1000, 984, ...column(2000, (i) => 984 + i / 125 + 2 ** -15)]],
  ])('takes no more memory than float32 for %s', (_, values) => {
    expect(stored(values)).toEqual(Float32Array.from(values));
  });

  it.each<[string, number[]]>([
    ['days', column(5000, (i) => 20230101 + (i % 400))],
    ['times with fractions', column(5000, (i) => 1.7e9 + i / 8)],
    ['a large offset beside the spread', column(5000, (i) => 1234567.25 + Math.sin(i))],
    ['numbers less than a float32 apart', column(5000, (i) => 20230.1 + (i % 100) / 1e4)],
    // Rounded by 2^-15, which is 2^-17 of the range.
    ['an offset of some account', [1000, 996, ...column(2000, (i) => 996 + i / 500 + 2 ** -15)]],
    ['measurements after a code', [20230001.3, ...column(3000, (i) => (i % 500) / 10)]],
    ['a few', [20230001, 20230000]],
    ['an odd one far behind', [...column(4000, (i) => i), 16777217, ...column(2000, (i) => i)]],
  ])('keeps every digit of %s', (_, values) => {
    expect(stored(values)).toEqual(Float64Array.from(values));
  });

  it('rounds what is scaled afterwards no more than the scaled numbers are rounded', () => {
    const around = column(5000, (i) => Math.sin(i) / 3);
    expect(stored(around, 'scaled')).toEqual(Float32Array.from(around));
    const beside = column(5000, (i) => Math.sin(i) * 20 + 273.15);
    expect(stored(beside, 'scaled')).toEqual(Float64Array.from(beside));
  });

  it('keeps equal numbers equal when it turns to float64 late', () => {
    const values = [...column(3000, (i) => (i % 500) / 10), 20230001.3, ...column(3000, (i) => (i % 500) / 10)];
    const numbers = stored(values);
    expect(numbers).toBeInstanceOf(Float64Array);
    expect(new Set(numbers).size).toBe(501);
    expect(numbers[3000]).toBe(20230001.3);
    numbers.forEach((value, i) => expect(Math.abs(value - values[i])).toBeLessThan(2e-6));
  });

  it('rounds nothing where it must be exact', () => {
    const values = column(3000, (i) => (i % 700) / 10);
    expect(stored(values, 'exact')).toEqual(Float64Array.from(values));
    expect(
      stored(
        column(3000, (i) => i),
        'exact',
      ),
    ).toBeInstanceOf(Float32Array);
  });

  it('knows what it spans, and is the same whenever it is told how long it will be', () => {
    const values = column(3000, (i) => 20230000 + ((i * 7) % 900));
    const store = new NumberStore();
    store.reserve(10);
    values.forEach((value, i) => {
      expect(store.add(value)).toBe(i);
      if (i === 1500) store.reserve(100_000);
    });
    expect([store.min, store.max, store.length]).toEqual([20230000, 20230899, 3000]);
    expect(store.numbers).toEqual(stored(values));
  });
});
