import { monitoredMetrics, type MonitoredMetricName } from '../config/keys/earlyStoppingSchema';
import { lossName, type Config } from '../config/schema';
import { losses } from '../engine/nn/losses';
import { pythonNumber } from './python';
import { isRowWeighted } from './scriptLoss';

type Rule = NonNullable<Config['early_stopping']>;

/** The parts of a script that stop it early: what comes before the loop, at each epoch's end in it, and after it. */
export interface StoppingCode {
  before: string[];
  within: string[];
  after: string[];
}

/** The rule of Lightning's EarlyStopping in plain Python. `epoch`, `total`, `seen` and `val_loss` are the loop's. */
export function stoppingCode(rule: Rule, config: Config): StoppingCode {
  const { monitor, min_delta: delta, patience, mode, stopping_threshold: target, restore_best: restores } = rule;
  const better = mode === 'max' ? '>' : '<';
  const worst = `float("${mode === 'max' ? '-inf' : 'inf'}")`;
  const improved = delta === 0 ? 'monitored' : `monitored ${mode === 'max' ? '-' : '+'} ${pythonNumber(delta)}`;
  const isMetric = monitor !== 'loss' && monitor !== 'val_loss';
  const monitored = isMetric ? 'metric()' : monitor === 'loss' ? 'total / seen' : 'val_loss';
  const reached = target === undefined ? '' : ` or monitored ${better} ${pythonNumber(target)}`;
  return {
    before: [
      ...(isMetric ? [...metricCode(monitor, config), '', ''] : []),
      `best, best_epoch, best_parameters, best_score, waited = ${worst}, -1, None, ${worst}, 0`,
    ],
    within: [
      '# The rule of Lightning’s EarlyStopping.',
      `monitored = ${monitored}`,
      `if monitored ${better} best:`,
      '    best, best_epoch = monitored, epoch',
      '    best_parameters = [parameter.detach().clone() for parameter in model.parameters()]',
      `if not np.isfinite(monitored)${reached}:`,
      '    break',
      `if ${improved} ${better} best_score:`,
      '    best_score, waited = monitored, 0',
      'else:',
      '    waited += 1',
      `    if waited >= ${patience}:`,
      '        break',
    ],
    after: restores
      ? [
          'if best_parameters is not None:',
          '    with torch.no_grad():',
          '        for parameter, value in zip(model.parameters(), best_parameters):',
          '            parameter.copy_(value)',
        ]
      : [],
  };
}

/** How scikit-learn computes each metric of `actual` and `outputs`; classes are in `predicted`, probabilities in `shares`. */
const calls: Record<MonitoredMetricName, string> = {
  r2: 'metrics.r2_score(actual, predicted)',
  rmse: 'np.sqrt(metrics.mean_squared_error(actual, predicted, multioutput="raw_values")).mean()',
  mae: 'metrics.mean_absolute_error(actual, predicted)',
  accuracy: 'metrics.accuracy_score(actual, predicted)',
  precision: 'metrics.precision_score(actual, predicted, average="macro", zero_division=0)',
  recall: 'metrics.recall_score(actual, predicted, average="macro", zero_division=0)',
  f1: 'metrics.f1_score(actual, predicted, average="macro", zero_division=0)',
  log_loss: 'metrics.log_loss(actual, shares, labels=range(shares.shape[1]))',
  roc_auc: 'metrics.roc_auc_score(actual, scores)',
};

/** A function that measures the rows held out, or all rows if there are none, in the targets' own units. */
function metricCode(monitor: MonitoredMetricName, { dataset, loss: written }: Config): string[] {
  const { link, targets } = losses[lossName(written)];
  const isOfNumbers = monitoredMetrics[monitor].of === 'numbers';
  const isScaled = dataset.scale_targets !== 'none' && targets === 'numbers';
  const own = isScaled ? ' * targets_scale + targets_offset' : '';
  const outputs = isOfNumbers
    ? [link === 'sigmoid' ? 'predicted = torch.sigmoid(outputs).numpy()' : `predicted = outputs.numpy()${own}`]
    : link === 'softmax'
      ? [
          'predicted, shares = outputs.argmax(dim=1).numpy(), torch.softmax(outputs, dim=1).numpy()',
          'scores = (outputs[:, 1] - outputs[:, 0]).numpy()',
        ]
      : [
          'scores, right = outputs[:, 0].numpy(), torch.sigmoid(outputs[:, 0]).numpy()',
          'predicted, shares = scores > 0, np.stack([1 - right, right], axis=1)',
        ];
  return [
    'from sklearn import metrics',
    '',
    '',
    'def metric():',
    '    measured = val_rows or train_rows',
    '    with torch.no_grad():',
    '        outputs = model(x[measured]).double()',
    `    actual = targets[measured]${isOfNumbers ? '' : '[:, 0]'}`,
    ...outputs.map((line) => `    ${line}`),
    `    return ${isRowWeighted({ dataset }) ? calls[monitor].replaceAll(/(actual, \w+)/g, '$1, sample_weight=weights[measured]') : calls[monitor]}`,
  ];
}
