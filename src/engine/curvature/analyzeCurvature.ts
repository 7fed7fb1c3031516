import type { DataLoaderOptions } from '../dataLoader';
import type { Dataset } from '../dataset';
import { shapedParameters } from '../linear';
import type { LossName } from '../losses';
import type { OptimizerChoice } from '../optimizers';
import { fitScaling, unscaleParameters, type Scaling } from '../scaling';
import { largestEntry, makeForecast, slowestDirection } from './forecast';
import { solveLeastSquares, type SolvedLeastSquares } from './leastSquares';
import { lossCurvature } from './lossCurvature';
import { convexOptimum, squaredOptimum, type NoOptimum, type Optimum } from './optimum';
import { r2Of, type CurvatureReport, type Hessian, type OptimumReport, type RateLimit } from './report';
import { TableRows } from './rowSource';
import { mostDense, spectrumOf, type RankedFactor, type Spectrum } from './spectrum';
import { stepStability } from './stepStability';
import { worstBatch } from './worstBatch';

/** The run that is looked at. */
export interface CurvatureParts {
  /** As it is trained: scaled, where the run scales. */
  dataset: Dataset;
  trainRows: Uint32Array;
  loss: LossName;
  hasBias: boolean;
  optimizer: OptimizerChoice;
  loader: DataLoaderOptions;
  /** Weight, `outputs × inputs` row-major, then bias. */
  initial: Float32Array;
  /** How columns were scaled; with it the optimum is also given in their own units. */
  scaling?: { inputs: Scaling; targets: Scaling };
}

/** What to work out besides curvature and limit. */
export interface CurvatureOptions {
  /** The optimum and, for it needs the optimum, the forecast. Takes longest. */
  optimum?: boolean;
  /** Also the limit with inputs scaled to mean 0 and deviation 1. */
  scaled?: boolean;
}

/** Float32 numbers that are combinations of others are so up to a few roundings. */
const singleTolerance = 2 ** -22;

/** What the training rows say about a run before its first step, for every loss and optimizer. */
export function analyzeCurvature(parts: CurvatureParts, options: CurvatureOptions = {}): CurvatureReport {
  const { dataset, hasBias, loader, loss, optimizer, trainRows } = parts;
  const inputs = dataset.inputNames.length;
  const outputs = dataset.classNames?.length ?? dataset.targetNames.length;
  const rows = trainRows.length;
  const analysis = new Analysis(parts, outputs);
  const stepsPerEpoch = loader.dropLast ? Math.floor(rows / loader.batchSize) : Math.ceil(rows / loader.batchSize);
  const report: CurvatureReport = {
    ...{ loss, rows, inputs, outputs, hasBias, stepsPerEpoch },
    inputNames: dataset.inputNames,
    lr: optimizer.lr,
    limit: analysis.limit(),
  };
  if (options.optimum) addOptimum(report, analysis);
  const hessian = analysis.hessian();
  if (hessian) report.hessian = hessian;
  const stability = stepStability(optimizer);
  if (hessian && !('reason' in stability)) {
    const { flattest, lambdaMin } = hessian;
    report.slowest = slowestDirection(stability, lambdaMin, flattest, { lr: optimizer.lr, stepsPerEpoch });
  }
  if (options.scaled) {
    const scaling = fitScaling('standard', dataset.inputs, inputs, trainRows);
    const scaled = new Analysis(parts, outputs, scaling);
    const condition = scaled.hessian()?.condition;
    report.scaled = { limit: scaled.limit(), ...(condition !== undefined && { condition }) };
  }
  return report;
}

function addOptimum(report: CurvatureReport, analysis: Analysis): void {
  const { initial, scaling, optimizer } = analysis.parts;
  const found = analysis.optimum();
  if (report.loss === 'mse_loss') report.variance = analysis.variance();
  if ('reason' in found) {
    report.noOptimum = found.reason;
    return;
  }
  report.optimum = optimumReport(found, report, scaling);
  const { spectrum, bend } = analysis;
  if (report.loss !== 'mse_loss' || !spectrum || !bend || !found.parameters) return;
  const forecast = makeForecast({
    ...{ spectrum, optimizer, factor: bend.factor, stepsPerEpoch: report.stepsPerEpoch, floor: found.loss },
    optimum: found.parameters,
    initial: perOutput(initial, report),
  });
  if (forecast) report.forecast = forecast;
}

function optimumReport(
  { loss, isAttained, parameters }: Optimum,
  { inputs, outputs, hasBias, variance }: CurvatureReport,
  scaling: CurvatureParts['scaling'],
): OptimumReport {
  const r2 = variance ? { r2: r2Of(loss, variance) } : {};
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

/** The rows' spectrum and decomposition, made when they are first needed. */
class Analysis {
  readonly source: TableRows;
  readonly targets: TableRows;
  readonly bend;
  private knownSpectrum: Spectrum | undefined;
  private knownSolution: SolvedLeastSquares | undefined;

  /** @param scaling of the inputs, besides what is done to them already. */
  constructor(
    readonly parts: CurvatureParts,
    private readonly outputs: number,
    scaling?: Scaling,
  ) {
    const { dataset, hasBias, trainRows } = parts;
    const [values, width] = [dataset.inputs, dataset.inputNames.length];
    this.source = new TableRows({ values, width, rows: trainRows, ones: hasBias, ...(scaling && { scaling }) });
    this.targets = new TableRows({ values: dataset.targets, width: dataset.targetNames.length, rows: trainRows });
    this.bend = lossCurvature(parts.loss, outputs);
  }

  /** Undefined for a loss without curvature. */
  get spectrum(): Spectrum | undefined {
    if (this.bend) this.knownSpectrum ??= spectrumOf(this.source, () => this.rankedFactor());
    return this.knownSpectrum;
  }

  hessian(): Hessian | undefined {
    const { bend, spectrum } = this;
    if (!bend || !spectrum) return undefined;
    const { largest, smallest, eigenvalues, rank, steepest, flattest } = spectrum;
    return {
      isExact: bend.isExact,
      method: eigenvalues ? 'all' : 'iterative',
      lambdaMax: bend.factor * largest,
      lambdaMin: bend.factor * smallest,
      condition: largest / smallest,
      ...(rank !== undefined && { rank }),
      ...(eigenvalues && { eigenvalues: eigenvalues.map((value) => value * bend.factor) }),
      ...{ steepest, flattest, steepestColumn: largestEntry(steepest) },
      ...(this.knownSolution && { dependent: this.knownSolution.dependent }),
    };
  }

  limit(): RateLimit {
    const { bend, spectrum } = this;
    const { loader, loss, optimizer, trainRows } = this.parts;
    const batch = worstBatch(this.source, loader, spectrum?.largest ?? 0);
    const place = { batchRows: batch.rows, worstRow: trainRows[batch.longest] };
    if (!bend || !spectrum) {
      const reason = `${loss} has the same slope however near the target is: any lr ends up hovering about the minimum`;
      return { reason, accuracy: 'estimate', ...place };
    }
    const stability = stepStability(optimizer);
    if ('reason' in stability) return { reason: stability.reason, accuracy: 'estimate', ...place };
    const fullBatch = stability.limit(bend.factor * spectrum.largest);
    const isWhole = batch.rows === this.source.rows;
    const isKnown = batch.atLeast >= batch.atMost * (1 - 1e-9);
    const isSure = stability.isPlain || (isWhole && bend.isExact);
    return {
      rate: stability.limit(bend.factor * batch.atMost),
      accuracy: !isSure ? 'estimate' : isKnown && bend.isExact ? 'exact' : 'safe',
      ...(!isKnown && bend.isExact && { surelyUnstable: stability.limit(bend.factor * batch.atLeast) }),
      ...{ fullBatch, ...place },
    };
  }

  optimum(): Optimum | NoOptimum {
    const { source, targets, outputs } = this;
    const { loss } = this.parts;
    if (!this.bend) return { reason: `the minimum of ${loss} is not looked for: the loss is not smooth` };
    const solved = source.columns <= mostDense ? this.solution() : undefined;
    if (loss === 'mse_loss' && solved) return squaredOptimum(solved, source.rows);
    return convexOptimum({ source, targets, loss, outputs }, solved);
  }

  /** The mean square of the targets about their means. */
  variance(): number {
    const { rows, columns } = this.targets;
    const block = new Float64Array(columns);
    const [mean, squares] = [new Float64Array(columns), new Float64Array(columns)];
    for (let row = 0; row < rows; row++) {
      this.targets.read(row, row + 1, block, columns, 1);
      // Welford's update, for the mean of squares less the square of the mean loses digits.
      block.forEach((value, i) => {
        const distance = value - mean[i];
        mean[i] += distance / (row + 1);
        squares[i] += distance * (value - mean[i]);
      });
    }
    return squares.reduce((sum, value) => sum + value, 0) / (rows * columns);
  }

  private solution(): SolvedLeastSquares {
    const hasOnes = this.parts.hasBias;
    this.knownSolution ??= solveLeastSquares(this.source, this.targets, { hasOnes, tolerance: singleTolerance });
    return this.knownSolution;
  }

  /** `R` of the columns in their own sizes. */
  private rankedFactor(): RankedFactor {
    const { factor, rank, scale } = this.solution();
    const { columns } = factor;
    return { r: factor.r.map((value, i) => value * scale[i % columns]), rank };
  }
}
