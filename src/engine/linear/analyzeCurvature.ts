import { shapedParameters } from '../nn/layers';
import { decayOf, optimizers, stepStability, withMomentum } from '../optim/optimizers';
import { fitScaling, unscaleParameters, type Scaling } from '../data/scaling';
import { AnalyzedRows } from './analyzedRows';
import type { CurvatureRows, CurvatureTraining } from './solvedRows';
import { adaptiveReach } from './adaptiveReach';
import { lossAtEnd, slowestDirection } from '../report/forecast';
import { makeForecast } from './makeForecast';
import type { Optimum } from './optimum';
import { sameForAll, twoLevels } from './targetShape';
import { plannedRates, type PlannedRates } from '../report/plannedRates';
import { r2Of, type CurvatureReport, type OptimumReport } from '../report/report';

/** The rows that a run trains on, and where it starts. */
export interface CurvatureData extends CurvatureRows {
  /** Weight, `outputs × inputs` row-major, then bias. */
  initial: Float32Array;
  /** How columns were scaled; with it the optimum is also given in their own units. */
  scaling?: { inputs: Scaling; targets: Scaling };
}

/** The run that is looked at. */
export type CurvatureParts = CurvatureData & CurvatureTraining;

/** What to work out besides curvature and limit. */
export interface CurvatureOptions {
  /** The optimum and, because it needs the optimum, the forecast. Takes longest. */
  optimum?: boolean;
  /** Also the limit with inputs scaled to mean 0 and deviation 1. */
  scaled?: boolean;
}

/** What the training rows say about a run before its first step, for every loss and optimizer. */
export function analyzeCurvature(parts: CurvatureParts, options: CurvatureOptions = {}): CurvatureReport {
  return new CurvatureAnalysis(parts).report(parts, options);
}

/** The same for several ways to train on the same rows: what the rows alone decide is worked out once. */
export class CurvatureAnalysis {
  readonly inputs: number;
  /** Numbers that the model gives for each row. */
  readonly outputs: number;
  private readonly rows: AnalyzedRows;
  private knownScaled: AnalyzedRows | undefined;

  /** @param known of the same rows, whatever parameters training starts from: what was found out about them is taken over. */
  constructor(
    private readonly data: CurvatureData,
    known?: CurvatureAnalysis,
  ) {
    const { inputNames, targetNames, classNames } = data.dataset;
    this.inputs = inputNames.length;
    this.outputs = (classNames ?? targetNames).length;
    this.rows = known?.rows ?? new AnalyzedRows(data, this.outputs);
    this.knownScaled = known?.knownScaled;
  }

  /** Whether the rows are still in memory: a run that took them over may have moved them. */
  get isWhole(): boolean {
    return this.data.dataset.inputs.length > 0;
  }

  /** What the rows say about a run that trains on them in this way. */
  report(given: CurvatureTraining, options: CurvatureOptions = {}): CurvatureReport {
    const { loader, epochs = 1, scheduler } = given;
    const { dataset, hasBias, loss, trainRows } = this.data;
    const { inputs, outputs } = this;
    const rows = this.data.of ?? trainRows.length;
    const stepsPerEpoch = loader.dropLast ? Math.floor(rows / loader.batchSize) : Math.ceil(rows / loader.batchSize);
    const rates = plannedRates(given.optimizer.lr, epochs, scheduler, stepsPerEpoch);
    // Where a scheduler sets rate and momentum itself, its rate is the largest at this momentum.
    const optimizer = withMomentum({ ...given.optimizer, lr: rates.start ?? given.optimizer.lr }, rates.peak.momentum);
    const training = { ...given, optimizer };
    if (options.scaled && this.rows.bend) this.rows.solved.findWith(this.scaled.solved);
    const report: CurvatureReport = {
      stepsPerEpoch,
      ...{ loss: loss.name, rows, inputs, outputs, hasBias },
      inputNames: dataset.inputNames,
      lr: optimizer.lr,
      ...(this.data.penalty && { penalty: this.data.penalty }),
      ...(decayOf(optimizer) > 0 && { weightDecay: decayOf(optimizer) }),
      limit: this.rows.limit(training),
    };
    if (rates.peak.lr > optimizer.lr * (1 + 1e-9)) report.peak = { lr: rates.peak.lr, epoch: rates.peak.epoch };
    if (options.optimum) this.addOptimum(report, training, rates);
    const hessian = this.rows.hessian();
    if (hessian) report.hessian = hessian;
    const stability = stepStability(optimizer);
    if (hessian && !('reason' in stability)) {
      const { flattest, lambdaMin } = hessian;
      const { lr } = report;
      // A batch of sums has its share of the curvature.
      const share = loss.sums ? Math.min(1, loader.batchSize / rows) : 1;
      report.slowest = slowestDirection(stability, share * lambdaMin, flattest, { lr, stepsPerEpoch });
      if (!hessian.isExact) report.slowest.isAtLeast = true;
    }
    if (options.scaled) {
      const condition = this.scaled.hessian()?.condition;
      report.scaled = { limit: this.scaled.limit(training), ...(condition !== undefined && { condition }) };
    }
    this.rows.solved.release();
    this.knownScaled?.solved.release();
    return report;
  }

  private get scaled(): AnalyzedRows {
    const { dataset, trainRows } = this.data;
    const standard = () => fitScaling('standard', dataset.inputs, this.inputs, trainRows);
    return (this.knownScaled ??= new AnalyzedRows(this.data, this.outputs, standard()));
  }

  /** What the targets are by themselves. */
  private addTargets(report: CurvatureReport): void {
    const { targets } = this.rows;
    const { hasBias, loss, scaling } = this.data;
    if (loss.targets !== 'numbers') {
      const known = hasBias ? sameForAll(targets, loss, report.outputs, this.rows.rowWeights) : undefined;
      if (known !== undefined) report.sameForAll = known;
      return;
    }
    const levels = targets.columns === 1 ? twoLevels(targets) : undefined;
    if (!levels) return;
    const [low, high] = levels;
    report.levels = scaling ? [unscaled(low, scaling.targets), unscaled(high, scaling.targets)] : [low, high];
  }

  private addOptimum(report: CurvatureReport, training: CurvatureTraining, rates: PlannedRates): void {
    const { optimizer, loader } = training;
    const { initial, scaling } = this.data;
    const { isMeanSquare, sums } = this.data.loss;
    if (sums && loader.batchSize < report.rows) {
      report.noOptimum =
        'with reduction "sum" the losses of batches are sums over fewer rows than the smallest loss of all rows';
      return;
    }
    const found = this.rows.optimum();
    if (isMeanSquare) {
      report.variance = this.rows.variance();
      report.largestTarget = this.rows.largestTarget();
    }
    this.addTargets(report);
    if ('reason' in found) {
      report.noOptimum = found.reason;
      return;
    }
    report.optimum = optimumReport(found, report, scaling);
    if (found.penalty !== undefined) {
      const plain = this.rows.plainOptimum();
      report.optimum.penalty = { share: found.penalty, ...('loss' in plain && { without: plain.loss }) };
    }
    const weightDecay = decayOf(optimizer);
    const isMoved = weightDecay > 0 && !optimizers[optimizer.type].decaysApart;
    const moved = isMoved ? this.rows.decayedOptimum(weightDecay) : undefined;
    if (moved) {
      const { isAttained: _, ...decayed } = optimumReport(moved, report, scaling);
      report.optimum.decayed = decayed;
    }
    if (found.parameters && (weightDecay === 0 || optimizers[optimizer.type].decaysApart)) {
      const start = perOutput(initial, report);
      const reach = optimizers[optimizer.type].isAdaptive && {
        ...{ initial: start, atStart: this.rows.slopeAtStart(start), optimum: found.parameters, floor: found.loss },
        ...{ optimizer, rates, stepsPerEpoch: report.stepsPerEpoch, kernel: this.rows.kernel },
      };
      const adaptive = reach && adaptiveReach(reach);
      if (adaptive) report.adaptive = adaptive;
    }
    const { spectrum, bend } = this.rows;
    if (!isMeanSquare || !spectrum || !bend || !found.parameters) return;
    const parts = {
      ...{ spectrum, rates, factor: bend.factor, stepsPerEpoch: report.stepsPerEpoch, floor: found.loss },
      isWhole: loader.batchSize >= report.rows,
      optimum: found.parameters,
      initial: perOutput(initial, report),
    };
    const isStraight = (this.data.penalty?.l1 ?? 0) === 0;
    const forecast =
      training.clips || rates.peak.momentum !== undefined || !isStraight
        ? undefined
        : makeForecast({ ...parts, optimizer });
    if (forecast) report.forecast = forecast;
    if (!isStraight || weightDecay === 0 || optimizers[optimizer.type].decaysApart) return;
    // Whatever the steps, they end where the gradient with its decay is zero.
    const plain = { type: 'SGD' as const, lr: optimizer.lr, momentum: 0, dampening: 0, nesterov: false };
    const known = makeForecast({ ...parts, optimizer: { ...plain, weight_decay: weightDecay } });
    if (!known) return;
    const loss = lossAtEnd(known);
    report.optimum.decayed = {
      ...report.optimum.decayed,
      loss,
      ...(report.variance && { r2: r2Of(loss - (moved?.penalty ?? 0), report.variance) }),
    };
  }
}

function unscaled(value: number, { offset, scale }: Scaling): number {
  return Number((value * scale[0] + offset[0]).toPrecision(6));
}

function optimumReport(
  { loss, isAttained, parameters, penalty = 0 }: Optimum,
  { inputs, outputs, hasBias, variance }: CurvatureReport,
  scaling: CurvatureData['scaling'],
): OptimumReport {
  const r2 = variance ? { r2: r2Of(loss - penalty, variance) } : {};
  if (!parameters) return { loss, isAttained, ...r2 };
  const flat = new Float64Array(outputs * (inputs + (hasBias ? 1 : 0)));
  parameters.forEach((values, output) => {
    flat.set(values.subarray(0, inputs), output * inputs);
    if (hasBias) flat[outputs * inputs + output] = values[inputs];
  });
  const original =
    scaling && shapedParameters(unscaleParameters(flat, scaling.inputs, scaling.targets), inputs, outputs);
  return { loss, isAttained, ...shapedParameters(flat, inputs, outputs), ...(original && { original }), ...r2 };
}

/** For each output its weights, then its bias. */
function perOutput(flat: Float32Array, { inputs, outputs, hasBias }: CurvatureReport): Float64Array[] {
  return Array.from({ length: outputs }, (_, output) => {
    const weights = flat.subarray(output * inputs, (output + 1) * inputs);
    return Float64Array.from(hasBias ? [...weights, flat[outputs * inputs + output]] : weights);
  });
}
