import { formatDistinct, formatPercent, formatRounded, formatShortest } from '../base/format';
import type { ClassMetrics, MeasuredRows, NumberMetrics, RunMetrics } from '../engine/report/metrics';
import type { RunShape } from '../protocol/protocol';

type MetricKey = keyof NumberMetrics | keyof ClassMetrics;

/** What people call each metric, in the order in which they are listed, and what it says. */
export const metricNames: Record<MetricKey, { name: string; hint: string }> = {
  r2: { name: 'R²', hint: 'Share of the target’s variance that the model explains; 0 is always predicting the mean' },
  rmse: { name: 'RMSE', hint: 'Root mean squared error, in the target’s units' },
  mae: { name: 'MAE', hint: 'Mean absolute error, in the target’s units' },
  accuracy: { name: 'Accuracy', hint: 'Share of the rows whose class is predicted' },
  precision: {
    name: 'Precision',
    hint: 'Of the rows predicted as a class, the share that is; the mean over the classes',
  },
  recall: { name: 'Recall', hint: 'Of the rows of a class, the share that is found; the mean over the classes' },
  f1: { name: 'F1', hint: 'Harmonic mean of precision and recall; the mean over the classes' },
  logLoss: { name: 'Log loss', hint: 'Mean of −log of the probability that the model gives to the row’s own class' },
  rocAuc: { name: 'ROC AUC', hint: 'How often a row of the second class gets the higher score than one of the first' },
};

/** A metric of one set of rows, beside that of the baseline. */
export interface ListedMetric {
  key: MetricKey;
  model: number;
  baseline: number;
}

/** The metrics of one set of rows in their order. */
export function listedMetrics({ model, baseline }: RunMetrics['train']): ListedMetric[] {
  return (Object.keys(metricNames) as MetricKey[])
    .filter((key) => key in model)
    .map((key) => ({
      key,
      model: (model as unknown as Record<MetricKey, number>)[key],
      baseline: (baseline as unknown as Record<MetricKey, number>)[key],
    }));
}

/** What the baseline does: `always the mean`, `always “No”`. */
export function baselineWords(metrics: RunMetrics, { classNames }: Pick<RunShape, 'classNames'>): string {
  if (metrics.of === 'numbers') return 'always the mean';
  return `always “${classNames?.[metrics.majority] ?? String(metrics.majority)}”`;
}

/** How good the model is on some rows, in the reader's units, and what the baseline reaches there. */
export interface Quality {
  /** `R² 0.97 · typical error ±60,064`, `Right: 68.8 %`. */
  model: string;
  /** `always the mean: ±210,000`, `always “No”: 60.4 %`. */
  baseline: string;
  /** Both in all their digits: `R² 0.970312 · typical error ±60064.2 · always the mean: ±210004.1`. */
  exact: string;
}

/** The quality on the training rows and, where there are some, on the rows held out. */
export function qualityOf(
  metrics: RunMetrics,
  shape: Pick<RunShape, 'classNames'>,
): { train: Quality; validation?: Quality } {
  const { validation } = metrics;
  const always = baselineWords(metrics, shape);
  const words = (rows: RunMetrics['train']) => {
    const [model, baseline, all, allOfBaseline] = isOfNumbers(rows) ? numberQuality(rows) : classQuality(rows);
    return { model, baseline: `${always}: ${baseline}`, exact: `${all} · ${always}: ${allOfBaseline}` };
  };
  return { train: words(metrics.train), ...(validation && { validation: words(validation) }) };
}

function isOfNumbers(rows: MeasuredRows): rows is MeasuredRows<NumberMetrics> {
  return 'r2' in rows.model;
}

function numberQuality({ model, baseline }: MeasuredRows<NumberMetrics>): string[] {
  const [r2, exactR2] = Number.isNaN(model.r2) ? ['', ''] : [`R² ${formatR2(model.r2)}`, `R² ${model.r2} · `];
  return [
    (r2 && `${unbroken(r2)} · `) + unbroken(`typical error ±${formatError(model.mae)}`),
    `±${formatError(baseline.mae)}`,
    `${exactR2}typical error ±${model.mae}`,
    `±${baseline.mae}`,
  ];
}

function classQuality({ model, baseline }: MeasuredRows<ClassMetrics>): string[] {
  const [right, usual] = [model.accuracy, baseline.accuracy];
  return [`Right: ${formatPercent(right, 3)}`, formatPercent(usual, 3), `Right: ${100 * right} %`, `${100 * usual} %`];
}

/** With spaces at which no line ends. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** Whole where it is large, as a price is read: `60,064`; else a few digits: `0.234`. */
function formatError(value: number): string {
  return value >= 1000 && value < 1e7 ? formatShortest(Math.round(value)) : formatRounded(value);
}

/** What an R² lacks of 1 because values are rounded to float32, and not because of the model. */
const roundingOfR2 = 1e-12;

/** Three decimals; as many as tell it from 1 where it is nearly 1, and two digits where it is far from it. */
export function formatR2(value: number): string {
  if (value < -100) return formatRounded(value, 2);
  return value > 0.9995 && value < 1 - roundingOfR2 ? formatDistinct(value) : formatShortest(Number(value.toFixed(3)));
}
