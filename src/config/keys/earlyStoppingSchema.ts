import { Type } from '@sinclair/typebox';
import type { ClassMetrics, NumberMetrics } from '../../engine/report/metrics';
import { count, withDefault, words } from './schemaKit';

/** A metric that can be monitored: where it stands in the metrics of some rows, and which way is better. */
interface MonitoredMetric {
  key: keyof NumberMetrics | keyof ClassMetrics;
  better: 'higher' | 'lower';
  of: 'numbers' | 'classes';
  meaning: string;
}

/** The metrics that can be monitored, by their names in JSON. */
export const monitoredMetrics = {
  r2: { key: 'r2', better: 'higher', of: 'numbers', meaning: 'R²: share of the targets’ variance that is explained.' },
  rmse: { key: 'rmse', better: 'lower', of: 'numbers', meaning: 'Root mean squared error, in the target’s units.' },
  mae: { key: 'mae', better: 'lower', of: 'numbers', meaning: 'Mean absolute error, in the target’s units.' },
  accuracy: {
    key: 'accuracy',
    better: 'higher',
    of: 'classes',
    meaning: 'Share of the rows whose class is predicted.',
  },
  precision: { key: 'precision', better: 'higher', of: 'classes', meaning: 'Precision, the mean over the classes.' },
  recall: { key: 'recall', better: 'higher', of: 'classes', meaning: 'Recall, the mean over the classes.' },
  f1: { key: 'f1', better: 'higher', of: 'classes', meaning: 'F1, the mean over the classes.' },
  log_loss: { key: 'logLoss', better: 'lower', of: 'classes', meaning: 'Log loss.' },
  roc_auc: { key: 'rocAuc', better: 'higher', of: 'classes', meaning: 'Area under the ROC curve; two classes only.' },
} as const satisfies Record<string, MonitoredMetric>;

/** Name of a metric that can be monitored. */
export type MonitoredMetricName = keyof typeof monitoredMetrics;

/** The names of the metrics that can be monitored. */
export const metricNames = Object.keys(monitoredMetrics) as MonitoredMetricName[];

/** `early_stopping`, in the words of Lightning's `EarlyStopping`. */
export const earlyStoppingSchema = Type.Object(
  {
    monitor: withDefault(
      words(
        {
          loss: 'The epoch’s training loss.',
          val_loss: 'The validation loss; needs a `split`.',
          ...(Object.fromEntries(metricNames.map((name) => [name, monitoredMetrics[name].meaning])) as Record<
            MonitoredMetricName,
            string
          >),
        },
        {
          description:
            'Number to watch at the end of each epoch (`EarlyStopping` monitor). Metrics are those of the validation rows if there is a `split`, otherwise of the training rows.',
          aliases: ['metric', 'watch', 'quantity'],
        },
      ),
      'val_loss',
    ),
    min_delta: withDefault(
      Type.Number({
        minimum: 0,
        description: 'Minimum change that counts as an improvement (`EarlyStopping` min_delta).',
        aliases: ['threshold', 'delta', 'tolerance'],
      }),
      0,
    ),
    patience: withDefault(
      count(1, {
        description: 'Number of epochs with no improvement after which training stops (`EarlyStopping` patience).',
        aliases: ['n_iter_no_change', 'wait', 'rounds'],
      }),
      10,
    ),
    mode: withDefault(
      words(
        { min: 'A lower number is better, as with every loss.', max: 'A higher number is better.' },
        { description: 'Which way is better (`EarlyStopping` mode).', aliases: ['direction'] },
      ),
      'min',
    ),
    stopping_threshold: Type.Optional(
      Type.Number({
        description:
          'Stop as soon as the number is better than this (`EarlyStopping` stopping_threshold). A training loss below the exact minimum is a warning, which offers one that is reached. If omitted, there is no such target.',
        aliases: ['baseline', 'target', 'goal', 'stop_at'],
      }),
    ),
    restore_best: withDefault(
      Type.Boolean({
        description: 'End with the parameters of the best epoch instead of the last one.',
        aliases: ['restore_best_weights', 'load_best'],
      }),
      true,
    ),
  },
  {
    description:
      'Stop when a number has stopped improving (Lightning’s `EarlyStopping`), and go back to the best epoch. If omitted, all epochs are trained.',
    aliases: ['earlystopping', 'early_stop', 'stop'],
  },
);
