import { linearOf } from '../../protocol/outputs';
import type { RunShape } from '../../protocol/protocol';
import type { RunState } from '../../protocol/state';

/** Whether every unit of some hidden layer starts with the weights of the others. */
export function startsAlike({ initial }: Pick<RunState, 'initial'>, shape: RunShape): boolean {
  const weights = shape.model.parameters.filter(({ shape: { length } }) => length > 1);
  return (
    !linearOf(shape) &&
    weights.slice(0, -1).some((spec) => {
      const [units, inputs] = spec.shape;
      const numbers = initial.subarray(spec.start, spec.start + units * inputs);
      return units > 1 && numbers.every((value, i) => value === numbers[i % inputs]);
    })
  );
}
