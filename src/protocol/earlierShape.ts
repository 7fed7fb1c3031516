import { linearModel } from '../engine/nn/layers';
import type { RunShape } from './protocol';

/** How an earlier version stored what is known of a run: of its model, only whether it has a bias. */
type EarlierShape = Omit<RunShape, 'model'> & { bias: boolean };

/** A stored shape as this version has it. */
export function currentShape(stored: RunShape | EarlierShape): RunShape {
  if ('model' in stored) return stored;
  const { bias, ...shape } = stored;
  return {
    ...shape,
    model: linearModel(shape.inputNames.length, (shape.classNames ?? shape.targetNames).length, bias),
  };
}
