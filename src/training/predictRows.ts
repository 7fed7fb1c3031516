import { lossName } from '../config/schema';
import type { Numbers } from '../engine/numbers';
import { toPredictions } from '../protocol/outputs';
import type { OpenedRun } from './openRun';

/** Predictions of a run's model with some parameters, in the targets' own units and as exact as the targets; `rows × targets`. */
export function predictRows(
  { config, dataset, scaling, trainer }: Pick<OpenedRun, 'config' | 'dataset' | 'scaling' | 'trainer'>,
  rows: Uint32Array,
  parameters: Float32Array,
): Numbers {
  const singles = trainer.predict(rows, parameters);
  const outputs = dataset.exact?.targets.size ? Float64Array.from(singles) : singles;
  return toPredictions(outputs, lossName(config.loss), trainer.parts.model.outFeatures, scaling.targets);
}
