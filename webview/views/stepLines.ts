import { formatFloat32 } from '../../src/format';
import type { RunShape } from '../../src/run/protocol';
import type { BatchAccount } from '../../src/run/questions';
import { updateLines } from './updateLines';

/** A part of a sum: text and numbers as they are read. */
export type Term = (string | number)[];

/** A sum; `rest` terms more are not known one by one. `keep`: the term that stays in sight where others are left out. */
export interface Sum {
  terms: Term[];
  rest: number;
  keep: number;
}

/** A formula with its numbers in: text, numbers and sums as they are read. */
export type Tokens = (string | number | Sum)[];

/** One line of arithmetic. */
export interface Line {
  name: string;
  /** What the name is, to be read aloud. */
  spoken: string;
  left: string;
  /** `←` where the formula speaks of the old value. */
  sign: '=' | '←';
  formula: string;
  numbers: Tokens;
  value: number;
  /** What does it in PyTorch. */
  code: string[];
}

/** Which output, which input of it (none: its bias), and which of the account's rows to follow. */
export interface Followed {
  output: number;
  input: number | undefined;
  row: number;
}

/** The parameter number `index` as an output and an input. */
export function followedParameter(shape: RunShape, index: number): Pick<Followed, 'output' | 'input'> {
  const inputs = shape.inputNames.length;
  const weights = inputs * outputsOf(shape);
  if (index >= weights) return { output: index - weights, input: undefined };
  return { output: Math.floor(index / inputs), input: index % inputs };
}

/** The arithmetic of a batch from prediction to update, for one parameter and one row. */
export function stepLines(account: BatchAccount, shape: RunShape, followed: Followed): Line[] {
  const { row, output, input } = followed;
  const own = lossWords[shape.loss];
  const at = row * outputsOf(shape) + output;
  const lines = [prediction(account, shape, followed, at)];
  if (own.probability) lines.push(own.probability(account, shape, followed, at));
  lines.push(error(account, shape, followed, at));
  if (own.slope)
    lines.push({ ...own.slope, sign: '=', numbers: [account.slopes[at]], value: account.slopes[at], code: [] });
  lines.push(lossLine(account, shape, own, at));
  if (account.notFinite === 'loss') return lines;
  const width = shape.inputNames.length;
  const parameter = input === undefined ? width * outputsOf(shape) + output : output * width + input;
  return [...lines, gradient(account, shape, followed, parameter, own), ...updateLines(account, parameter, input)];
}

/** How a loss is written. */
interface LossWords {
  /** The error. */
  left: string;
  formula: string;
  /** One output's own loss, from its error; its value where it is not simply written. */
  term: (error: number, own: number) => Term;
  /** The factor before the gradient's sum, and what is summed. */
  factor: 1 | 2;
  summand: string;
  probability?: (account: BatchAccount, shape: RunShape, followed: Followed, at: number) => Line;
  slope?: Pick<Line, 'name' | 'spoken' | 'left' | 'formula'>;
}

const huberWords: LossWords = {
  left: 'ŷ − y',
  formula: 'mean(h(e)),  h(e) = e²/2 where |e| < 1, else |e| − 1/2',
  term: (_, own) => [own],
  factor: 1,
  summand: 's',
  slope: {
    name: 'slope',
    spoken: 'The slope of the loss, which is the error but at most 1 in size',
    left: 's',
    formula: 'clamp(e, −1, 1)',
  },
};

const lossWords: Record<string, LossWords> = {
  mse_loss: {
    left: 'ŷ − y',
    formula: 'mean(e²)',
    term: (error) => [error, '²'],
    factor: 2,
    summand: 'e',
  },
  l1_loss: {
    left: 'ŷ − y',
    formula: 'mean(|e|)',
    term: (_, own) => [own],
    factor: 1,
    summand: 's',
    slope: { name: 'slope', spoken: 'The slope of the loss', left: 's', formula: 'sign(e)' },
  },
  smooth_l1_loss: huberWords,
  huber_loss: huberWords,
  binary_cross_entropy_with_logits: {
    left: 'p − y',
    formula: 'mean(−y · log p − (1 − y) · log(1 − p))',
    term: (_, own) => [own],
    factor: 1,
    summand: 'e',
    probability: ({ outputs, errors, targets }, _, __, at) => ({
      name: 'probability',
      spoken: 'The sigmoid of the output, which is the probability of a 1',
      left: 'p',
      sign: '=',
      formula: '1 / (1 + exp(−z))',
      numbers: ['1 / (1 + exp(', -outputs[at], '))'],
      value: errors[at] + targets[at],
      code: ['torch.sigmoid(y_pred)'],
    }),
  },
  cross_entropy: {
    left: 'p − y',
    formula: 'mean(−log p[class of the row])',
    term: (_, own) => [own],
    factor: 1,
    summand: 'e',
    probability: ({ outputs, errors, targets }, shape, { row, output }, at) => {
      const classes = outputsOf(shape);
      const terms = Array.from({ length: classes }, (_, i): Term => ['exp(', outputs[row * classes + i], ')']);
      return {
        name: 'probability',
        spoken: `The softmax of the outputs, which is the probability of ${shape.classNames?.[output] ?? 'the class'}`,
        left: 'p',
        sign: '=',
        formula: 'exp(z) / Σ exp(z of each class)',
        numbers: ['exp(', outputs[at], ') / (', { terms, rest: 0, keep: output }, ')'],
        value: errors[at] + (targets[row] === output ? 1 : 0),
        code: ['y_pred.softmax(dim=1)'],
      };
    },
  },
};

function prediction({ rows, inputs, outputs, before }: BatchAccount, shape: RunShape, followed: Followed, at: number) {
  const { row, output, input } = followed;
  const width = shape.inputNames.length;
  const terms = Array.from({ length: width }, (_, i): Term => {
    return [inputs[row * width + i], ' × ', before[output * width + i]];
  });
  if (shape.bias) terms.push([before[outputsOf(shape) * width + output]]);
  const isLogit = lossWords[shape.loss].probability !== undefined;
  const line: Line = {
    name: 'prediction',
    spoken: `The ${isLogit ? 'output' : 'prediction'} for row ${rows[row] + 1}, which is x times w${shape.bias ? ' plus b' : ''}`,
    left: isLogit ? 'z' : 'ŷ',
    sign: '=',
    formula: shape.bias ? 'x · w + b' : 'x · w',
    numbers: [{ terms, rest: 0, keep: input ?? width }],
    value: outputs[at],
    code: ['y_pred = model(x)'],
  };
  return line;
}

function error(
  { errors, outputs, targets }: BatchAccount,
  shape: RunShape,
  { row, output }: Followed,
  at: number,
): Line {
  const { left, probability } = lossWords[shape.loss];
  const target = shape.classNames ? Number(targets[row] === output) : targets[at];
  const from = probability ? errors[at] + target : outputs[at];
  const spoken = `The error, which is ${probability ? 'probability' : 'prediction'} minus target`;
  return {
    name: 'error',
    spoken,
    left: 'e',
    sign: '=',
    formula: left,
    numbers: [exact(from), ' − ', exact(target)],
    value: errors[at],
    code: [],
  };
}

/** With all its digits: a difference of rounded numbers is not the difference. */
function exact(value: number): string {
  return formatFloat32(value).replace(/^-/, '−');
}

function lossLine({ errors, ownLosses, rows, ...account }: BatchAccount, shape: RunShape, own: LossWords, at: number) {
  const perRow = ownLosses.length / rows.length;
  const count = account.batchRows * perRow;
  const terms = Array.from(ownLosses, (loss, i) => own.term(errors[i], loss));
  const keep = Math.floor((at * ownLosses.length) / errors.length);
  const sum: Sum = { terms, rest: count - terms.length, keep };
  const line: Line = {
    name: 'loss',
    spoken: `The loss ${shape.loss}, a mean over ${count === 1 ? 'one number' : `${count} numbers`}`,
    left: 'L',
    sign: '=',
    formula: own.formula,
    numbers: count === 1 ? [sum] : ['(', sum, ') / ', count],
    value: account.loss,
    code: [`loss = F.${shape.loss}(y_pred, y)`],
  };
  return line;
}

function gradient(account: BatchAccount, shape: RunShape, followed: Followed, parameter: number, own: LossWords): Line {
  const { errors, slopes, inputs, ownLosses, rows, batchRows, gradients } = account;
  const { input, output, row } = followed;
  const [width, outputs] = [shape.inputNames.length, outputsOf(shape)];
  const count = (batchRows * ownLosses.length) / rows.length;
  const terms = Array.from(rows, (_, i): Term => {
    const part = own.slope ? slopes[i * outputs + output] : errors[i * outputs + output];
    return input === undefined ? [part] : [part, ' × ', inputs[i * width + input]];
  });
  const sum: Sum = { terms, rest: batchRows - terms.length, keep: row };
  const letter = input === undefined ? 'b' : 'w';
  return {
    name: 'gradient',
    spoken: `The gradient: how fast the loss grows with ${letter}, from ${batchRows === 1 ? 'one row' : `${batchRows} rows`}`,
    left: 'g',
    sign: '=',
    formula: `∂L/∂${letter} = ${own.factor}/n · Σ ${own.summand}${input === undefined ? '' : ' · x'}`,
    numbers: [own.factor, ' / ', count, ' × (', sum, ')'],
    value: gradients[parameter],
    code: ['optimizer.zero_grad()', 'loss.backward()'],
  };
}

function outputsOf({ classNames, targetNames }: RunShape): number {
  return (classNames ?? targetNames).length;
}
