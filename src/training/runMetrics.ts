import type { Dataset } from '../engine/dataset';
import { classMetrics, type PredictedClasses } from '../engine/metrics/classMetrics';
import type { Metrics, RunMetrics } from '../engine/report/metrics';
import { columnMeans, numberMetrics, sumOf } from '../engine/metrics/numberMetrics';
import { sigmoid, softmax } from '../engine/nn/links';
import { losses, type LossName } from '../engine/nn/losses';
import { numbersAt, type Numbers } from '../engine/numbers';
import { rowsAt } from './exactRows';

/** The rows of a run, and what a model makes of them. */
export interface MeasuredRun {
  dataset: Pick<Dataset, 'inputs' | 'targets' | 'targetNames' | 'classNames' | 'exact' | 'sampleWeight'>;
  loss: LossName;
  trainRows: Uint32Array;
  /** Rows held out; empty without a split. */
  validationRows: Uint32Array;
  /** Outputs of the model for a row. */
  outFeatures: number;
  /** Predictions in the targets' own units, `rows × targets`, row-major. */
  predict(rows: Uint32Array): Numbers;
  /** The model's outputs, `rows × outFeatures`, row-major. */
  outputs(rows: Uint32Array): Float32Array;
}

/** Rows whose outputs are held in memory at a time. */
const chunk = 4096;

/** How well a model predicts the training rows and the rows held out, beside the baselines, in the targets' own units. */
export function runMetrics(run: MeasuredRun): RunMetrics {
  return hasClasses(run) ? ofClasses(run) : ofNumbers(run);
}

/** How well a model predicts some rows. */
export function metricsOver(run: MeasuredRun, rows: Uint32Array): Metrics {
  if (hasClasses(run)) return classMetrics(predictedClasses(run, rows));
  const width = run.dataset.targetNames.length;
  return numberMetrics(
    rowsAt(run.dataset, 'targets', width, rows),
    run.predict(rows),
    width,
    weightsAt(run.dataset, rows),
  );
}

/** What rows count; undefined where all count the same. */
function weightsAt({ sampleWeight }: MeasuredRun['dataset'], rows: Uint32Array): Numbers | undefined {
  return sampleWeight && numbersAt(sampleWeight.values, rows);
}

/** Whether each row's target is a class. One target of probabilities that are all 0 or 1 has two. */
export function hasClasses({ dataset, loss }: Pick<MeasuredRun, 'dataset' | 'loss'>): boolean {
  const { targets } = losses[loss];
  if (targets !== 'probabilities') return targets === 'classes';
  return dataset.targetNames.length === 1 && dataset.targets.every((value) => value === 0 || value === 1);
}

function ofNumbers({ dataset, trainRows, validationRows, predict }: MeasuredRun): RunMetrics {
  const width = dataset.targetNames.length;
  const targets = (rows: Uint32Array) =>
    isAll(dataset, rows) ? dataset.targets : rowsAt(dataset, 'targets', width, rows);
  const trained = targets(trainRows);
  const means = columnMeans(trained, width, weightsAt(dataset, trainRows));
  const measured = (rows: Uint32Array, actual: Numbers) => {
    const weights = weightsAt(dataset, rows);
    return {
      model: numberMetrics(actual, predict(rows), width, weights),
      baseline: numberMetrics(actual, means, width, weights),
    };
  };
  return {
    of: 'numbers',
    train: measured(trainRows, trained),
    ...(validationRows.length > 0 && { validation: measured(validationRows, targets(validationRows)) }),
  };
}

/** Whether some rows are all there are, in their order, whose targets are no more exact than the dataset's own. */
function isAll({ targets, targetNames, exact }: MeasuredRun['dataset'], rows: Uint32Array): boolean {
  const isComplete = rows.length * targetNames.length === targets.length;
  return isComplete && !exact?.targets.size && rows.every((row, i) => row === i);
}

function ofClasses(run: MeasuredRun): RunMetrics {
  const { trainRows, validationRows } = run;
  const { targets, classNames } = run.dataset;
  const counts = new Float64Array(classNames?.length ?? 2);
  const weights = weightsAt(run.dataset, trainRows);
  trainRows.forEach((row, i) => (counts[targets[row]] += weights?.[i] ?? 1));
  const total = sumOf(counts);
  const majority = counts.indexOf(Math.max(...counts));
  const measured = (rows: Uint32Array) => {
    const found = predictedClasses(run, rows);
    const always: PredictedClasses = {
      actual: found.actual,
      predicted: new Float32Array(rows.length).fill(majority),
      probability: Float64Array.from(found.actual, (value) => counts[value] / total),
      ...(found.scores && { scores: new Float64Array(rows.length) }),
      ...(found.weights && { weights: found.weights }),
    };
    return { model: classMetrics(found), baseline: classMetrics(always) };
  };
  return {
    of: 'classes',
    train: measured(trainRows),
    ...(validationRows.length > 0 && { validation: measured(validationRows) }),
    majority,
  };
}

/** Classes by a model with an output for each, or with one output that is the second one's logit. */
function predictedClasses({ dataset, outFeatures, outputs }: MeasuredRun, rows: Uint32Array): PredictedClasses {
  const weights = weightsAt(dataset, rows);
  const found = {
    ...(weights && { weights }),
    actual: Float32Array.from(rows, (row) => dataset.targets[row]),
    predicted: new Float32Array(rows.length),
    probability: new Float64Array(rows.length),
    ...(outFeatures <= 2 && { scores: new Float64Array(rows.length) }),
  };
  const probabilities = new Float64Array(outFeatures);
  for (let start = 0; start < rows.length; start += chunk) {
    const logits = outputs(rows.subarray(start, start + chunk));
    for (let at = 0, row = start; at < logits.length; at += outFeatures, row++) {
      const own = found.actual[row];
      if (outFeatures === 1) {
        found.predicted[row] = Number(logits[at] > 0);
        found.probability[row] = sigmoid(own === 1 ? logits[at] : -logits[at]);
      } else {
        softmax(logits, at, outFeatures, probabilities);
        found.predicted[row] = likeliest(logits, at, outFeatures);
        found.probability[row] = probabilities[own];
      }
      if (found.scores) found.scores[row] = outFeatures === 1 ? logits[at] : logits[at + 1] - logits[at];
    }
  }
  return found;
}

function likeliest(outputs: Float32Array, start: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (outputs[start + i] > outputs[start + best]) best = i;
  return best;
}
