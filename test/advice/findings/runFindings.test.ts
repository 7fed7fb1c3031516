import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../src/advice/verdicts/verdict';
import { trainRun } from '../../../src/cli/trainedRun';
import { setConfigValue } from '../../../src/config/edits/setValue';
import type { RunState } from '../../../src/protocol/state';

/** A csv in which one row of twelve is of the second class, and the input says a little of it. */
const content = `x,label\n${Array.from({ length: 240 }, (_, i) => {
  const isRare = i % 12 === 5;
  return `${Math.sin(i * 1.7) + (isRare ? 0.8 : 0)},${isRare ? 'bad' : 'good'}`;
}).join('\n')}\n`;

async function trained(configText: string): Promise<RunState> {
  const text = configText.includes('probabilities') ? content.replaceAll('bad', '1').replaceAll('good', '0') : content;
  const file = { name: 'a.csv', content: text };
  return (await trainRun({ configText, configFile: 'a.gd.json', seed: 0, file }, () => undefined))!.state;
}

describe('a run that predicts one class for nearly everybody', () => {
  it.each(['cross_entropy', 'binary_cross_entropy_with_logits'])(
    'finds the rare one with its fix: %s',
    async (loss) => {
      const name = loss === 'cross_entropy' ? 'classes' : 'probabilities';
      const configText = `// ${name}\n${JSON.stringify({
        ...{ seed: 0, dataset: { file: 'a.csv', targets: ['label'] }, loader: { batch_size: 240 }, loss },
        ...{ optimizer: { type: 'SGD', lr: 0.5 }, epochs: 3000 },
      })}`;
      const before = await trained(configText);
      const { code, fixes } = verdictOf(before);
      expect([code, fixes.map(({ kind }) => kind)]).toEqual(['class_imbalance', ['class-weights']]);
      const [{ path, value }] = fixes[0].edits;
      const after = await trained(setConfigValue(configText, path.join('.'), value));
      expect(after.status).toBe('finished');
      const recalls = [before, after].map(({ metrics }) =>
        metrics!.of === 'classes' ? metrics!.train.model.recall : NaN,
      );
      expect(recalls[0]).toBeLessThan(0.55);
      expect(recalls[1]).toBeGreaterThan(recalls[0] + 0.05);
      expect(verdictOf(after).code).not.toBe('class_imbalance');
    },
  );
});

it('a row that carries most of the loss matters more than the epochs that the last of the way takes', async () => {
  const inputs = Array.from({ length: 150 }, (_, i) => [
    Math.sin(i),
    Math.sin(i) + 0.3 * Math.cos(3 * i),
    Math.sin(7 * i + 1),
  ]);
  const targets = inputs.map(([a, b, c], i) => [2 * a - b + 0.5 * c + 0.1 * Math.sin(i * i) + (i === 70 ? 60 : 0)]);
  const config = { seed: 4, dataset: { values: { inputs, targets } }, loader: { batch_size: 150 }, epochs: 20 };
  const run = await trained(JSON.stringify({ ...config, optimizer: { type: 'SGD', lr: 0.3 } }));
  expect(verdictOf(run)).toMatchObject({ kind: 'flawed', code: 'outliers_dominate' });
});
