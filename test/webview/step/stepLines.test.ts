import { describe, expect, test } from 'vitest';
import { batchAccount } from '../../../src/answers/batchAccount';
import { openRun } from '../../../src/training/openRun';
import { formatFactor } from '../../../src/base/format';
import { followedParameter, stepLines } from '../../../webview/step/stepLines';
import { calculate } from './calculate';

const inputs = Array.from({ length: 21 }, (_, row) => [row / 8 - 1, ((row * 5 + 1) % 13) / 4 - 1.5, (row % 4) - 1]);
const targets = (of: (row: number) => number[]) => inputs.map((_, row) => of(row));
const plain = { values: { inputs, targets: targets((row) => [0.4 * row - inputs[row][1]]) } };
const wide = { values: { inputs, targets: targets((row) => [0.4 * row, 1 - inputs[row][2]]) } };
const binary = { values: { inputs, targets: targets((row) => [Number(row % 3 > 0)]) } };
const classes = { values: { inputs, targets: targets((row) => [row % 3]) } };
const sgd = { type: 'SGD', lr: 0.01 };
/** The same rows in a file, with what each counts. */
const counted = [
  'a,b,c,y,z,k,counts',
  ...inputs.map((row, i) => [...row, 0.4 * i - row[1], 1 - row[2], i % 3, [0.5, 1, 3][i % 3]].join(',')),
].join('\n');
const weighed = { file: 'rows.csv', inputs: ['a', 'b', 'c'], sample_weight: 'counts' };

const cases = [
  { dataset: plain, loss: 'mse_loss', optimizer: sgd },
  { dataset: plain, loss: 'mse_loss', optimizer: sgd, model: { bias: false } },
  { dataset: wide, loss: 'mse_loss', optimizer: { ...sgd, momentum: 0.9 } },
  { dataset: plain, loss: 'l1_loss', optimizer: { ...sgd, momentum: 0.8, dampening: 0.3, weight_decay: 0.1 } },
  { dataset: wide, loss: 'smooth_l1_loss', optimizer: { ...sgd, momentum: 0.8, nesterov: true } },
  { dataset: plain, loss: 'huber_loss', optimizer: { type: 'Adam', lr: 0.05 } },
  { dataset: plain, loss: 'mse_loss', optimizer: { type: 'Adam', lr: 0.05, weight_decay: 0.1, amsgrad: true } },
  { dataset: binary, loss: 'binary_cross_entropy_with_logits', optimizer: { type: 'AdamW', weight_decay: 0.2 } },
  { dataset: classes, loss: 'cross_entropy', optimizer: { type: 'RMSprop' } },
  {
    dataset: plain,
    loss: 'mse_loss',
    optimizer: { type: 'RMSprop', centered: true, momentum: 0.6, weight_decay: 0.1 },
  },
  { dataset: plain, loss: 'mse_loss', optimizer: { type: 'Adamax', weight_decay: 0.1 } },
  { dataset: wide, loss: 'mse_loss', optimizer: { type: 'NAdam', lr: 0.01, weight_decay: 0.1 } },
  { dataset: plain, loss: 'huber_loss', optimizer: { type: 'RAdam', lr: 0.01, betas: [0.9, 0.99] } },
  { dataset: plain, loss: 'mse_loss', optimizer: { type: 'RAdam', lr: 0.01, betas: [0.8, 0.5], weight_decay: 0.1 } },
  { dataset: wide, loss: 'mse_loss', optimizer: { type: 'Adadelta', weight_decay: 0.1 } },
  { dataset: plain, loss: 'mse_loss', optimizer: { type: 'Rprop', lr: 0.3 } },
  { dataset: plain, loss: { type: 'mse_loss', reduction: 'sum' }, optimizer: sgd },
  { dataset: wide, loss: { type: 'smooth_l1_loss', beta: 0.3 }, optimizer: sgd },
  { dataset: wide, loss: { type: 'huber_loss', delta: 2, reduction: 'sum' }, optimizer: { ...sgd, momentum: 0.5 } },
  { dataset: binary, loss: { type: 'binary_cross_entropy_with_logits', pos_weight: 3 }, optimizer: sgd },
  { dataset: classes, loss: { type: 'cross_entropy', weight: 'balanced' }, optimizer: sgd },
  { dataset: classes, loss: { type: 'cross_entropy', weight: [3, 1, 2], label_smoothing: 0.2 }, optimizer: sgd },
  { dataset: plain, loss: 'mse_loss', optimizer: sgd, clip_grad_norm: 0.5 },
  { dataset: wide, loss: 'mse_loss', optimizer: { type: 'Adam' }, clip_grad_norm: 2, clip_grad_value: 0.4 },
  { dataset: plain, loss: 'mse_loss', optimizer: sgd, penalty: { l1: 0.1, l2: 0.2 } },
  {
    dataset: classes,
    loss: 'cross_entropy',
    optimizer: { type: 'Adam' },
    penalty: { l2: 0.3, bias: true },
    clip_grad_norm: 0.2,
  },
  { dataset: wide, loss: 'huber_loss', optimizer: { type: 'Adagrad', lr_decay: 0.1, weight_decay: 0.05 } },
  { dataset: { ...weighed, targets: ['y'] }, loss: 'mse_loss', optimizer: sgd },
  { dataset: { ...weighed, targets: ['y', 'z'] }, loss: { type: 'huber_loss', reduction: 'sum' }, optimizer: sgd },
  { dataset: { ...weighed, targets: ['k'] }, loss: { type: 'cross_entropy', weight: [3, 1, 2] }, optimizer: sgd },
];

const named = cases.map((config) => ({ ...config, name: JSON.stringify(config.loss) }));

describe.each(named)('$name with $optimizer.type', ({ name: _, ...config }) => {
  test('each line’s numbers come to its value, and the last line’s to the new parameter', async () => {
    const full = { seed: 2, ...config, loader: { batch_size: 5, drop_last: true }, epochs: 9 };
    const file = 'file' in config.dataset ? { file: { name: 'rows.csv', content: counted } } : {};
    const opened = await openRun({ configText: JSON.stringify(full), configFile: 'test.gd.json', seed: 0, ...file });
    if ('problems' in opened) throw new Error(opened.problems[0].message);
    const { shape, trainer } = opened;
    for (let step = 0; step < 6; step++) {
      trainer.advance(Infinity, 1);
      const account = batchAccount(opened, { rows: 8 })!;
      const { after } = account;
      const unclipped = account.clipping?.unclipped ?? account.gradients;
      const own = account.penalty?.without ?? unclipped;
      for (let index = 0; index < after.length; index++) {
        const row = (index + step) % account.rows.length;
        const lines = stepLines(account, shape, { ...followedParameter(shape, index), row });
        for (const line of lines) {
          const { name, numbers, value } = line;
          const difference = Math.abs(calculate(numbers) - value);
          expect(difference, `${name} of ${index} at step ${step}`).toBeLessThan(2e-5 * Math.max(1, Math.abs(value)));
        }
        expect(lines.at(-1)).toMatchObject({ name: 'update', value: after[index], code: ['optimizer.step()'] });
        expect(lines.find(({ name }) => name === 'gradient')?.value).toBe(own[index]);
        const penalized = lines.find(({ name }) => name === 'with penalty');
        if (penalized) expect(penalized.value).toBe(unclipped[index]);
        else expect(own[index]).toBe(unclipped[index]);
        const clipped = lines.filter(({ name }) => name.startsWith('clip'));
        expect(clipped.length).toBe(Object.keys(config).filter((key) => key.startsWith('clip')).length);
        for (const { value } of clipped.slice(-1)) expect(value).toBe(account.gradients[index]);
      }
    }
  });
});

test('of LBFGS, the moves of a step are told as one', async () => {
  const config = {
    ...{ seed: 2, dataset: plain, loss: 'mse_loss', loader: { batch_size: inputs.length }, epochs: 3 },
    ...{ penalty: { l2: 0.1 }, clip_grad_value: 0.5, optimizer: { type: 'LBFGS', lr: 0.2, max_iter: 4 } },
  };
  const opened = await openRun({ configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  for (let step = 0; step < 3; step++) {
    const start = opened.trainer.parts.model.parameters.slice();
    opened.trainer.advance(Infinity);
    const account = batchAccount(opened, { rows: inputs.length })!;
    expect(account.before).toEqual(start);
    for (let index = 0; index < start.length; index++) {
      const lines = stepLines(account, opened.shape, { ...followedParameter(opened.shape, index), row: 0 });
      for (const { name, numbers, value } of lines) {
        const difference = Math.abs(calculate(numbers) - value);
        expect(difference, `${name} of ${index} at step ${step}`).toBeLessThan(2e-5 * Math.max(1, Math.abs(value)));
      }
      // Those of the loss that is shown, before the first move.
      expect(lines.find(({ name }) => name === 'gradient')?.value).toBe(account.penalty!.without[index]);
      const update = { name: 'update', value: account.after[index], code: ['optimizer.step(closure)'] };
      expect(lines.at(-1)).toMatchObject(update);
    }
  }
});

test('a factor has five digits, no zeros at the end and a wide minus', () => {
  expect([0.21900218, -1234.5678, 58, -1e-6, 3.1e12, 0, -Infinity].map(formatFactor)).toEqual([
    '0.219',
    '−1,234.6',
    '58',
    '−1e-6',
    '3.1e12',
    '0',
    '−∞',
  ]);
});
