import { monitoredMetrics } from '../config/keys/earlyStoppingSchema';
import { lossName, type Config } from '../config/schema';
import type { Dataset } from '../engine/dataset';
import type { EpochRecord } from '../engine/train/trainer';
import { losses } from '../engine/nn/losses';
import type { OpenedRun } from './openRun';
import { predictRows } from './predictRows';
import { hasClasses, metricsOver } from './runMetrics';

type Monitor = NonNullable<Config['early_stopping']>['monitor'];

/** The number that a stop rule watches, after the epoch of `record`. */
export function monitoredNumber(
  run: Pick<OpenedRun, 'config' | 'dataset' | 'scaling' | 'trainer'>,
  name: Monitor,
  { loss, valLoss }: EpochRecord,
): number {
  if (name === 'loss') return loss;
  if (name === 'val_loss') return valLoss;
  const { config, dataset, trainer } = run;
  const { model, trainRows, validationRows } = trainer.parts;
  const measured = {
    ...{ dataset, loss: lossName(config.loss), trainRows, validationRows, outFeatures: model.outFeatures },
    predict: (rows: Uint32Array) => predictRows(run, rows, model.parameters),
    outputs: (rows: Uint32Array) => trainer.predict(rows, model.parameters),
  };
  const metrics = metricsOver(measured, validationRows.length > 0 ? validationRows : trainRows);
  return (metrics as unknown as Record<string, number | undefined>)[monitoredMetrics[name].key] ?? NaN;
}

/** Why the metric that a config monitors does not exist for its data; undefined where it does. */
export function monitorObstacle({ early_stopping: rule, loss: written }: Config, dataset: Dataset): string | undefined {
  if (!rule || rule.monitor === 'loss' || rule.monitor === 'val_loss') return undefined;
  const { of } = monitoredMetrics[rule.monitor];
  const loss = lossName(written);
  const isOfClasses = hasClasses({ dataset, loss });
  const name = `early_stopping.monitor is "${rule.monitor}"`;
  if (of !== (isOfClasses ? 'classes' : 'numbers')) {
    return `${name}, a metric of ${of}, but the targets are ${isOfClasses ? 'classes' : losses[loss].targets}`;
  }
  const classes = dataset.classNames?.length ?? 2;
  return rule.monitor === 'roc_auc' && classes > 2
    ? `${name}, which is for two classes, but there are ${classes}`
    : undefined;
}
