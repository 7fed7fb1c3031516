import type { DataLoaderOptions } from '../data/dataLoader';
import { ColumnPenalty } from '../nn/penalty';
import type { SGDOptions } from '../optim/sgd';
import { withDecay } from '../optim/stepStability';
import { stepStability } from '../optim/optimizers';
import type { Scaling } from '../data/scaling';
import { largestEntry } from '../report/forecast';
import { curvatureOf, lossCurvature } from './lossCurvature';
import { meanLoss, type LossRows, type LossSlope } from './meanLoss';
import {
  absoluteOptimum,
  convexOptimum,
  squaredOptimum,
  type NoOptimum,
  type Optimum,
  type SearchHelp,
} from './optimum';
import type { Hessian, RateLimit } from '../report/report';
import { proximalOptimum } from './proximal';
import { numbersAt } from '../numbers';
import { ExtendedRows, RowWeights, TableRows, weighted } from './rowSource';
import { SolvedRows, type CurvatureRows, type CurvatureTraining } from './solvedRows';
import { mostDense, timesSpectrum, type Spectrum } from './spectrum';
import { largestOf, meanSquareAboutMeans } from './targetShape';
import { triedLimit } from './triedLimit';
import { worstBatch, type WorstBatch } from './worstBatch';

/** Training rows with their spectrum, decomposition and optimum: each is worked out when it is first needed, and kept. */
export class AnalyzedRows {
  readonly source: TableRows;
  readonly targets: TableRows;
  readonly bend;
  /** Undefined where all rows count the same. */
  private readonly weights: RowWeights | undefined;
  readonly solved: SolvedRows;
  /** The same rows with a penalty of squares as more of them. */
  private readonly held: SolvedRows;
  private readonly penalty: ColumnPenalty | undefined;
  private knownOptimum: Optimum | NoOptimum | undefined;
  private knownDecayed: { decay: number; found: Optimum | undefined } | undefined;
  private knownSlope: LossSlope | undefined;
  private knownHeld: Spectrum | undefined;
  private knownPlain: Optimum | NoOptimum | undefined;
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
    this.weights = dataset.sampleWeight && new RowWeights(dataset.sampleWeight.values, trainRows);
    this.solved = new SolvedRows(
      weighted(this.source, this.weights, Math.sqrt),
      weighted(this.targets, this.weights, Math.sqrt),
      hasBias,
      outputs,
    );
    this.bend = lossCurvature(parts.loss, outputs, this.targets, this.weights?.own);
    this.penalty = parts.penalty && new ColumnPenalty(parts.penalty, this.source.columns, hasBias);
    this.held = this.heldRows();
  }

  /** Undefined for a loss without curvature. */
  get spectrum(): Spectrum | undefined {
    if (!this.bend || this.held === this.solved) return this.bend && this.solved.spectrum;
    return (this.knownHeld ??= timesSpectrum(this.held.spectrum, this.held.source.rows / this.source.rows));
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
      ...(this.held.knownSolution && { dependent: this.held.knownSolution.dependent }),
    };
  }

  /** Directions of length 1 in which no output changes, as far as they are known. */
  get kernel(): Float64Array[] {
    return this.held.knownSolution?.kernel ?? [];
  }

  /** The largest stable rate of an optimizer on batches of these rows. */
  limit({ optimizer, loader }: CurvatureTraining): RateLimit {
    const { bend, solved } = this;
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
    if (!bend) {
      const reason = `${loss.name} has the same slope however near the target is: a constant lr ends up hovering about the minimum, and a scheduler that lowers it arrives`;
      const known = stability.decay > 0 ? withDecay(reason, stability.limit(0)) : { reason };
      return { ...known, accuracy: 'estimate', ...place };
    }
    if (solved.spectrum.largest === 0) {
      return { reason: 'all inputs are 0, so no weight changes the loss', accuracy: 'exact', ...place };
    }
    const held = 2 * (this.penalty?.l2 ?? 0);
    // Of a penalty on the weights alone it is not known how much of it the steepest direction has.
    const isHeldWhole = held === 0 || this.penalty!.isOnAll;
    const together = bend.sums ? (bend.factor * Math.min(loader.batchSize, whole)) / whole : bend.factor;
    const isWhole = loader.batchSize >= whole;
    const ofPart = bend.sums && !isWhole;
    const fullBatch = stability.limit(
      ofPart ? together * solved.spectrum.largest + held : bend.factor * this.spectrum!.largest,
    );
    if (optimizer.type === 'SGD' && !stability.isPlain && !isWhole) {
      const batchLimit = stability.rolledOutLimit(curvatureOf(bend, batch, whole) + held);
      const decayed = { ...optimizer, weight_decay: optimizer.weight_decay + held };
      const found = this.rollingLimit(decayed, loader, { byWorst: batchLimit, fullBatch });
      return { ...found, accuracy: 'estimate', fullBatch, batchRows: loader.batchSize, worstRow: place.worstRow };
    }
    const isKnown = batch.atLeast >= batch.atMost * (1 - 1e-9);
    const isProven = !isKnown && bend.isExact && !this.weights;
    const isSure = stability.isPlain || bend.isExact;
    const isExact = isKnown && bend.isExact && (isWhole || isHeldWhole);
    const surely = stability.limit(bend.perBatch * batch.atLeast + (isHeldWhole ? held : 0));
    return {
      rate: isWhole ? fullBatch : stability.limit(curvatureOf(bend, batch, whole) + held),
      accuracy: !isSure ? 'estimate' : isExact ? 'exact' : 'safe',
      ...(isProven && { surelyUnstable: surely }),
      ...{ fullBatch, ...place },
    };
  }

  /** The smallest possible loss, or why it is not known. */
  optimum(): Optimum | NoOptimum {
    return (this.knownOptimum ??= this.findOptimum());
  }

  /** What the rows count, by their place; undefined where all count the same. */
  get rowWeights(): Float64Array | undefined {
    return this.weights?.own;
  }

  /** The largest target, signs aside. */
  largestTarget(): number {
    return largestOf(this.targets);
  }

  /** The mean square of the targets about their means. */
  variance(): number {
    return (this.knownVariance ??= meanSquareAboutMeans(this.targets, this.weights?.own));
  }

  /** The smallest possible loss without its penalty; the same as `optimum` for a loss that has no penalty. */
  plainOptimum(): Optimum | NoOptimum {
    return this.penalty ? (this.knownPlain ??= this.smoothOptimum()) : this.optimum();
  }

  private findOptimum(): Optimum | NoOptimum {
    const { held, penalty, source } = this;
    if (!penalty) return this.smoothOptimum();
    if (!this.parts.loss.isMeanSquare || penalty.l1 > 0 || source.columns > mostDense) return this.heldOptimum(0);
    const found = squaredOptimum(held.solution, source.rows);
    return { ...found, penalty: penalty.at(found.parameters!) };
  }

  /** Without what holds the parameters. */
  private smoothOptimum(): Optimum | NoOptimum {
    const { source, targets, outputs } = this;
    const { loss } = this.parts;
    const solved = source.columns <= mostDense ? this.solved.solution : undefined;
    if (!this.bend) {
      if (loss.sums) return { reason: `the minimum of ${loss.name} is not looked for as a sum` };
      return solved
        ? absoluteOptimum(weighted(source, this.weights), weighted(targets, this.weights), solved)
        : { reason: `the minimum of ${loss.name} is not looked for with more than ${mostDense} inputs` };
    }
    if (loss.isMeanSquare && solved) return squaredOptimum(solved, source.rows);
    return convexOptimum({ ...this.lossRows, loss, outputs }, this.searchHelp(solved));
  }

  /** The minimum that weight decay moves; undefined where it was not found. */
  decayedOptimum(decay: number): Optimum | undefined {
    if (!this.bend) return undefined;
    if (this.knownDecayed?.decay !== decay) {
      const found = this.heldOptimum(decay);
      this.knownDecayed = { decay, found: 'reason' in found ? undefined : found };
    }
    return this.knownDecayed.found;
  }

  /** The minimum that the penalty and weight decay move. */
  private heldOptimum(weightDecay: number): Optimum | NoOptimum {
    const { source, penalty } = this;
    const rows = this.lossRows;
    if (!this.bend) return { reason: `the minimum of ${rows.loss.name} with a penalty is not looked for` };
    const decay = new Float64Array(source.columns).map((_, i) => weightDecay + 2 * (penalty?.factors('l2')[i] ?? 0));
    if (penalty && penalty.l1 > 0) {
      return this.withPenalty(proximalOptimum(rows, { decay, l1: penalty.factors('l1') }));
    }
    const solved = source.columns <= mostDense ? this.held.solution : undefined;
    return this.withPenalty(convexOptimum(rows, { ...this.searchHelp(solved), decay }));
  }

  /** Adds the penalty to a loss that was found without it. */
  private withPenalty(found: Optimum | NoOptimum): Optimum | NoOptimum {
    if (!this.penalty || 'reason' in found || !found.parameters) return found;
    const penalty = this.penalty.at(found.parameters);
    return { ...found, loss: found.loss + penalty, penalty };
  }

  /** The loss and its slope at the parameters that a run starts with: for each output, a number for each column. */
  slopeAtStart(initial: Float64Array[]): LossSlope {
    const { penalty } = this;
    const { value, gradient } = (this.knownSlope ??= meanLoss(this.lossRows, initial));
    if (!penalty) return { value, gradient };
    return {
      value: value + penalty.at(initial),
      gradient: gradient.map((slopes, k) => slopes.map((one, i) => one + penalty.slope(initial[k][i], i))),
    };
  }

  private heldRows(): SolvedRows {
    const { bend, penalty } = this;
    if (!bend || !penalty || penalty.l2 === 0) return this.solved;
    const { source, targets } = this.solved;
    const roots = penalty.factors('l2').map((one) => Math.sqrt((2 * one * source.rows) / bend.factor));
    const aims = new ExtendedRows(targets, new Float64Array(source.columns));
    return new SolvedRows(new ExtendedRows(source, roots), aims, this.parts.hasBias, this.outputs);
  }

  private searchHelp(solved: SearchHelp['solved']): SearchHelp {
    const { source, targets, outputs } = this;
    // As many rows as a Hessian of all outputs takes a moment for.
    const wanted = Math.max(20 * source.columns, Math.min(4000, 2e8 / (source.columns * outputs) ** 2));
    const isMany = source.rows > 4 * wanted;
    const places = Uint32Array.from({ length: Math.ceil(wanted) }, (_, i) => Math.floor((i * source.rows) / wanted));
    const weights = this.weights?.own;
    const sample = {
      ...{ source: source.subset(places), targets: targets.subset(places), loss: this.parts.loss, outputs },
      ...(weights && { weights: numbersAt(weights, places) as Float64Array }),
    };
    return { ...(solved && { solved }), ...(isMany && { sample }) };
  }

  private get lossRows(): LossRows {
    const { source, targets, outputs, weights, solved } = this;
    const own = weights ? { weights: weights.own } : { passes: solved.passes };
    return { source, targets, loss: this.parts.loss, outputs, ...own };
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
      // The trial's batches are of rows that count the same.
      const isTried = !this.weights && this.parts.of === undefined;
      const tried = isTried ? triedLimit(training, byWorst / 16, fullBatch) : undefined;
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
      const [whole, sums] = [this.spectrum?.largest ?? 0, this.bend?.sums];
      this.knownBatch = { key, batch: worstBatch(this.source, loader, whole, sums, this.weights !== undefined) };
    }
    return this.knownBatch.batch;
  }
}
