import { losses, type LossName } from '../engine/nn/losses';
import { metricNames, monitoredMetrics, type MonitoredMetricName } from './keys/earlyStoppingSchema';
import { hasValidationFile } from './datasetSchema';
import type { Config } from './schema';
import { lossName } from './keys/lossSchema';
import type { Report } from './sourceMap';
import { quotedList } from './words';

/** What a stop rule asks of split and loss. */
export function checkEarlyStopping(
  { early_stopping: rule, loss, split, dataset }: Partial<Config>,
  report: Report,
): void {
  if (!rule) return;
  const { monitor, mode } = rule;
  if (monitor === 'val_loss' && !split && !hasValidationFile(dataset)) {
    const message = 'early_stopping.monitor is "val_loss", but there is no split; add a split, or monitor "loss"';
    return report(['early_stopping', 'monitor'], { message, code: 'monitor', suggestion: '"loss"' });
  }
  const metric = monitor === 'loss' || monitor === 'val_loss' ? undefined : monitoredMetrics[monitor];
  const fitting = loss && metricsFor(lossName(loss));
  if (loss && metric && fitting && !fitting.includes(monitor as MonitoredMetricName)) {
    const message = `early_stopping.monitor is "${monitor}", which ${lossName(loss)} does not have; it has ${quotedList(['loss', 'val_loss', ...fitting])}`;
    return report(['early_stopping', 'monitor'], { message, code: 'monitor' });
  }
  const right = metric?.better === 'higher' ? 'max' : 'min';
  if (mode === right) return;
  const message = `early_stopping.mode is "${mode}", but ${monitor} is better the ${right === 'max' ? 'higher' : 'lower'} it is; write "${right}"`;
  report(['early_stopping', 'mode'], { message, code: 'monitor', suggestion: `"${right}"` });
}

/** The metrics that a loss can have. Targets that are probabilities are classes where they are all 0 or 1. */
function metricsFor(loss: LossName): MonitoredMetricName[] {
  const { targets } = losses[loss];
  return metricNames.filter((name) => targets === 'probabilities' || monitoredMetrics[name].of === targets);
}
