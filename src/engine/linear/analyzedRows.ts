import type { DataLoaderOptions } from '../data/dataLoader';
import type { Dataset } from '../dataset';
import type { Loss } from '../nn/losses';
import type { SGDOptions } from '../optim/sgd';
import { withDecay } from '../optim/stepStability';
import { stepStability, type OptimizerChoice } from '../optim/optimizers';
import type { Scaling } from '../data/scaling';
import type { SchedulerChoice } from '../optim/schedulers';
import { largestEntry } from '../report/forecast';
import { lossCurvature, type LossCurvature } from './lossCurvature';
import { meanLoss, type LossSlope } from './meanLoss';
import {
  absoluteOptimum,
  convexOptimum,
  squaredOptimum,
  type NoOptimum,
  type Optimum,
  type SearchHelp,
} from './optimum';
import type { Hessian, RateLimit } from '../report/report';
import { TableRows } from './rowSource';
import { SolvedRows } from './solvedRows';
import { mostDense, type Spectrum } from './spectrum';
import { triedLimit } from './triedLimit';
import { worstBatch, type WorstBatch } from './worstBatch';

/** The rows that a run trains on, and what is learned of them. */
export interface CurvatureRows {
  /** As it is trained: scaled, where the run scales. */
  dataset: Dataset;
  trainRows: Uint32Array;
  loss: Loss;
  hasBias: boolean;
}

/** How a run goes over its rows. */
export interface CurvatureTraining {
  optimizer: OptimizerChoice;
  loader: DataLoaderOptions;
  /** Without one the rate stays. */
  scheduler?: SchedulerChoice;
  epochs?: number;
  /** Gradients are clipped, so that far from the minimum steps are shorter than the gradient says. */
  clips?: boolean;
}

/** Training rows with their spectrum, decomposition and optimum: each is worked out when it is first needed, and kept. */
export class AnalyzedRows {
  readonly source: TableRows;
  readonly targets: TableRows;
  readonly bend;
  private readonly solved: SolvedRows;
  private knownOptimum: Optimum | NoOptimum | undefined;
  private knownDecayed: { decay: number; found: Optimum | undefined } | undefined;
  private knownSlope: LossSlope | undefined;
  private knownVariance: number | undefined;
  private knownRolling: { key: string; found: Pick<RateLimit, 'rate' | 'isTried'> } | undefined;
  private knownBatch: { key: string; batch: WorstBatch } | undefined;

  /** @param scaling of the inputs, besides what is done to them already. */
  constructor(
    private readonly parts: CurvatureRows,
    private readonly outputs: number,
    scaling?: Scaling,
  ) {
    const { dataset, hasBias, trainRows } = parts;
    const [values, width] = [dataset.inputs, dataset.inputNames.length];
    this.source = new TableRows({ values, width, rows: trainRows, ones: hasBias, ...(scaling && { scaling }) });
    this.targets = new TableRows({ values: dataset.targets, width: dataset.targetNames.length, rows: trainRows });
    this.solved = new SolvedRows(this.source, this.targets);
    this.bend = lossCurvature(parts.loss, outputs, this.targets);
  }

  /** Undefined for a loss without curvature. */
  get spectrum(): Spectrum | undefined {
    return this.bend && this.solved.spectrum;
  }

  /** Undefined for a loss without curvature. */
  hessian(): Hessian | undefined {
    const { bend, spectrum } = this;
    // Of nothing but zeros there is no direction.
    if (!bend || !spectrum || spectrum.largest === 0) return undefined;
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
      ...(this.solved.knownSolution && { dependent: this.solved.knownSolution.dependent }),
    };
  }

  /** Directions of length 1 in which no output changes, as far as they are known. */
  get kernel(): Float64Array[] {
    return this.solved.knownSolution?.kernel ?? [];
  }

  /** The largest stable rate of an optimizer on batches of these rows. */
  limit({ optimizer, loader }: CurvatureTraining): RateLimit {
    const { bend, spectrum } = this;
    const { loss, trainRows } = this.parts;
    const batch = this.worstBatch(loader);
    const whole = this.source.rows;
    const place = {
      batchRows: batch.rows,
      worstRow: trainRows[batch.longest],
      ...(batch.rows < Math.min(loader.batchSize, whole) && { isLast: true }),
    };
    const stability = stepStability(optimizer);
    if ('reason' in stability) return { ...stability, accuracy: 'estimate', ...place };
    if (!bend || !spectrum) {
      const reason = `${loss.name} has the same slope however near the target is: a constant lr ends up hovering about the minimum, and a scheduler that lowers it arrives`;
      const known = stability.decay > 0 ? withDecay(reason, stability.limit(0)) : { reason };
      return { ...known, accuracy: 'estimate', ...place };
    }
    if (spectrum.largest === 0) {
      return { reason: 'all inputs are 0, so no weight changes the loss', accuracy: 'exact', ...place };
    }
    const together = bend.sums ? bend.perBatch * Math.min(loader.batchSize, whole) : bend.factor;
    const fullBatch = stability.limit(together * spectrum.largest);
    if (optimizer.type === 'SGD' && !stability.isPlain && loader.batchSize < whole) {
      const batchLimit = stability.rolledOutLimit(curvatureOf(bend, batch, whole));
      const found = this.rollingLimit(optimizer, loader, { byWorst: batchLimit, fullBatch });
      return { ...found, accuracy: 'estimate', fullBatch, batchRows: loader.batchSize, worstRow: place.worstRow };
    }
    const isKnown = batch.atLeast >= batch.atMost * (1 - 1e-9);
    const isSure = stability.isPlain || bend.isExact;
    return {
      rate: stability.limit(curvatureOf(bend, batch, whole)),
      accuracy: !isSure ? 'estimate' : isKnown && bend.isExact ? 'exact' : 'safe',
      ...(!isKnown && bend.isExact && { surelyUnstable: stability.limit(bend.perBatch * batch.atLeast) }),
      ...{ fullBatch, ...place },
    };
  }

  /** The smallest possible loss, or why it is not known. */
  optimum(): Optimum | NoOptimum {
    return (this.knownOptimum ??= this.findOptimum());
  }

  /** The largest target, signs aside. */
  largestTarget(): number {
    const { rows, columns } = this.targets;
    const block = new Float64Array(columns);
    let largest = 0;
    for (let row = 0; row < rows; row++) {
      this.targets.read(row, row + 1, block, columns, 1);
      for (const value of block) largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** The mean square of the targets about their means. */
  variance(): number {
    return (this.knownVariance ??= meanVariance(this.targets));
  }

  private findOptimum(): Optimum | NoOptimum {
    const { source, targets, outputs } = this;
    const { loss } = this.parts;
    const solved = source.columns <= mostDense ? this.solved.solution : undefined;
    if (!this.bend) {
      if (loss.sums) return { reason: `the minimum of ${loss.name} is not looked for as a sum` };
      return solved
        ? absoluteOptimum(source, targets, solved)
        : { reason: `the minimum of ${loss.name} is not looked for with more than ${mostDense} inputs` };
    }
    if (loss.isMeanSquare && solved) return squaredOptimum(solved, source.rows);
    return convexOptimum({ source, targets, loss, outputs }, this.searchHelp(solved));
  }

  /** The minimum that weight decay moves; undefined where it was not found. */
  decayedOptimum(decay: number): Optimum | undefined {
    const { source, targets, outputs } = this;
    const { loss } = this.parts;
    if (!this.bend) return undefined;
    if (this.knownDecayed?.decay !== decay) {
      const solved = source.columns <= mostDense ? this.solved.solution : undefined;
      const found = convexOptimum({ source, targets, loss, outputs }, { ...this.searchHelp(solved), decay });
      this.knownDecayed = { decay, found: 'reason' in found ? undefined : found };
    }
    return this.knownDecayed.found;
  }

  /** The loss and its slope at the parameters that a run starts with: for each output, a number for each column. */
  slopeAtStart(initial: Float64Array[]): LossSlope {
    const { source, targets, outputs } = this;
    return (this.knownSlope ??= meanLoss({ source, targets, outputs, loss: this.parts.loss }, initial));
  }

  private searchHelp(solved: SearchHelp['solved']): SearchHelp {
    const { source, targets, outputs } = this;
    // As many rows as a Hessian of all outputs takes a moment for.
    const wanted = Math.max(20 * source.columns, Math.min(4000, 2e8 / (source.columns * outputs) ** 2));
    const isMany = source.rows > 4 * wanted;
    const places = Uint32Array.from({ length: Math.ceil(wanted) }, (_, i) => Math.floor((i * source.rows) / wanted));
    const sample = { source: source.subset(places), targets: targets.subset(places), loss: this.parts.loss, outputs };
    return { ...(solved && { solved }), ...(isMany && { sample }) };
  }

  /** Of momentum on small batches: found by trial, otherwise from the steepest batch alone. */
  private rollingLimit(
    optimizer: SGDOptions,
    loader: DataLoaderOptions,
    { byWorst, fullBatch }: { byWorst: number; fullBatch: number },
  ): Pick<RateLimit, 'rate' | 'isTried'> {
    const { lr: _, ...kept } = optimizer;
    const key = JSON.stringify([kept, loader]);
    if (this.knownRolling?.key !== key) {
      const { perBatch: factor, sums } = this.bend!;
      const training = { source: this.source, factor, sums, optimizer, loader };
      const tried = triedLimit(training, byWorst / 16, fullBatch);
      // In a fixed order rows can have a rhythm that momentum answers to.
      const cautious = loader.shuffle ? byWorst : byWorst / 4;
      const rate = Math.min(fullBatch, tried ?? cautious);
      this.knownRolling = { key, found: { rate, ...(tried !== undefined && { isTried: true }) } };
    }
    return this.knownRolling.found;
  }

  private worstBatch(loader: DataLoaderOptions): WorstBatch {
    const key = JSON.stringify(loader);
    if (this.knownBatch?.key !== key) {
      this.knownBatch = { key, batch: worstBatch(this.source, loader, this.spectrum?.largest ?? 0, this.bend?.sums) };
    }
    return this.knownBatch.batch;
  }
}

/** The most that a batch bends. */
function curvatureOf(
  { factor, perBatch, ofLongest = Infinity }: LossCurvature,
  batch: WorstBatch,
  rows: number,
): number {
  if (batch.rows === rows && ofLongest !== Infinity) return factor * batch.atMost;
  return Math.min(perBatch * batch.atMost, ofLongest * batch.longestNorm);
}

function meanVariance(targets: TableRows): number {
  const { rows, columns } = targets;
  const block = new Float64Array(columns);
  const [mean, squares] = [new Float64Array(columns), new Float64Array(columns)];
  for (let row = 0; row < rows; row++) {
    targets.read(row, row + 1, block, columns, 1);
    // Welford's update, because the mean of squares minus the square of the mean loses digits.
    block.forEach((value, i) => {
      const distance = value - mean[i];
      mean[i] += distance / (row + 1);
      squares[i] += distance * (value - mean[i]);
    });
  }
  return squares.reduce((sum, value) => sum + value, 0) / (rows * columns);
}
