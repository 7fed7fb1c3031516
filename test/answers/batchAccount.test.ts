import { describe, expect, it } from 'vitest';
import { batchAccount } from '../../src/answers/batchAccount';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import type { BatchAccount } from '../../src/protocol/questions';
import { expectClose } from '../helpers/expectClose';

const inputs = Array.from({ length: 23 }, (_, row) => [row / 4, ((row * 5 + 1) % 13) / 4 - 1.5, ((row * 7) % 11) / 3]);
const value = (row: number, target: number) => 0.3 * row - inputs[row][1] + ((row * row + 3 * target) % 7) / 5;
const targetsOf = (of: (row: number, target: number) => number, width = 1) =>
  inputs.map((_, row) => Array.from({ length: width }, (__, target) => of(row, target)));
const table = { values: { inputs, targets: targetsOf(value) } };
const wide = { values: { inputs, targets: targetsOf(value, 2) } };
const binary = { values: { inputs, targets: targetsOf((row) => Number(value(row, 0) > 3)) } };
const classes = { values: { inputs, targets: targetsOf((row) => Math.floor(value(row, 0)) % 3) }, scale: 'standard' };

const query = { rows: 8 };
const sgd = { type: 'SGD', lr: 0.002 };
const configs = [
  { dataset: table, loss: 'mse_loss', optimizer: sgd, batch: 1 },
  { dataset: table, loss: 'mse_loss', optimizer: sgd, batch: 5 },
  { dataset: { ...table, scale: 'standard', scale_targets: 'minmax' }, loss: 'mse_loss', optimizer: sgd, batch: 23 },
  { dataset: wide, loss: 'mse_loss', optimizer: { ...sgd, momentum: 0.9, nesterov: true }, batch: 4, split: [18, 5] },
  {
    dataset: table,
    loss: 'l1_loss',
    optimizer: { ...sgd, momentum: 0.8, dampening: 0.3, weight_decay: 0.1 },
    batch: 7,
  },
  { dataset: wide, loss: 'smooth_l1_loss', optimizer: { type: 'Adam', lr: 0.05, weight_decay: 0.1 }, batch: 6 },
  { dataset: table, loss: 'huber_loss', optimizer: { type: 'AdamW', lr: 0.05, amsgrad: true }, batch: 8 },
  { dataset: binary, loss: 'binary_cross_entropy_with_logits', optimizer: { type: 'RMSprop' }, batch: 5 },
  { dataset: classes, loss: 'cross_entropy', optimizer: { type: 'RMSprop', centered: true, momentum: 0.6 }, batch: 9 },
  { dataset: classes, loss: 'cross_entropy', optimizer: { type: 'Adagrad', lr_decay: 0.1 }, batch: 2 },
  { dataset: wide, loss: 'mse_loss', optimizer: { type: 'Adamax', lr: 0.05, weight_decay: 0.1 }, batch: 6 },
  { dataset: table, loss: 'mse_loss', optimizer: { type: 'Adadelta', weight_decay: 0.1 }, batch: 8 },
];

async function open({ batch, ...config }: { batch: number; [key: string]: unknown }): Promise<OpenedRun> {
  const full = { seed: 3, ...config, loader: { batch_size: batch }, epochs: 9 };
  const opened = await openRun({ configText: JSON.stringify(full), configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened;
}

const huber = (error: number) => (Math.abs(error) < 1 ? error ** 2 / 2 : Math.abs(error) - 0.5);
const softplus = (z: number) => Math.log(1 + Math.exp(z));
const elementwise: Record<string, (output: number, target: number) => number> = {
  mse_loss: (output, target) => (output - target) ** 2,
  l1_loss: (output, target) => Math.abs(output - target),
  smooth_l1_loss: (output, target) => huber(output - target),
  huber_loss: (output, target) => huber(output - target),
  binary_cross_entropy_with_logits: (z, target) => target * softplus(-z) + (1 - target) * softplus(z),
};

/** What a row's outputs lose, each by itself, by the definitions in PyTorch's documentation. */
function ownLosses(loss: string, outputs: number[], targets: number[]): number[] {
  if (loss !== 'cross_entropy') return outputs.map((output, i) => elementwise[loss](output, targets[i]));
  return [Math.log(outputs.reduce((sum, output) => sum + Math.exp(output), 0)) - outputs[targets[0]]];
}

function outputsOf({ shape }: OpenedRun, parameters: ArrayLike<number>, row: number[]): number[] {
  const outputs = (shape.classNames ?? shape.targetNames).length;
  return Array.from({ length: outputs }, (_, output) =>
    row.reduce((sum, x, i) => sum + x * parameters[output * row.length + i], parameters[outputs * row.length + output]),
  );
}

const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The loss of rows of scaled numbers in float64. */
function lossOf(
  run: OpenedRun,
  parameters: ArrayLike<number>,
  rows: { inputs: number[]; targets: number[] }[],
): number {
  return mean(rows.flatMap((row) => ownLosses(run.shape.loss, outputsOf(run, parameters, row.inputs), row.targets)));
}

/** Rows of scaled numbers, scaled here from the config's own. */
function scaledRows(run: OpenedRun, rows: Iterable<number>): { inputs: number[]; targets: number[] }[] {
  const { dataset, scaling } = run;
  return Array.from(rows, (row) => ({
    inputs: inputs[row].map((x, i) => (x - scaling.inputs.offset[i]) / scaling.inputs.scale[i]),
    targets: dataset.targetNames.map((_, i) => {
      const target = dataset.targets[row * dataset.targetNames.length + i];
      return dataset.classNames ? target : (target - scaling.targets.offset[i]) / scaling.targets.scale[i];
    }),
  }));
}

/** PyTorch's documented algorithms in float64, from the buffers before the step; how far the parameter moves. */
function moveOf(account: BatchAccount, kept: number[], w: number, gradient: number): number {
  const { optimizer, steps: t } = account;
  const decay = optimizer.type === 'AdamW' || !('weight_decay' in optimizer) ? 0 : optimizer.weight_decay;
  const decayed = gradient + decay * w;
  switch (optimizer.type) {
    case 'SGD': {
      const { lr, momentum, dampening, nesterov } = optimizer;
      const buffer = t === 1 ? decayed : momentum * (kept[0] ?? 0) + (1 - dampening) * decayed;
      return -lr * (momentum === 0 ? decayed : nesterov ? decayed + momentum * buffer : buffer);
    }
    case 'Adam':
    case 'AdamW': {
      const { lr, betas, eps, weight_decay, amsgrad, type } = optimizer;
      const first = betas[0] * kept[0] + (1 - betas[0]) * decayed;
      const second = betas[1] * kept[1] + (1 - betas[1]) * decayed ** 2;
      const root = Math.sqrt((amsgrad ? Math.max(kept[2], second) : second) / (1 - betas[1] ** t));
      return -(type === 'AdamW' ? lr * weight_decay * w : 0) - (lr * first) / (1 - betas[0] ** t) / (root + eps);
    }
    case 'RMSprop': {
      const { lr, alpha, eps, momentum, centered } = optimizer;
      const square = alpha * kept[0] + (1 - alpha) * decayed ** 2;
      const average = centered ? alpha * kept[1] + (1 - alpha) * decayed : 0;
      const quotient = decayed / (Math.sqrt(square - average ** 2) + eps);
      return -lr * (momentum > 0 ? momentum * kept.at(-1)! + quotient : quotient);
    }
    case 'Adagrad': {
      const { lr, lr_decay, eps } = optimizer;
      return ((-lr / (1 + (t - 1) * lr_decay)) * decayed) / (Math.sqrt(kept[0] + decayed ** 2) + eps);
    }
    case 'Adamax': {
      const { lr, betas, eps } = optimizer;
      const mean = betas[0] * kept[0] + (1 - betas[0]) * decayed;
      const largest = Math.max(betas[1] * kept[1], Math.abs(decayed) + eps);
      return (-lr / (1 - betas[0] ** t)) * (mean / largest);
    }
    case 'Adadelta': {
      const { lr, rho, eps } = optimizer;
      const square = rho * kept[0] + (1 - rho) * decayed ** 2;
      return -lr * Math.sqrt((kept[1] + eps) / (square + eps)) * decayed;
    }
    default:
      throw new Error(`${optimizer.type} is compared with PyTorch's runs alone`);
  }
}

describe.each(configs)('the account of a batch, $loss, $optimizer.type, $batch rows', (config) => {
  it('agrees with float64 arithmetic from the config’s own numbers, batch after batch', async () => {
    const run = await open(config);
    const { trainer } = run;
    const { loader, kernels } = trainer.parts;
    for (let step = 0; step < 3 * loader.batches; step++) {
      const { epoch, batch, parameters: before, optimizer, lr } = trainer.position();
      trainer.advance(Infinity, 1);
      const rows = kernels.order.slice(loader.start(batch), loader.end(batch));
      const account = batchAccount(run, query)!;
      expect(account).toMatchObject({ epoch, batch, batchRows: rows.length, before, optimizer: { lr } });
      expect(account.rows).toEqual(rows.slice(0, 8));
      expect(account.after).toEqual(trainer.parts.model.parameters);
      checkRows(run, account);
      const whole = scaledRows(run, rows);
      expectClose(account.loss, lossOf(run, before, whole), 1e-5, 1e-3);
      account.gradients.forEach((gradient, i) => {
        const shifted = (by: number) =>
          lossOf(
            run,
            Float64Array.from(before, (w, j) => (i === j ? w + by : w)),
            whole,
          );
        expectClose(gradient, (shifted(1e-6) - shifted(-1e-6)) / 2e-6, 1e-4, 1e-2);
        const kept = optimizer.buffers.map((buffer) => buffer[i]);
        const move = moveOf(account, kept, before[i], gradient);
        expect(Math.abs(account.after[i] - before[i] - move)).toBeLessThan(1e-4 * Math.abs(move) + 2e-6);
      });
    }
    expect(trainer.epoch).toBe(3);
  });
});

function checkRows(run: OpenedRun, account: BatchAccount): void {
  const own = scaledRows(run, account.rows);
  const { loss } = run.shape;
  const close = (actual: ArrayLike<number>, expected: number[]) => {
    expect(actual).toHaveLength(expected.length);
    expected.forEach((number, i) => expectClose(actual[i], number, 1e-4, 1e-2));
  };
  close(
    account.inputs,
    own.flatMap((row) => row.inputs),
  );
  close(
    account.targets,
    own.flatMap((row) => row.targets),
  );
  const outputs = own.map((row) => outputsOf(run, account.before, row.inputs));
  close(account.outputs, outputs.flat());
  close(
    account.ownLosses,
    outputs.flatMap((each, row) => ownLosses(loss, each, own[row].targets)),
  );
  const probabilities = (each: number[]) => {
    const total = each.reduce((sum, z) => sum + Math.exp(z), 0);
    return loss === 'cross_entropy' ? each.map((z) => Math.exp(z) / total) : each.map((z) => 1 / (1 + Math.exp(-z)));
  };
  const isLogit = loss.includes('cross_entropy');
  close(
    account.errors,
    outputs.flatMap((each, row) =>
      (isLogit ? probabilities(each) : each).map((from, i) => {
        const { targets } = own[row];
        return from - (run.shape.classNames ? Number(targets[0] === i) : targets[i]);
      }),
    ),
  );
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const shifted = (each: number[], i: number, by: number) => each.map((output, j) => (i === j ? output + by : output));
  close(
    account.slopes,
    outputs.flatMap((each, row) =>
      each.map((_, i) => {
        const at = (by: number) => sum(ownLosses(loss, shifted(each, i, by), own[row].targets));
        return (at(1e-6) - at(-1e-6)) / 2e-6;
      }),
    ),
  );
}

describe('there is no account', () => {
  const config = { dataset: table, optimizer: sgd, batch: 5 };

  it('before a batch was trained, nor after the run was taken up elsewhere', async () => {
    const run = await open(config);
    expect(batchAccount(run, query)).toBeNull();
    run.trainer.advance(Infinity, 2);
    const position = run.trainer.position();
    const other = await open(config);
    other.trainer.restore(position);
    expect(batchAccount(other, query)).toBeNull();
    other.trainer.advance(Infinity, 1);
    run.trainer.advance(Infinity, 1);
    expect(batchAccount(other, query)).toEqual(batchAccount(run, query));
  });

  it('while the rows of a new epoch have taken the place of the last batch’s', async () => {
    const dataset = { generate: 'linear', samples: 10_000, features: 2, seed: 1 };
    const run = await open({ ...config, dataset, batch: 10_000 });
    run.trainer.advance(Infinity);
    expect(batchAccount(run, query)).toMatchObject({ epoch: 0, batch: 0, batchRows: 10_000 });
    run.trainer.advance(4096);
    expect(batchAccount(run, query)).toBeNull();
    run.trainer.advance(Infinity);
    expect(batchAccount(run, query)).toMatchObject({ epoch: 1, batch: 0 });
  });
});

describe('a batch that was not finite', () => {
  it.each([
    ['loss', 1e12],
    ['parameter', 1e38],
  ])('says so: %s', async (what, lr) => {
    const run = await open({ dataset: table, optimizer: { type: 'SGD', lr }, batch: 5 });
    while (!run.trainer.divergence) run.trainer.advance(Infinity);
    const account = batchAccount(run, query)!;
    const { epoch, batch } = run.trainer.divergence;
    expect(account).toMatchObject({ epoch, batch, notFinite: what });
    expect(account.after).toEqual(account.before);
  });
});
