import { describe, expect, it } from 'vitest';
import { columnDistribution } from '../../src/answers/columnDistribution';
import type { ColumnNumbers } from '../../src/protocol/questions';
import columns from '../fixtures/columns.json';
import { expectClose } from '../helpers/expectClose';

describe.each(columns)('a column, $name, against NumPy', ({ trainValues, validationValues, ...reference }) => {
  const found = columnDistribution(Float32Array.from(trainValues), Float32Array.from(validationValues));

  it('has the same bars', () => {
    expect(found.values && [...found.values]).toEqual(reference.values);
    expect(found.edges?.length).toBe(reference.edges?.length);
    reference.edges?.forEach((edge, i) => expectClose(found.edges![i], edge, 1e-14, 1e-3));
  });

  it.each(['train', 'validation'] as const)('has the same counts and statistics of the %s rows', (part) => {
    const { counts, ...numbers } = reference[part];
    expect([...found[part].counts]).toEqual(counts);
    for (const [name, value] of Object.entries(numbers)) {
      expectClose(found[part][name as keyof Omit<ColumnNumbers, 'counts'>], value, 1e-12, 1e-6);
    }
  });
});

describe('a column', () => {
  it('without validation rows has no numbers of them', () => {
    const { train, validation } = columnDistribution(Float32Array.of(1, 2, 2), new Float32Array(0));
    expect([...train.counts]).toEqual([1, 2]);
    expect(validation).toMatchObject({ rows: 0, min: NaN, mean: NaN, median: NaN });
    expect([...validation.counts]).toEqual([0, 0]);
  });

  it('of classes has a bar for each, also for one that no row has', () => {
    const { values, train, validation } = columnDistribution(Float32Array.of(0, 3, 3), Float32Array.of(1), 4);
    expect([...values!]).toEqual([0, 1, 2, 3]);
    expect([...train.counts]).toEqual([1, 0, 0, 2]);
    expect([...validation.counts]).toEqual([0, 1, 0, 0]);
  });

  it('counts every row once, however wide its range', () => {
    for (const scale of [1e-30, 1, 1e7, 3e38]) {
      const values = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i * i) * scale);
      const { train } = columnDistribution(values, new Float32Array(0));
      expect(train.counts.reduce((sum, count) => sum + count)).toBe(500);
    }
  });
});
