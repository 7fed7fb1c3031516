import type { BatchAccount } from '../../src/protocol/questions';
import type { Line, Tokens } from './stepLines';

/** How a step was made. */
export type Choice = BatchAccount['optimizer'];
/** What the lines of an optimizer are made from. */
export type Update<T extends Choice['type']> = Parts & { choice: Extract<Choice, { type: T }> };

/** What the lines of an update are made from: one parameter's numbers. */
export interface Parts {
  account: BatchAccount;
  index: number;
  /** What the parameter is called. */
  letter: string;
}

/** What a line says besides its name. */
export type LineRest = Pick<Line, 'formula' | 'numbers' | 'value'> & Partial<Pick<Line, 'sign'>>;

/** The line that adds an L2 penalty's share to the gradient; none without weight decay. */
export function decay({ account, index, letter }: Parts, weightDecay: number): Line[] {
  if (weightDecay === 0) return [];
  const [gradient, before] = [account.gradients[index], account.before[index]];
  return [
    line('decay', 'The gradient with the weight decay added', 'g', {
      sign: '←',
      formula: `g + λ · ${letter}`,
      numbers: [gradient, ' + ', weightDecay, ' × ', before],
      value: gradient + weightDecay * before,
    }),
  ];
}

/** The line of a running mean of the gradients. */
export function runningMean(letter: string, beta: number, value: number, gradient: number): Line {
  const name = letter === 'm' ? 'β₁' : 'α';
  return line('mean', 'The running mean of the gradients', letter, {
    sign: '←',
    formula: `${name} · ${letter} + (1 − ${name}) · g`,
    numbers: [beta, ' × ', previous(value, beta, gradient), ' + ', 1 - beta, ' × ', gradient],
    value,
  });
}

/** The line of a running mean of their squares. */
export function runningSquare(letter: string, name: string, beta: number, value: number, gradient: number): Line {
  return line('square', 'The running mean of their squares', letter, {
    sign: '←',
    formula: `${name} · ${letter} + (1 − ${name}) · g²`,
    numbers: [beta, ' × ', Math.max(0, previous(value, beta, gradient ** 2)), ' + ', 1 - beta, ' × ', gradient, '²'],
    value,
  });
}

/** A running mean as it was before `added` came into it. */
function previous(value: number, beta: number, added: number): number {
  return beta === 0 ? 0 : (value - (1 - beta) * added) / beta;
}

/** The new value of the parameter: the old one, with a share of `shrink` taken off, minus `change`. */
export function step({ account, index, letter }: Parts, formula: string, change: Tokens, shrink = 0): Line {
  const before = account.before[index];
  return {
    ...line('update', `The step: the new value of ${letter}`, letter, {
      sign: '←',
      formula: `${letter} − ${shrink > 0 ? `lr · λ · ${letter} − ` : ''}${formula}`,
      numbers: [before, ...(shrink > 0 ? [' − ', shrink, ' × ', before] : []), ' − ', ...change],
      value: account.after[index],
    }),
    code: ['optimizer.step()'],
  };
}

/** A line of an update. */
export function line(name: string, spoken: string, left: string, rest: LineRest): Line {
  return { name, spoken, left, sign: '=', ...rest, code: [] };
}

/** The gradient of the parameter. */
export function gradientOf({ account, index }: Parts): number {
  return account.gradients[index];
}

/** What the optimizer keeps of the parameter under a name; undefined where it keeps none. */
export function bufferOf({ account, index }: Parts, name: string): number | undefined {
  return account.buffers[name]?.[index];
}
