import { expect, it } from 'vitest';
import { explainedBy, rawR2, type StandardRows } from '../../../src/engine/facts/explained';
import { leakOf } from '../../../src/engine/facts/leak';
import { standardRows } from '../../../src/engine/facts/sampledRows';
import { Generator } from '../../../src/engine/random/random';

const rows = 60;
const all = Uint32Array.from({ length: rows }, (_, row) => row);

/** Noise, with one column from which the target follows, and the target. */
function tableOf(width: number, column: number, noise: number): StandardRows {
  const inputs = Float32Array.from(new Generator(width).normal(rows * width));
  const draws = new Generator(7).normal(rows);
  const targets = Float32Array.from(draws, (draw, row) => 3 * inputs[row * width + column] + noise * draw);
  const standard = { inputs: standardRows(inputs, width, all), targets: standardRows(targets, 1, all) };
  return { rows, width, outputs: 1, ...standard };
}

it('names the column that gives the target by itself, with what least squares says of it', () => {
  const data = tableOf(5, 3, 0.01);
  const own = Float64Array.from(all, (row) => data.inputs[row * 5 + 3]);
  const leak = leakOf(data)!;
  expect(leak.column).toBe(3);
  expect(leak.alone).toBeCloseTo(rawR2(data, own, 1), 12);
  expect(leakOf(tableOf(5, 3, 0.5))).toBeUndefined();
});

it('says nothing where as many columns as rows would explain anything', () => {
  const wide = tableOf(rows, 3, 0.01);
  expect(leakOf(wide)).toBeUndefined();
  expect(explainedBy(wide).linear).toBeUndefined();
});

it('still does where the others are constant', () => {
  const data = tableOf(rows, 3, 0.01);
  const inputs = data.inputs.map((value, i) => (i % rows < 5 ? value : 0));
  expect(leakOf({ ...data, inputs })!.column).toBe(3);
  expect(explainedBy({ ...data, inputs }).linear).toBeGreaterThan(0.99);
});
