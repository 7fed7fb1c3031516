import { expect, it } from 'vitest';
import { lerp } from '../../../src/engine/optim/optimizer';

/** Six numbers by `torch.randn`, six others, and what `torch.lerp` of PyTorch 1.13.1 (AVX2) makes of them. */
const start = [
  -0.4867807626724243, -0.6038215756416321, -0.5580962300300598, 0.6675242781639099, -0.19741509854793549,
  1.9427834749221802,
];
const end = [
  -1.4017020463943481, -0.7625571489334106, 0.6312134265899658, -0.899135172367096, -0.5577934384346008,
  0.6907187700271606,
];
const weighted = {
  0.1: [
    -0.5782728791236877, -0.6196951270103455, -0.43916526436805725, 0.5108583569526672, -0.2334529310464859,
    1.8175770044326782,
  ],
  0.7: [
    -1.127225637435913, -0.7149364948272705, 0.27442052960395813, -0.42913731932640076, -0.4496799409389496,
    1.0663381814956665,
  ],
};

it.each(Object.entries(weighted))('lerp by %s has the bits of PyTorch', (weight, expected) => {
  const lerped = start.map((value, i) => lerp(value, end[i], Math.fround(Number(weight))));
  expect(lerped).toEqual(expected);
});
