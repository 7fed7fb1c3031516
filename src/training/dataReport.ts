import { lossName } from '../config/schema';
import { explainedBy, type StandardRows } from '../engine/facts/explained';
import { leakOf } from '../engine/facts/leak';
import { netSigns } from '../engine/facts/netSigns';
import { outliersOf } from '../engine/facts/outliers';
import { repeatedRows } from '../engine/facts/repeatedRows';
import { sampledRows, standardRows } from '../engine/facts/sampledRows';
import { losses } from '../engine/nn/losses';
import type { DataReport, NetSigns, RunSigns, TargetFacts } from '../engine/report/dataReport';
import type { OpenedRun } from './openRun';

/** Rows that are looked at for what takes long. */
const mostRows = 2000;
/** Rows that pass a net at a time where it is looked at. */
const mostPassed = 500;
/** Classes whose indicators are explained at most. */
const mostClasses = 10;
/** Different values that are counted at most. */
const mostDistinct = 40;
/** Stretches of the rows in their order that are compared. */
const stretches = 10;

/** What a report holds that the rows and the start decide, whatever the optimizer. */
export type DataFacts = Omit<DataReport, 'plan'>;

type Looked = Pick<OpenedRun, 'trainer' | 'dataset' | 'config'>;
type Opened = Looked & Pick<OpenedRun, 'initial'>;

/** Looks at the rows of an opened run. What it says of a net holds before its first step. */
export function dataFacts(run: Opened): DataFacts {
  const { dataset, trainRows, validationRows, model } = run.trainer.parts;
  const rows = sampledRows(trainRows, mostRows);
  const explainable = standardData(run, rows);
  const target = targetFacts(run);
  const { products = [] } = run.dataset;
  // A product that gives the target does what it was made for.
  const leak = explainable && leakOf(withoutLast(explainable, products.length));
  const repeated = repeatedRows(dataset, trainRows, validationRows);
  const sorted = explainable && sortedShare(explainable);
  const baseline = baselineOf(run);
  const columns = run.dataset.source?.inputs;
  return {
    rows: trainRows.length,
    sampled: rows.length,
    inputNames: dataset.inputNames,
    ...(columns && {
      fileColumns: columns
        .map(({ column, category }) => (category === undefined ? column : null))
        .concat(products.map(() => null)),
    }),
    ...(baseline !== undefined && { baseline }),
    ...(target && { target }),
    ...(leak && { leak }),
    ...(repeated && { repeated }),
    ...(sorted !== undefined && { sorted }),
    // A few rows far out are all that a share of variance would tell of.
    ...(explainable && !hasFarRows(explainable) && { explained: explainedBy(explainable) }),
    ...(!model.linear && { start: signsOfNet(run, run.initial) }),
  };
}

/** What a run shows with its parameters as they are. */
export function runSigns(run: Looked): RunSigns {
  const { dataset, trainRows, model } = run.trainer.parts;
  const isOfNumbers = losses[lossName(run.config.loss)].targets === 'numbers';
  const outliers = isOfNumbers ? outliersOf(rowErrors(run, sampledRows(trainRows, 20 * mostRows))) : undefined;
  return {
    ...(outliers && { outliers }),
    ...(!model.linear && dataset.rows > 0 && { net: signsOfNet(run, model.parameters) }),
  };
}

/** The root of each row's summed squared errors. */
function rowErrors({ trainer }: Looked, rows: Uint32Array): Float64Array {
  const { dataset, model } = trainer.parts;
  const outputs = trainer.predict(rows, model.parameters);
  const width = dataset.targetNames.length;
  return Float64Array.from(rows, (row, i) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (outputs[i * width + k] - dataset.targets[row * width + k]) ** 2;
    return Math.sqrt(sum);
  });
}

function signsOfNet({ trainer }: Looked, parameters: Float32Array): NetSigns {
  const { dataset, model, trainRows } = trainer.parts;
  const rows = sampledRows(trainRows, mostPassed);
  const gather = (values: Float32Array, width: number) => {
    const result = new Float32Array(rows.length * width);
    rows.forEach((row, i) => result.set(values.subarray(row * width, (row + 1) * width), i * width));
    return result;
  };
  return netSigns({
    ...{ shape: model.shape, parameters, loss: trainer.parts.loss, rows: rows.length },
    inputs: gather(dataset.inputs, dataset.inputNames.length),
    targets: gather(dataset.targets, dataset.targetNames.length),
  });
}

/** Undefined where there are too many classes. */
function standardData({ trainer }: Looked, rows: Uint32Array): StandardRows | undefined {
  const { inputs, targets, inputNames, targetNames, classNames } = trainer.parts.dataset;
  const width = inputNames.length;
  if (classNames && classNames.length > mostClasses) return undefined;
  const outputs = classNames?.length ?? targetNames.length;
  const values = classNames
    ? Float32Array.from({ length: rows.length * outputs }, (_, i) =>
        Number(targets[rows[Math.floor(i / outputs)]] === i % outputs),
      )
    : undefined;
  const own = Uint32Array.from(rows, (_, i) => i);
  return {
    ...{ rows: rows.length, width, outputs },
    inputs: standardRows(inputs, width, rows),
    targets: values ? standardRows(values, outputs, own) : standardRows(targets, outputs, rows),
  };
}

function withoutLast(data: StandardRows, count: number): StandardRows {
  if (count === 0) return data;
  const width = data.width - count;
  return { ...data, width, inputs: data.inputs.filter((_, i) => i % data.width < width) };
}

/** Only where there is one target. */
function targetFacts({ dataset, trainer, config }: Looked): TargetFacts | undefined {
  const { targets, targetNames, classNames } = dataset;
  if (targetNames.length !== 1) return undefined;
  const { trainRows } = trainer.parts;
  if (classNames) {
    const counts = classNames.map(() => 0);
    for (const row of trainRows) counts[targets[row]]++;
    const values = classNames.map((name) => (name.trim() === '' ? NaN : Number(name)));
    return { name: targetNames[0], ...valueFacts(values), counts };
  }
  const values = new Map<number, number>();
  for (const row of trainRows) {
    values.set(targets[row], (values.get(targets[row]) ?? 0) + 1);
    if (values.size > mostDistinct) break;
  }
  const isClass = losses[lossName(config.loss)].targets === 'probabilities' && values.size === 2;
  const sorted = [...values].sort(([a], [b]) => a - b);
  const few = values.size <= mostDistinct && (isClass || values.size > 1);
  return {
    name: targetNames[0],
    ...valueFacts(sorted.map(([value]) => value)),
    ...(few && { counts: sorted.map(([, count]) => count) }),
    ...extremes(targets, trainRows),
    trained: trainedRange(trainer.parts.dataset.targets, trainRows),
  };
}

function valueFacts(values: number[]) {
  return {
    distinct: values.length,
    isWhole: values.every(Number.isInteger),
    smallest: Math.min(...values),
    largest: Math.max(...values),
  };
}

function extremes(targets: Float32Array, rows: Uint32Array) {
  let [smallest, largest] = [Infinity, -Infinity];
  for (const row of rows) {
    smallest = Math.min(smallest, targets[row]);
    largest = Math.max(largest, targets[row]);
  }
  return { smallest, largest };
}

function trainedRange(targets: Float32Array, rows: Uint32Array): [number, number] {
  const { smallest, largest } = extremes(targets, rows);
  return [smallest, largest];
}

/** Whether a few targets make up most of the variance. */
function hasFarRows({ targets, rows, outputs }: StandardRows): boolean {
  const found = outputs === 1 ? outliersOf(targets) : undefined;
  return found !== undefined && found.rows <= Math.max(1, 0.015 * rows) && found.ratio > 8;
}

/** Between-stretch share of the variance of standard targets. */
function sortedShare({ rows, targets, outputs }: StandardRows): number | undefined {
  if (rows < 2 * stretches) return undefined;
  let [between, total] = [0, 0];
  for (let output = 0; output < outputs; output++) {
    for (let part = 0; part < stretches; part++) {
      const [from, to] = [part, part + 1].map((edge) => Math.floor((edge * rows) / stretches));
      let sum = 0;
      for (let row = from; row < to; row++) sum += targets[row * outputs + output];
      between += sum ** 2 / (to - from);
    }
    for (let row = 0; row < rows; row++) total += targets[row * outputs + output] ** 2;
  }
  return total > 0 ? between / total : undefined;
}

/** The smallest loss of a prediction that is the same for every row. */
function baselineOf({ trainer, config }: Looked): number | undefined {
  const { dataset, trainRows } = trainer.parts;
  // What rows count is part of the loss.
  if (dataset.sampleWeight) return undefined;
  const { targets } = losses[lossName(config.loss)];
  const width = dataset.targetNames.length;
  if (targets === 'numbers') {
    if (lossName(config.loss) !== 'mse_loss') return undefined;
    let sum = 0;
    for (let column = 0; column < width; column++) sum += varianceOf(dataset.targets, width, column, trainRows);
    return sum / width;
  }
  const counts = new Map<number, number>();
  for (const row of trainRows) counts.set(dataset.targets[row], (counts.get(dataset.targets[row]) ?? 0) + 1);
  if (width !== 1 || (targets === 'probabilities' && [...counts.keys()].some((value) => value !== 0 && value !== 1))) {
    return undefined;
  }
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / trainRows.length) * Math.log(count / trainRows.length),
    0,
  );
}

function varianceOf(values: Float32Array, width: number, column: number, rows: Uint32Array): number {
  let [mean, squares] = [0, 0];
  for (const row of rows) mean += values[row * width + column] / rows.length;
  for (const row of rows) squares += (values[row * width + column] - mean) ** 2;
  return squares / rows.length;
}
