import { describe, expect, test } from 'vitest';
import { batchAccount } from '../../../src/answers/batchAccount';
import { openRun, type OpenedRun } from '../../../src/training/openRun';
import { networkLayers } from '../../../webview/network/unitNumbers';
import { netLines, parameterOf, type FollowedNet } from '../../../webview/step/netLines';
import { calculate } from './calculate';

const inputs = Array.from({ length: 21 }, (_, row) => [row / 8 - 1, ((row * 5 + 1) % 13) / 4 - 1.5, (row % 4) - 1]);
const targets = (of: (row: number) => number[]) => inputs.map((_, row) => of(row));
const numbers = { values: { inputs, targets: targets((row) => [0.1 * row - inputs[row][1], inputs[row][2]]) } };
const binary = { values: { inputs, targets: targets((row) => [Number(row % 3 > 0)]) } };
const classes = { values: { inputs, targets: targets((row) => [row % 3]) } };
const counted = {
  name: 'rows.csv',
  content: ['a,b,c,y,counts', ...inputs.map((row, i) => [...row, 0.4 * i - row[1], [0.5, 1, 3][i % 3]].join())].join(
    '\n',
  ),
};
const linear = (units: number) => ({ type: 'Linear', out_features: units });
const sgd = { type: 'SGD', lr: 0.05, momentum: 0.5 };

const cases = [
  { layers: [linear(4), 'Tanh', 'Linear'], dataset: numbers, loss: 'mse_loss', optimizer: sgd },
  {
    layers: [linear(3), 'ReLU', linear(5), 'Sigmoid', 'Linear'],
    dataset: classes,
    loss: 'cross_entropy',
    optimizer: { type: 'Adam', lr: 0.02 },
  },
  {
    layers: [linear(3), linear(2), 'Softplus', { type: 'Linear', bias: false }],
    dataset: binary,
    loss: 'binary_cross_entropy_with_logits',
    optimizer: sgd,
    penalty: { l2: 0.1, bias: true },
    clip_grad_norm: 0.2,
  },
  { layers: [linear(4), 'Tanh', 'Linear', 'Tanh'], dataset: numbers, loss: 'huber_loss', optimizer: sgd },
  {
    layers: [linear(4), 'Tanh', 'Linear'],
    dataset: { file: 'rows.csv', inputs: ['a', 'b', 'c'], targets: ['y'], sample_weight: 'counts' },
    loss: { type: 'mse_loss', reduction: 'sum' },
    optimizer: { type: 'SGD', lr: 1e-3 },
  },
];

async function open({ layers, ...config }: (typeof cases)[number]): Promise<OpenedRun> {
  const model = { type: 'Sequential', layers };
  const text = { seed: 2, ...config, model, loader: { batch_size: 5, drop_last: true }, epochs: 9 };
  const file = 'file' in config.dataset ? { file: counted } : {};
  const opened = await openRun({ configText: JSON.stringify(text), configFile: 'test.gd.json', seed: 0, ...file });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened;
}

describe.each(cases.map((config) => [JSON.stringify(config.layers), config] as const))('%s', (_, config) => {
  test('each line’s numbers come to its value, for every parameter on its way through the net', async () => {
    const opened = await open(config);
    const { shape, trainer } = opened;
    const layers = networkLayers(shape.model);
    const found = new Set<number>();
    for (let step = 0; step < 3; step++) {
      trainer.advance(Infinity, 1);
      const account = batchAccount(opened, { rows: 8 })!;
      for (const followed of ways(layers, step)) {
        if (followed.isBias && layers[followed.layer].biasAt === undefined) continue;
        const parameter = parameterOf(layers, followed);
        found.add(parameter);
        const lines = netLines(account, shape, followed);
        for (const { name, numbers, value } of lines) {
          const difference = Math.abs(calculate(numbers) - value);
          expect(difference, `${name} of ${JSON.stringify(followed)}`).toBeLessThan(
            2e-5 * Math.max(1, Math.abs(value)),
          );
        }
        const own = account.penalty?.without ?? account.clipping?.unclipped ?? account.gradients;
        expect(lines.find(({ name }) => name === 'gradient')!.value).toBe(own[parameter]);
        expect(lines.at(-1)).toMatchObject({ name: 'update', value: account.after[parameter] });
      }
    }
    expect(found.size).toBe(trainer.parts.model.parameters.length);
  });
});

/** Ways through a net on which all of its parameters lie. */
function ways(layers: ReturnType<typeof networkLayers>, step: number): FollowedNet[] {
  return layers.flatMap(({ inFeatures, outFeatures }, layer) =>
    Array.from({ length: inFeatures * outFeatures }, (_, weight) => weight).flatMap((weight) => {
      const units = layers.map((one, i) => {
        if (i === layer) return Math.floor(weight / inFeatures);
        return (i === layer - 1 ? weight : weight + step) % one.outFeatures;
      });
      const way = { units, layer, input: weight % layers[0].inFeatures, row: (weight + step) % 5 };
      return [false, true].map((isBias) => ({ ...way, isBias }));
    }),
  );
}

test('lines say what PyTorch calls each of them', async () => {
  const opened = await open(cases[0]);
  opened.trainer.advance(Infinity, 1);
  const account = batchAccount(opened, { rows: 8 })!;
  const followed = { input: 1, units: [2, 0], layer: 0, isBias: false, row: 0 };
  const lines = netLines(account, opened.shape, followed).map(({ name, left, formula, code }) => [
    name,
    left,
    formula,
    code[0],
  ]);
  expect(lines).toEqual([
    ['layer 1', 'z₁', 'x · w + b', 'z1 = model[0](x)'],
    ['Tanh', 'a₁', 'tanh(z₁)', 'a1 = model[1](z1)'],
    ['prediction', 'ŷ', 'a₁ · w + b', 'y_pred = model[2](a1)'],
    ['error', 'e', 'ŷ − y', undefined],
    ['loss', 'L', 'mean(e²)', 'loss = F.mse_loss(y_pred, y)'],
    ['backward', '∂ŷ', '∂L/∂output = 2/n · e', 'optimizer.zero_grad()'],
    ['backward', '∂a₁', 'Σ w · ∂ŷ', 'a1.grad  # after a1.retain_grad()'],
    ['backward', '∂z₁', '∂a₁ · Tanh′(z₁)', 'z1.grad  # after z1.retain_grad()'],
    ['gradient', 'g', '∂L/∂w = Σ ∂z₁ · x', 'model[0].weight.grad[2, 1]'],
    ['momentum', 'v', 'g  (the first step)', undefined],
    ['update', 'w', 'w − lr · v', 'optimizer.step()'],
  ]);
});
