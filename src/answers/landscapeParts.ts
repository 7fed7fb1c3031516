import type { OpenedRun } from '../training/openRun';
import { outputNames, parameterNames } from '../protocol/outputs';
import type { RunShape } from '../protocol/protocol';
import type { ParameterWords } from '../engine/landscape/axisLabel';
import type { LandscapeParts } from '../engine/landscape/landscape';
import { trainingRowsOf } from '../engine/landscape/trainingRows';

/** What the landscape of a run is of. */
export function landscapeParts({ trainer, initial, shape }: OpenedRun): LandscapeParts {
  const { loss, penalty } = trainer.parts;
  const parts = { data: trainingRowsOf(trainer), loss, initial, words: parameterWords(shape) };
  return penalty ? { ...parts, penalty } : parts;
}

/** How a run's parameters are spoken of. */
export function parameterWords(shape: RunShape): ParameterWords {
  const outputs = outputNames(shape).length;
  return {
    names: parameterNames(shape),
    weights: outputs * shape.inputNames.length,
    hasOutputs: outputs > 1,
    isScaled: shape.scaling !== undefined,
  };
}
