import { analyzeCurvature, type CurvatureOptions } from '../engine/curvature/analyzeCurvature';
import type { CurvatureReport } from '../engine/curvature/report';
import type { OpenedRun } from './openRun';

/** What the data say about a run before its first step: where its parameters start and how its rows are scaled included. */
export function analyzeRun(
  { config, trainer, scaling, initial }: Pick<OpenedRun, 'config' | 'trainer' | 'scaling' | 'initial'>,
  options: CurvatureOptions = { optimum: true, scaled: config.dataset.scale === 'none' },
): CurvatureReport {
  const { dataset, model, trainRows } = trainer.parts;
  const { batch_size: batchSize, shuffle, drop_last: dropLast } = config.loader;
  const isScaled = config.dataset.scale !== 'none' || config.dataset.scale_targets !== 'none';
  return analyzeCurvature(
    {
      ...{ dataset, trainRows, initial, loss: config.loss, optimizer: config.optimizer },
      hasBias: model.hasBias,
      loader: { batchSize, shuffle, dropLast },
      ...(isScaled && { scaling }),
    },
    options,
  );
}
