import { createLoss, type Loss } from '../engine/nn/losses';
import { fitScaling } from '../engine/data/scaling';
import type { Dataset } from '../engine/dataset';
import { sampledRows } from '../engine/facts/sampledRows';
import { CurvatureAnalysis } from '../engine/linear/analyzeCurvature';
import { Generator } from '../engine/random/random';
import type { CurvatureReport, Hessian, RateLimit } from '../engine/report/report';
import { lossName } from '../config/schema';
import { trainingOf } from './analyzeRun';
import { splitRows } from './createTrainer';
import { rowsAt } from './exactRows';
import { lossOptions } from './lossOptions';
import type { ReadRun } from './openRun';

/** Values that are looked at in a moment. */
const mostValues = 2 ** 19;
/** A minimum by trial takes so many times the looks of one that is solved for. */
const trialLooks = 8;
/** Of fewer rows a column the steepest direction is mostly chance. */
const leastRowsOfColumn = 10;

type Looked = Pick<ReadRun, 'config' | 'dataset'>;

/** Whether all there is to say about some rows is said in a moment. */
export function isSoonAnswered({ config, dataset }: Looked): boolean {
  const { inputs, classNames, targetNames } = dataset;
  // Of a net there is nothing that takes long, and nothing to say before it.
  if (config.model.type !== 'Linear') return true;
  const outputs = (classNames ?? targetNames).length;
  return inputs.length * outputs * (lossName(config.loss) === 'l1_loss' ? trialLooks : 1) <= mostValues;
}

/**
 * The limit of a run's rate, of a linear layer only, and nothing that more rows could speak against: from evenly taken training
 * rows, where all of them take more than a moment. Undefined where these tell nothing.
 */
export function estimatedRate({ config, dataset }: Looked): CurvatureReport | undefined {
  const { model, penalty } = config;
  if (model.type !== 'Linear' || dataset.sampleWeight) return undefined;
  const [trainRows] = splitRows(config.split, dataset, new Generator(config.seed));
  const loss = createLoss(lossName(config.loss), lossOptions(config, dataset, trainRows));
  // Whether each class has a row is not known yet.
  if (loss.weightOf) return undefined;
  const [width, of] = [dataset.inputNames.length, trainRows.length];
  const rows = sampleOf(trainRows, config.loader.batch_size, Math.floor(mostValues / width));
  if (rows.length < of && !isTelling({ loss, dataset }, config, rows.length, of)) return undefined;
  const analysis = new CurvatureAnalysis({
    dataset: { ...dataset, ...numbersOf({ config, dataset }, rows, trainRows) },
    trainRows: Uint32Array.from(rows, (_, i) => i),
    ...{ loss, hasBias: model.bias, initial: new Float32Array(), of },
    ...(penalty && { penalty }),
  });
  const { slowest: _, hessian, ...report } = analysis.report(trainingOf(config));
  const limit = limitOf(report.limit, config, rows, of);
  if (!limit) return undefined;
  // A column that is the same in these rows depends on the bias in these rows.
  const { dependent: _dependent, ...steepness } = hessian ?? {};
  return { ...report, limit, ...(hessian && { hessian: steepness as Hessian }) };
}

/** At most `most` of the rows, evenly taken, of which as many are left over for the last batch as of all. */
function sampleOf(rows: Uint32Array, batchSize: number, most: number): Uint32Array {
  const excess = batchSize < most ? (((most - rows.length) % batchSize) + batchSize) % batchSize : 0;
  return sampledRows(rows, most - excess);
}

/** Whether some rows say anything of all. */
function isTelling(
  { loss, dataset }: { loss: Loss; dataset: Dataset },
  { loader }: Looked['config'],
  rows: number,
  of: number,
) {
  // Sums are those of all rows.
  if (loss.sums || rows < leastRowsOfColumn * dataset.inputNames.length) return false;
  // Batches in sequence are none of those of a sample.
  return loader.batch_size >= of || (loader.shuffle && loader.batch_size < rows);
}

/**
 * What the limit of a sample says of that of all rows; undefined where only a trial would tell. Shuffled batches of the sample
 * can occur in all rows too, so that the steepest of all is at least as steep; and all rows together are at least as steep as
 * what the sample adds to them.
 */
function limitOf(
  found: RateLimit,
  { loader }: Looked['config'],
  sample: Uint32Array,
  of: number,
): RateLimit | undefined {
  const { rate, accuracy } = found;
  const isWhole = loader.batch_size >= of;
  if (rate === undefined) return found;
  if (sample.length === of) return isWhole || accuracy !== 'estimate' ? found : undefined;
  const { surelyUnstable: _, fullBatch = rate, ...limit } = found;
  const most = !isWhole && accuracy !== 'estimate' ? 1 : ((of / sample.length) * fullBatch) / rate;
  return {
    ...{ ...limit, accuracy: 'estimate', worstRow: sample[limit.worstRow], batchRows: isWhole ? of : limit.batchRows },
    sample: { rows: sample.length, of, most },
  };
}

/** The inputs of some rows, scaled as all are; and their targets, in their own units, on which no limit depends. */
function numbersOf({ config, dataset }: Looked, rows: Uint32Array, trainRows: Uint32Array) {
  const width = dataset.inputNames.length;
  const exact = dataset.exact?.inputs;
  const { offset, scale } = fitScaling(config.dataset.scale, dataset.inputs, width, trainRows, exact);
  const values = rowsAt(dataset, 'inputs', width, rows);
  const inputs = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += width) {
    for (let i = 0; i < width; i++) inputs[at + i] = (values[at + i] - offset[i]) / scale[i];
  }
  const { targets, targetNames } = dataset;
  return { inputs, targets: rowsAt({ inputs, targets }, 'targets', targetNames.length, rows) as Float32Array };
}
