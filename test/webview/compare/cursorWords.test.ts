import { expect, it } from 'vitest';
import { lossesAt } from '../../../webview/compare/cursorWords';
import { comparedRun } from '../../compare/runs';

it('names losses from the lowest on, those that are not finite last', () => {
  const runs = [5, NaN, 1, Infinity, 3, 4, 2].map((loss, i) => {
    const last = Float64Array.of(loss);
    const training = { first: 0, stride: 1, end: 1, lowest: last, highest: last, last };
    return { run: comparedRun({ name: `run-${i}` }), training, sign: '●' };
  });
  const words = lossesAt(0, runs, undefined);
  expect(words.match(/run-\d/g)).toEqual(['run-2', 'run-6', 'run-4', 'run-5', 'run-0', 'run-1']);
});
