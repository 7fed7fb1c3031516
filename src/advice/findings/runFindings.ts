import { formatPercent, formatQuantity, formatRounded, formatTimes } from '../../base/format';
import type { RunShape } from '../../protocol/protocol';
import type { RunState } from '../../protocol/state';
import type { ConfigFix } from '../fixes/configFix';
import type { Finding } from './finding';

/** Rows of 100 at most that carry more than half of the squared errors, and how much larger their errors are than the median. */
const fewRows = 0.01;
const farOut = 10;
/** Of fewer rows a few may carry the most by chance. */
const leastRows = 100;
/** Macro recall, times the classes, of a model that predicts one class for nearly everybody. */
const oneForAll = 1.1;
/** Share of the most frequent class from which on classes are unequal. */
const unequal = 0.65;
/** ROC AUC from which on a model does know something. */
const knows = 0.6;

/** What speaks against a run that has come to rest, by its errors and its predictions. */
export function runFindings(run: RunState): Finding[] {
  return [imbalanceFinding(run), outlierFinding(run)].filter((finding) => finding !== undefined);
}

function outlierFinding({ signs, shape }: RunState): Finding | undefined {
  const { outliers } = signs ?? {};
  if (!outliers || shape?.loss !== 'mse_loss' || outliers.of < leastRows) return undefined;
  if (outliers.rows > fewRows * outliers.of || outliers.ratio < farOut) return undefined;
  const { rows, of, ratio } = outliers;
  return {
    code: 'outliers_dominate',
    sentence:
      `${formatQuantity(rows, 'row')} of ${of} ${rows === 1 ? 'carries' : 'carry'} more than half of the loss, with errors ` +
      `${formatTimes(ratio)} the median one: mse_loss fits them at the cost of all others.`,
    numbers: { rows, ratio },
    fixes: [robustFix],
    place: ['loss'],
    severity: 'warning',
  };
}

const robustFix: ConfigFix = {
  kind: 'robust-loss',
  title: 'Use huber_loss with scaled targets',
  edits: [
    { path: ['loss'], value: 'huber_loss' },
    { path: ['dataset', 'scale_targets'], value: 'standard' },
  ],
};

function imbalanceFinding({ metrics, data, shape }: RunState): Finding | undefined {
  if (metrics?.of !== 'classes' || !data?.target?.counts || !shape) return undefined;
  const { counts } = data.target;
  const { recall, rocAuc = 1, accuracy } = metrics.train.model;
  const largest = Math.max(...counts) / data.rows;
  if (largest < unequal || recall * counts.length > oneForAll || !(rocAuc > knows)) return undefined;
  const rare = Math.min(...counts) / data.rows;
  return {
    code: 'class_imbalance',
    sentence:
      `The model predicts the class that ${formatPercent(largest)} of the rows have for nearly every row: it is right for ` +
      `${formatPercent(accuracy)}, and finds hardly any of the others (${formatPercent(rare)} of the rows in the rarest class).`,
    numbers: { majority: largest, recall },
    fixes: classWeightFixes(shape, counts),
    place: ['loss'],
    severity: 'warning',
  };
}

/** Lets each class count alike, as far as the loss can and is not told otherwise. */
function classWeightFixes({ loss, lossOptions = {} }: RunShape, counts: number[]): ConfigFix[] {
  if (lossOptions.weight !== undefined || lossOptions.pos_weight !== undefined) return [];
  const fix = (title: string, option: object): ConfigFix[] => [
    { kind: 'class-weights', title, edits: [{ path: ['loss'], value: { type: loss, ...lossOptions, ...option } }] },
  ];
  if (loss === 'cross_entropy') return fix('Let each class count alike (weight "balanced")', { weight: 'balanced' });
  if (loss !== 'binary_cross_entropy_with_logits' || counts.length !== 2) return [];
  const ratio = Number((counts[0] / counts[1]).toPrecision(3));
  return fix(`Let both classes count alike (pos_weight ${formatRounded(ratio)})`, { pos_weight: ratio });
}
