import { normShare } from '../../src/engine/optim/clipped';
import type { BatchAccount } from '../../src/protocol/questions';
import type { Line } from './stepLines';

/** How the gradient of a parameter is clipped before the step; none where it is not. */
export function clipLines({ clipping, gradients }: BatchAccount, parameter: number): Line[] {
  if (!clipping) return [];
  const { norm, value, unclipped } = clipping;
  const lines: Line[] = [];
  let gradient = unclipped[parameter];
  if (norm !== undefined) {
    const share = normShare(unclipped, norm);
    lines.push({
      name: 'clip norm',
      spoken: `The gradient, scaled so that the norm of all gradients is at most ${norm}`,
      left: 'g',
      sign: '←',
      formula: 'g · min(1, c / ‖g‖)',
      numbers: [gradient, ' × ', share],
      value: Math.fround(gradient * share),
      code: [`torch.nn.utils.clip_grad_norm_(model.parameters(), ${norm})`],
    });
    gradient = Math.fround(gradient * share);
  }
  if (value !== undefined) {
    lines.push({
      name: 'clip value',
      spoken: `The gradient, cut to at most ${value} in size`,
      left: 'g',
      sign: '←',
      formula: 'clamp(g, −c, c)',
      numbers: ['clamp(', gradient, ', ', -value, ', ', value, ')'],
      value: gradients[parameter],
      code: [`torch.nn.utils.clip_grad_value_(model.parameters(), ${value})`],
    });
  }
  return lines;
}
