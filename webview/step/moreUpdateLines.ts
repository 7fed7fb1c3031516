import { NAdamSchedule } from '../../src/engine/optim/nadam';
import { rectification } from '../../src/engine/optim/radam';
import type { Line, Tokens } from './stepLines';
import { bufferOf, decay, gradientOf, line, runningMean, runningSquare, step, type Update } from './updateParts';

/** The lines of Adamax. */
export function adamax({ choice, ...parts }: Update<'Adamax'>): Line[] {
  const { lr, betas, weight_decay } = choice;
  const { lines, gradient } = start(parts, weight_decay);
  const mean = bufferOf(parts, 'exp_avg')!;
  const largest = bufferOf(parts, 'exp_inf')!;
  lines.push(
    runningMean('m', betas[0], mean, gradient),
    line('largest', 'The largest recent gradient', 'u', {
      sign: '←',
      formula: 'max(β₂ · u, |g| + ε)',
      numbers: [largest],
      value: largest,
    }),
  );
  const change: Tokens = [lr, ' / ', 1 - betas[0] ** parts.account.steps, ' × ', mean, ' / ', largest];
  return [...lines, step(parts, 'lr / (1 − β₁ᵗ) · m / u', change)];
}

/** The lines of NAdam. */
export function nadam({ choice, ...parts }: Update<'NAdam'>): Line[] {
  const { lr, betas, eps, weight_decay } = choice;
  const { lines, gradient, mean, square } = averages(parts, betas, weight_decay);
  const { steps } = parts.account;
  const corrected = square / (1 - betas[1] ** steps);
  const shares = new NAdamSchedule(choice).at(steps);
  lines.push(
    line('correction', `The correction of s for its start at 0, at step ${steps}`, 'ŝ', {
      formula: `s / (1 − β₂ᵗ),  t = ${steps}`,
      numbers: [square, ' / ', 1 - betas[1] ** steps],
      value: corrected,
    }),
    line(
      'look ahead',
      'One step of momentum ahead: shares of the gradient and of the mean that change with the steps',
      'u',
      {
        formula: 'a · g + b · m',
        numbers: [shares.gradient, ' × ', gradient, ' + ', shares.mean, ' × ', mean],
        value: shares.gradient * gradient + shares.mean * mean,
      },
    ),
  );
  const ahead = shares.gradient * gradient + shares.mean * mean;
  return [...lines, step(parts, 'lr · u / (√ŝ + ε)', [lr, ' × ', ahead, ' / (√', corrected, ' + ', eps, ')'])];
}

/** The lines of RAdam. */
export function radam({ choice, ...parts }: Update<'RAdam'>): Line[] {
  const { lr, betas, eps, weight_decay } = choice;
  const { lines, mean, square } = averages(parts, betas, weight_decay);
  const { steps } = parts.account;
  const corrected = mean / (1 - betas[0] ** steps);
  lines.push(
    line('correction', `The correction of m for its start at 0, at step ${steps}`, 'm̂', {
      formula: `m / (1 − β₁ᵗ),  t = ${steps}`,
      numbers: [mean, ' / ', 1 - betas[0] ** steps],
      value: corrected,
    }),
  );
  const shortened = rectification(choice, steps);
  if (shortened === undefined) {
    return [...lines, step(parts, 'lr · m̂  (too early to divide)', [lr, ' × ', corrected])];
  }
  const factor = shortened * Math.sqrt(1 - betas[1] ** steps);
  lines.push(
    line('rectification', 'By how much the step is shortened, and the correction of s', 'r', {
      formula: 'rectification · √(1 − β₂ᵗ)',
      numbers: [shortened, ' × √', 1 - betas[1] ** steps],
      value: factor,
    }),
  );
  const change: Tokens = [lr, ' × ', factor, ' × ', corrected, ' / (√', square, ' + ', eps, ')'];
  return [...lines, step(parts, 'lr · r · m̂ / (√s + ε)', change)];
}

/** The lines of Adadelta. */
export function adadelta({ choice, ...parts }: Update<'Adadelta'>): Line[] {
  const { lr, rho, eps, weight_decay } = choice;
  const { lines, gradient } = start(parts, weight_decay);
  const square = bufferOf(parts, 'square_avg')!;
  const after = bufferOf(parts, 'acc_delta')!;
  // The mean of the squares of changes as it was before this one came into it.
  const ratio = ((1 - rho) * gradient ** 2) / (square + eps);
  const before = Math.max(0, (after - ratio * eps) / (rho + ratio));
  const change = (Math.sqrt(before + eps) / Math.sqrt(square + eps)) * gradient;
  lines.push(
    runningSquare('s', 'ρ', rho, square, gradient),
    line('change', 'The change: the gradient times the usual size of changes, divided by its own', 'u', {
      formula: '√(d + ε) / √(s + ε) · g',
      numbers: ['√(', before, ' + ', eps, ') / √(', square, ' + ', eps, ') × ', gradient],
      value: change,
    }),
  );
  return [...lines, step(parts, 'lr · u', [lr, ' × ', change])];
}

/** The lines of Rprop. */
export function rprop({ choice, ...parts }: Update<'Rprop'>): Line[] {
  const { etas } = choice;
  const length = bufferOf(parts, 'step_size')!;
  // A gradient that has turned round is kept as 0.
  const kept = bufferOf(parts, 'prev')!;
  const hasTurned = kept === 0 && gradientOf(parts) !== 0;
  return [
    line('length', 'The length of the step', 'Δ', {
      sign: '←',
      formula: hasTurned ? `${etas[0]} · Δ  (g has turned)` : `Δ, or ${etas[1]} · Δ where g has kept its sign`,
      numbers: [length],
      value: length,
    }),
    step(parts, hasTurned ? '0' : 'sign(g) · Δ', [Math.sign(kept), ' × ', length]),
  ];
}

/** The lines of LBFGS: of its moves, which all rows and all parameters decide together, their sum. */
export function lbfgs({ choice, account, index, letter }: Update<'LBFGS'>): Line[] {
  const [before, after] = [account.before[index], account.after[index]];
  const moves = after - before;
  return [
    line('moves', `The sum of up to ${choice.max_iter} moves, each after a new look at all rows`, 'm', {
      formula: 'the sum of t · d',
      numbers: [moves],
      value: moves,
    }),
    {
      ...line('update', `The step: the new value of ${letter}`, letter, {
        sign: '←',
        formula: `${letter} + m`,
        numbers: [before, ' + ', moves],
        value: after,
      }),
      code: ['optimizer.step(closure)'],
    },
  ];
}

/** The gradient with its weight decay, and the line of that. */
function start(parts: Parameters<typeof decay>[0], weightDecay: number) {
  const lines = decay(parts, weightDecay);
  return { lines, gradient: lines.at(-1)?.value ?? gradientOf(parts) };
}

/** The same with the running means that Adam's kind keeps. */
function averages(parts: Parameters<typeof decay>[0], betas: readonly number[], weightDecay: number) {
  const { lines, gradient } = start(parts, weightDecay);
  const mean = bufferOf(parts, 'exp_avg')!;
  const square = bufferOf(parts, 'exp_avg_sq')!;
  lines.push(runningMean('m', betas[0], mean, gradient), runningSquare('s', 'β₂', betas[1], square, gradient));
  return { lines, gradient, mean, square };
}
