import type { BatchAccount } from '../../src/protocol/questions';
import type { Line, Tokens } from './stepLines';

/** How the penalty is added to the loss of the batch; none without one. */
export function penaltyLossLines({ loss, penalty }: BatchAccount): Line[] {
  if (!penalty) return [];
  const { l1, l2, value } = penalty;
  const parts = [...(l1 > 0 ? [`${l1} · Σ|w|`] : []), ...(l2 > 0 ? [`${l2} · Σw²`] : [])];
  const code = [
    ...(l1 > 0 ? [`${l1} * sum(p.abs().sum() for p in held)`] : []),
    ...(l2 > 0 ? [`${l2} * sum((p**2).sum() for p in held)`] : []),
  ];
  if (parts.length === 0) return [];
  return [
    {
      name: 'penalty',
      spoken: `The loss with its penalty on ${penalty.bias ? 'weights and biases' : 'the weights'}`,
      left: 'L',
      sign: '←',
      formula: `L + ${parts.join(' + ')}`,
      numbers: [loss - value, ' + ', value],
      value: loss,
      code: [`loss = loss + ${code.join(' + ')}`],
    },
  ];
}

/** What the penalty adds to the gradient of a parameter; none where it is not penalized. `input`: undefined of a bias. */
export function penaltyLines(
  { penalty, before, gradients, clipping }: BatchAccount,
  parameter: number,
  input?: number,
): Line[] {
  if (!penalty || (input === undefined && !penalty.bias)) return [];
  const { l1, l2, without } = penalty;
  const letter = input === undefined ? 'b' : 'w';
  const parts: { formula: string; numbers: Tokens }[] = [
    ...(l1 > 0 ? [{ formula: `l1 · sign(${letter})`, numbers: [' + ', l1, ' × ', Math.sign(before[parameter])] }] : []),
    ...(l2 > 0 ? [{ formula: `2 · l2 · ${letter}`, numbers: [' + 2 × ', l2, ' × ', before[parameter]] }] : []),
  ];
  if (parts.length === 0) return [];
  return [
    {
      name: 'with penalty',
      spoken: 'The gradient of the loss with its penalty',
      left: 'g',
      sign: '←',
      formula: `g + ${parts.map(({ formula }) => formula).join(' + ')}`,
      numbers: [without[parameter], ...parts.flatMap(({ numbers }) => numbers)],
      value: (clipping?.unclipped ?? gradients)[parameter],
      code: [],
    },
  ];
}
