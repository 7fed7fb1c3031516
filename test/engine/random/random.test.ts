import { describe, expect, it } from 'vitest';
import { arange } from '../../../src/engine/data/generate';
import { linearModel, shapedParameters } from '../../../src/engine/nn/layers';
import { Model } from '../../../src/engine/nn/model';
import { Generator } from '../../../src/engine/random/random';
import draws from '../../fixtures/draws.json';

describe('draws, against PyTorch', () => {
  it.each(draws.permutation)('permutation of seed $seed', ({ seed, values }) => {
    expect([...new Generator(seed).permutation(values.length)]).toEqual(values);
  });

  it.each(draws.normal)('normal numbers of seed $seed', ({ seed, values }) => {
    const numbers = new Generator(seed).normal(values.length);
    values.forEach((value, i) =>
      expect(Math.abs(numbers[i] - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value))),
    );
  });

  it.each(draws.linear)(
    'Linear($inputs, $outputs) of seed $seed, bit for bit',
    ({ seed, inputs, outputs, weight, bias }) => {
      const model = new Model(linearModel(inputs, outputs));
      model.resetParameters(new Generator(seed));
      expect(shapedParameters(model.parameters, inputs, outputs)).toEqual({ weight, bias });
    },
  );

  it('arange takes the float32 difference of its first two values as its step', () => {
    expect([...arange(6000, 9000, 320.7)]).toEqual(draws.arange);
    expect(arange(58, 387, 5.5)).toHaveLength(60);
    expect(arange(3, 1, 1)).toHaveLength(0);
  });

  it('skipping draws is drawing and throwing away', () => {
    const skipped = new Generator(9);
    skipped.skip(1500);
    const drawn = new Generator(9);
    for (let i = 0; i < 1500; i++) drawn.uint32();
    expect(skipped.uint32()).toBe(drawn.uint32());
  });
});
