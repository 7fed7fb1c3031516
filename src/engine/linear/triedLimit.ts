import type { DataLoaderOptions } from '../data/dataLoader';
import type { SGDOptions } from '../optim/sgd';
import { Generator } from '../random/random';
import { rowNorms, type TableRows } from './rowSource';

/** What is tried out. */
export interface TriedTraining {
  source: TableRows;
  /** A row's Hessian is this times the product of the row with itself. */
  factor: number;
  /** A batch's Hessian is the sum of those of its rows instead of their mean. */
  sums: boolean;
  optimizer: SGDOptions;
  loader: DataLoaderOptions;
}

/** Multiplications that a search may take. */
const mostWork = 3e8;
/** Multiplications that are not worth saving. */
const quickWork = 4e7;
/** Trials that a search takes, about. */
const trials = 14;
const shuffles = 3;
/** Epochs of a trial, at least and at most; fewer do where each has many steps. */
const leastEpochs = 24;
const leastLongEpochs = 6;
const manySteps = 200;
const mostEpochs = 2000;
/** Steps of a trial, in times that momentum lasts. */
const lifetimes = 30;
/** Between a rate that grows and one that does not. */
const precision = 1.08;
/** By how much the logarithm of what is left may rise by chance, where there is hardly a slope. */
const noise = 0.2;
/** Taken off the rate that was found, because a run is longer than a trial and has another order. */
const caution = 0.65;
/** Shares of the rate that was found, which are tried too. */
const lower = [0.2, 0.35, 0.5, 0.75];
/** For rows in sequence: momentum swings slower the lower the rate is, and at some rate in the rhythm of the rows. */
const lowerInSequence = Array.from({ length: 24 }, (_, i) => 0.88 ** (24 - i));

/**
 * The largest rate at which SGD with momentum does not grow on small batches. No eigenvalue gives it, because batches take turns
 * and momentum carries from one to the next; so the distance from the minimum, which is linear in where it starts and does
 * not know the targets, is trained on the rows themselves at several rates. Undefined where that would take too long.
 * @param low where the search begins.
 * @param high no rate above is stable.
 */
export function triedLimit(training: TriedTraining, low: number, high: number): number | undefined {
  const epochs = epochsOf(training);
  if (epochs === undefined || !(low > 0) || !Number.isFinite(high)) return undefined;
  const trial = new Trial(training, epochs);
  const shares = training.loader.shuffle ? lower : lowerInSequence;
  let [stable, grown] = [low, Math.max(high, low)];
  if (trial.isStable(grown)) stable = grown;
  for (;;) {
    while (grown > precision * stable) {
      const middle = Math.sqrt(stable * grown);
      if (trial.isStable(middle)) stable = middle;
      else grown = middle;
    }
    const known = stable;
    const worse = shares.map((share) => share * known).find((rate) => rate > low && !trial.isStable(rate));
    if (worse === undefined) return caution * stable;
    [stable, grown] = [low, worse];
  }
}

/** Undefined if it would take too long. */
function epochsOf({ source, optimizer, loader }: TriedTraining): number | undefined {
  const { rows, columns } = source;
  const steps = Math.max(1, Math.ceil(rows / loader.batchSize));
  const perEpoch = trials * shuffles * 2 * columns * (rows + steps);
  const afforded = mostWork / perEpoch;
  // Few rows cost little, and their orders differ much.
  const least = steps >= manySteps ? leastLongEpochs : leastEpochs;
  const wanted = Math.max(quickWork / perEpoch, least, lifetimes / (1 - optimizer.momentum) / steps);
  return afforded < least ? undefined : Math.ceil(Math.min(wanted, afforded, mostEpochs));
}

/** Trains the distance from the minimum. */
class Trial {
  private readonly values: Float64Array;
  /** One over each column's size: where a trial starts, all columns have their say. */
  private readonly scale: Float64Array;
  /** The last batch is much smaller than the others, and any row can be in it. */
  private readonly canBeAlone: boolean;
  /** The longest row. */
  private readonly longest: number;

  constructor(
    private readonly training: TriedTraining,
    private readonly epochs: number,
  ) {
    const { rows, columns } = training.source;
    this.values = new Float64Array(rows * columns);
    training.source.read(0, rows, this.values, columns, 1);
    this.scale = new Float64Array(columns);
    this.values.forEach((value, i) => (this.scale[i % columns] += value * value));
    this.scale.forEach((sum, i) => (this.scale[i] = sum > 0 ? Math.sqrt(rows / sum) : 0));
    const norms = rowNorms(training.source);
    this.longest = norms.reduce((best, norm, i) => (norm > norms[best] ? i : best), 0);
    const { shuffle, dropLast, batchSize } = training.loader;
    const rest = rows % batchSize;
    this.canBeAlone = shuffle && !dropLast && rest > 0 && rest < batchSize / 2;
  }

  /** Whether what is left is less at the end than in the middle, for each of some orders of the rows. */
  isStable(lr: number): boolean {
    const seeds = this.training.loader.shuffle ? shuffles : 1;
    for (let seed = 0; seed < seeds; seed++) if (!this.shrinks(lr, new Generator(seed))) return false;
    return !this.canBeAlone || this.shrinks(lr, new Generator(seeds), true);
  }

  /** @param isUnlucky the longest row is among the few that are left over in every epoch, where it counts most. */
  private shrinks(lr: number, generator: Generator, isUnlucky = false): boolean {
    const { columns, rows } = this.training.source;
    const distance = Float64Array.from(generator.normal(columns), (value, i) => value * this.scale[i]);
    const order = Uint32Array.from({ length: rows }, (_, row) => row);
    const state = { distance, buffer: new Float64Array(columns), gradient: new Float64Array(columns), isFirst: true };
    const third = Math.ceil(this.epochs / 3);
    const sums = [0, 0, 0];
    let removed = 0;
    for (let epoch = 0; epoch < this.epochs; epoch++) {
      if (this.training.loader.shuffle) shuffle(order, generator);
      if (isUnlucky) swap(order, order.indexOf(this.longest), rows - 1);
      const energy = this.trainEpoch(state, order, lr);
      if (energy === 0) return true;
      if (!Number.isFinite(energy)) return false;
      sums[Math.min(2, Math.floor(epoch / third))] += Math.log(energy) + removed;
      // Numbers stay within their range however much they grow or shrink.
      if (energy > 1e100 || energy < 1e-100) {
        const size = Math.sqrt(energy);
        for (const vector of [state.distance, state.buffer]) vector.forEach((value, i) => (vector[i] = value / size));
        removed += Math.log(energy);
      }
    }
    return sums[2] / (this.epochs - 2 * third) <= sums[1] / third + noise;
  }

  /** Returns what is left, as energy: that of where it is and that of its motion, for momentum turns one into the other. */
  private trainEpoch(state: TrialState, order: Uint32Array, lr: number): number {
    const { loader, source, factor, optimizer, sums } = this.training;
    const { batchSize, dropLast } = loader;
    const { momentum, dampening, nesterov, weight_decay: decay } = optimizer;
    const { distance, buffer, gradient } = state;
    const end = dropLast ? source.rows - (source.rows % batchSize) : source.rows;
    let squares = 0;
    for (let start = 0; start < end; start += batchSize) {
      const stop = Math.min(end, start + batchSize);
      gradient.fill(0);
      squares += this.addGradient(state, order.subarray(start, stop), sums ? factor : factor / (stop - start));
      const gain = state.isFirst ? 1 : 1 - dampening;
      state.isFirst = false;
      for (let i = 0; i < buffer.length; i++) {
        const slope = gradient[i] + decay * distance[i];
        buffer[i] = momentum * buffer[i] + gain * slope;
        distance[i] -= lr * (nesterov ? slope + momentum * buffer[i] : buffer[i]);
      }
    }
    let energy = (lr * (1 - dampening) * factor * squares) / end;
    for (const value of buffer) energy += (lr * value) ** 2;
    return energy;
  }

  /** Returns the sum of the outputs' squares. */
  private addGradient({ distance, gradient }: TrialState, rows: Uint32Array, weight: number): number {
    const { values } = this;
    const { columns } = this.training.source;
    let squares = 0;
    for (const row of rows) {
      const at = row * columns;
      let output = 0;
      for (let i = 0; i < columns; i++) output += values[at + i] * distance[i];
      squares += output * output;
      const slope = weight * output;
      for (let i = 0; i < columns; i++) gradient[i] += slope * values[at + i];
    }
    return squares;
  }
}

interface TrialState {
  distance: Float64Array;
  buffer: Float64Array;
  gradient: Float64Array;
  isFirst: boolean;
}

function shuffle(order: Uint32Array, generator: Generator): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = generator.uint32() % (last + 1);
    swap(order, last, other);
  }
}

function swap(order: Uint32Array, one: number, other: number): void {
  [order[one], order[other]] = [order[other], order[one]];
}
