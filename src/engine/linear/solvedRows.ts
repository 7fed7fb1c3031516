import { solveLeastSquares, type SolvedLeastSquares } from './leastSquares';
import type { RowSource } from './rowSource';
import { spectrumOf, type RankedFactor, type Spectrum } from './spectrum';

/** Float32 numbers that are combinations of others are so up to a few roundings. */
const singleTolerance = 2 ** -22;

/** Rows with their targets, and what linear algebra says of them: each is worked out when it is first needed, and kept. */
export class SolvedRows {
  private knownSpectrum: Spectrum | undefined;
  private known: SolvedLeastSquares | undefined;

  /** @param hasOnes the source has a column of ones at its end. */
  constructor(
    readonly source: RowSource,
    readonly targets: RowSource,
    private readonly hasOnes: boolean,
  ) {}

  /** Eigenvalues and directions of `AᵀA / rows`. */
  get spectrum(): Spectrum {
    return (this.knownSpectrum ??= spectrumOf(this.source, () => this.rankedFactor()));
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
