import { optimizers, type OptimizerName } from '../../src/engine/optim/optimizers';
import type { BatchAccount } from '../../src/protocol/questions';
import { adadelta, adamax, lbfgs, nadam, radam, rprop } from './moreUpdateLines';
import type { Line, Tokens } from './stepLines';
import {
  bufferOf,
  decay,
  gradientOf,
  line,
  runningMean,
  runningSquare,
  step,
  type Choice,
  type LineRest,
  type Parts,
  type Update,
} from './updateParts';

/** From the gradient of a parameter to its new value: the lines of the run's optimizer; the last one is the step itself. */
export function updateLines(account: BatchAccount, index: number, input: number | undefined): Line[] {
  const parts = { account, index, letter: input === undefined ? 'b' : 'w' };
  const choice = account.optimizer;
  // Of a union of choices the compiler does not see that name and arguments go together.
  const lines = linesOf[choice.type] as (update: Parts & { choice: Choice }) => Line[];
  return lines({ ...parts, choice });
}

/** The lines of each optimizer. */
const linesOf: { [T in OptimizerName]: (update: Update<T>) => Line[] } = {
  SGD: sgd,
  Adam: adam,
  AdamW: adam,
  RMSprop: rmsprop,
  Adagrad: adagrad,
  Adamax: adamax,
  NAdam: nadam,
  RAdam: radam,
  Adadelta: adadelta,
  Rprop: rprop,
  LBFGS: lbfgs,
};

function sgd({ choice, ...parts }: Update<'SGD'>): Line[] {
  const { lr, momentum, dampening, weight_decay, nesterov } = choice;
  const lines = decay(parts, weight_decay);
  const gradient = lines.at(-1)?.value ?? gradientOf(parts);
  let direction = { letter: 'g', value: gradient };
  const buffer = bufferOf(parts, 'momentum_buffer');
  if (buffer !== undefined) {
    const isFirst = parts.account.steps === 1;
    const kept = 1 - dampening;
    lines.push(
      line('momentum', 'The momentum, which keeps a share of the last steps', 'v', {
        sign: '←',
        formula: isFirst ? 'g  (the first step)' : dampening === 0 ? 'μ · v + g' : 'μ · v + (1 − d) · g',
        numbers: isFirst
          ? [gradient]
          : [
              momentum,
              ' × ',
              (buffer - kept * gradient) / momentum,
              ' + ',
              ...(dampening === 0 ? [] : [kept, ' × ']),
              gradient,
            ],
        value: buffer,
      }),
    );
    direction = { letter: 'v', value: buffer };
    if (nesterov) {
      const value = gradient + momentum * buffer;
      const numbers = [gradient, ' + ', momentum, ' × ', buffer];
      lines.push(line('look ahead', 'One step of momentum ahead', 'u', { formula: 'g + μ · v', numbers, value }));
      direction = { letter: 'u', value };
    }
  }
  return [...lines, step(parts, `lr · ${direction.letter}`, [lr, ' × ', direction.value])];
}

function adam({ choice, ...parts }: Update<'Adam' | 'AdamW'>): Line[] {
  const { lr, betas, eps, weight_decay, amsgrad } = choice;
  const { decaysApart } = optimizers[choice.type];
  const { steps } = parts.account;
  const lines = decaysApart ? [] : decay(parts, weight_decay);
  const gradient = lines.at(-1)?.value ?? gradientOf(parts);
  const mean = bufferOf(parts, 'exp_avg')!;
  const square = bufferOf(parts, 'exp_avg_sq')!;
  lines.push(runningMean('m', betas[0], mean, gradient), runningSquare('s', 'β₂', betas[1], square, gradient));
  let largest = square;
  if (amsgrad) {
    largest = bufferOf(parts, 'max_exp_avg_sq')!;
    const largestSoFar: LineRest = { sign: '←', formula: 'the largest s so far', numbers: [largest], value: largest };
    lines.push(line('largest', 'The largest mean of squares so far', 's', largestSoFar));
  }
  const [first, second] = [mean / (1 - betas[0] ** steps), largest / (1 - betas[1] ** steps)];
  const corrected = (left: string, from: number, beta: number, value: number): Line =>
    line('correction', `The correction of ${left} for its start at 0, at step ${steps}`, `${left}\u0302`.normalize(), {
      formula: `${left} / (1 − ${left === 'm' ? 'β₁' : 'β₂'}ᵗ),  t = ${steps}`,
      numbers: [from, ' / ', 1 - beta ** steps],
      value,
    });
  lines.push(corrected('m', mean, betas[0], first), corrected('s', largest, betas[1], second));
  const shrink = decaysApart && weight_decay > 0 ? lr * weight_decay : 0;
  const change: Tokens = [lr, ' × ', first, ' / (√', second, ' + ', eps, ')'];
  return [...lines, step(parts, 'lr · m̂ / (√ŝ + ε)', change, shrink)];
}

function rmsprop({ choice, ...parts }: Update<'RMSprop'>): Line[] {
  const { lr, alpha, eps, weight_decay, momentum } = choice;
  const lines = decay(parts, weight_decay);
  const gradient = lines.at(-1)?.value ?? gradientOf(parts);
  const square = bufferOf(parts, 'square_avg')!;
  lines.push(runningSquare('s', 'α', alpha, square, gradient));
  const mean = bufferOf(parts, 'grad_avg');
  if (mean !== undefined) lines.push(runningMean('a', alpha, mean, gradient));
  const spread: Tokens = mean === undefined ? ['√', square] : ['√(', square, ' − ', mean, '²)'];
  const root = Math.sqrt(mean === undefined ? square : square - mean * mean);
  const quotient: Tokens = [gradient, ' / (', ...spread, ' + ', eps, ')'];
  const formula = mean === undefined ? 'g / (√s + ε)' : 'g / (√(s − a²) + ε)';
  const velocity = bufferOf(parts, 'momentum_buffer');
  if (velocity === undefined) return [...lines, step(parts, `lr · ${formula}`, [lr, ' × ', ...quotient])];
  const change = gradient / (root + eps);
  lines.push(
    line('quotient', 'The gradient divided by its usual size', 'q', { formula, numbers: quotient, value: change }),
    line('momentum', 'The momentum, which keeps a share of the last steps', 'v', {
      sign: '←',
      formula: 'μ · v + q',
      numbers: [momentum, ' × ', (velocity - change) / momentum, ' + ', change],
      value: velocity,
    }),
  );
  return [...lines, step(parts, 'lr · v', [lr, ' × ', velocity])];
}

function adagrad({ choice, ...parts }: Update<'Adagrad'>): Line[] {
  const { lr, lr_decay, eps, weight_decay } = choice;
  const { steps } = parts.account;
  const lines = decay(parts, weight_decay);
  const gradient = lines.at(-1)?.value ?? gradientOf(parts);
  const sum = bufferOf(parts, 'sum')!;
  lines.push(
    line('sum', 'The sum of the squares of all gradients so far', 's', {
      sign: '←',
      formula: 's + g²',
      numbers: [Math.max(0, sum - gradient * gradient), ' + ', gradient, '²'],
      value: sum,
    }),
  );
  const rate = lr / (1 + (steps - 1) * lr_decay);
  if (lr_decay > 0) {
    const numbers = [lr, ' / (1 + ', steps - 1, ' × ', lr_decay, ')'];
    lines.push(
      line('rate', 'The rate, which shrinks with every step', 'r', {
        formula: 'lr / (1 + t · lr_decay)',
        numbers,
        value: rate,
      }),
    );
  }
  const change: Tokens = [rate, ' × ', gradient, ' / (√', sum, ' + ', eps, ')'];
  return [...lines, step(parts, `${lr_decay > 0 ? 'r' : 'lr'} · g / (√s + ε)`, change)];
}
