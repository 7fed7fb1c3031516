import { expect, it } from 'vitest';
import { formatR2, qualityOf } from '../../../src/advice/metricWords';

it('writes an R² in few digits, and none below 1 as 1 unless only rounding keeps it from 1', () => {
  const values = [0.25, 0.9432, 0.9994, 0.999709, 0.99996, 1 - 1e-9, 1 - 1e-13, 1, 0, -0.1584, -1234.5];
  expect(values.map(formatR2)).toEqual([
    ...['0.25', '0.943', '0.999', '0.9997', '0.99996', '0.999999999', '1', '1', '0', '-0.158', '-1,200'],
  ]);
});

it('has all digits of what it rounds', () => {
  const train = { model: { r2: 0.9997091, rmse: 2, mae: 1234.5678 }, baseline: { r2: 0, rmse: 3, mae: 98765.4321 } };
  expect(qualityOf({ of: 'numbers', train }, {}).train).toEqual({
    model: 'R²\u00a00.9997 · typical\u00a0error\u00a0±1,235',
    baseline: 'always the mean: ±98,765',
    exact: 'R² 0.9997091 · typical error ±1234.5678 · always the mean: ±98765.4321',
  });
});
