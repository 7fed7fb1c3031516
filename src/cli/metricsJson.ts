import type { MeasuredRows, RunMetrics } from '../engine/report/metrics';

/** Metrics as the command line prints them as JSON: under scikit-learn's names, with those of the baseline in the same object. */
export function metricsJson({ train, validation }: RunMetrics) {
  return { train: rowsJson(train), ...(validation && { val: rowsJson(validation) }) };
}

function rowsJson({ model, baseline }: MeasuredRows) {
  return { ...metricsOfSet(model), baseline: metricsOfSet(baseline) };
}

/** Metrics of one set of rows under scikit-learn's names. */
export function metricsOfSet(metrics: object): Record<string, number> {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [snake(name), value as number]));
}
