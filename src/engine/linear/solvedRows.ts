import type { DataLoaderOptions } from '../data/dataLoader';
import type { Dataset } from '../dataset';
import type { Loss } from '../nn/losses';
import type { PenaltyOptions } from '../nn/penalty';
import type { OptimizerChoice } from '../optim/optimizers';
import type { SchedulerChoice } from '../optim/schedulers';
import { solveLeastSquares, type SolvedLeastSquares } from './leastSquares';
import { RowPasses } from './rowPasses';
import type { RowSource } from './rowSource';
import { spectraOf, spectrumOf, type RankedFactor, type Spectrum } from './spectrum';

/** Float32 numbers that are combinations of others are so up to a few roundings. */
const singleTolerance = 2 ** -22;

/** The rows that a run trains on, and what is learned of them. */
export interface CurvatureRows {
  /** As it is trained: scaled, where the run scales. */
  dataset: Dataset;
  trainRows: Uint32Array;
  loss: Loss;
  /** Part of the loss. */
  penalty?: PenaltyOptions;
  hasBias: boolean;
  /** Where they are looked at for a moment only, without trying anything out: how many rows the run trains on. */
  of?: number;
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

/** Rows with their targets, and what linear algebra says of them: each is worked out when it is first needed, and kept. */
export class SolvedRows {
  private knownSpectrum: Spectrum | undefined;
  private known: SolvedLeastSquares | undefined;
  private knownPasses: RowPasses | undefined;

  /**
   * @param hasOnes the source has a column of ones at its end.
   * @param outputs vectors that are multiplied with each row at a time.
   */
  constructor(
    readonly source: RowSource,
    readonly targets: RowSource,
    private readonly hasOnes: boolean,
    private readonly outputs = 1,
  ) {}

  /** Passes over the rows for all questions about them, as most of them are held in memory a second time for it; until `release`. */
  get passes(): RowPasses {
    return (this.knownPasses ??= new RowPasses(this.source, Math.max(2, this.outputs)));
  }

  release(): void {
    this.knownPasses = undefined;
  }

  /** Finds the spectrum together with that of the same rows scaled, where that takes fewer looks at the rows. */
  findWith(scaled: SolvedRows): void {
    if (this.knownSpectrum || scaled.knownSpectrum) return;
    [this.knownSpectrum, scaled.knownSpectrum] = spectraOf(this.source, scaled.source, () => this.passes) ?? [];
  }

  /** Eigenvalues and directions of `AᵀA / rows`. */
  get spectrum(): Spectrum {
    return (this.knownSpectrum ??= spectrumOf(
      this.source,
      () => this.rankedFactor(),
      () => this.passes,
    ));
  }

  /** The least squares, where they were worked out already. */
  get knownSolution(): SolvedLeastSquares | undefined {
    return this.known;
  }

  /** The least squares of each target. */
  get solution(): SolvedLeastSquares {
    const { source, targets, hasOnes } = this;
    this.known ??= solveLeastSquares(source, targets, { hasOnes, tolerance: singleTolerance });
    return this.known;
  }

  /** `R` of the columns in their own sizes. */
  private rankedFactor(): RankedFactor {
    const { factor, rank, scale } = this.solution;
    const { columns } = factor;
    return { r: factor.r.map((value, i) => value * scale[i % columns]), rank };
  }
}
