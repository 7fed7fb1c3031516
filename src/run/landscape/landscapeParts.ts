import type { OpenedRun } from '../openRun';
import { outputNames, parameterNames } from '../outputs';
import type { RunShape } from '../protocol';
import type { ParameterWords } from './axisLabel';
import type { LandscapeParts } from './landscape';
import { trainingRowsOf } from './trainingRows';

/** What the landscape of a run is of. */
export function landscapeParts({ trainer, initial, shape }: OpenedRun): LandscapeParts {
  return { data: trainingRowsOf(trainer), loss: trainer.parts.loss, initial, words: parameterWords(shape) };
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
