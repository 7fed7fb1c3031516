import type { Dataset } from '../engine/dataset';
import { losses } from '../engine/nn/losses';
import { mistakenTrainer, type Mistake } from '../engine/train/mistakes';
import type { Trainer } from '../engine/train/trainer';
import { BadQuestion } from '../engine/report/badQuestion';
import { clippingOf } from '../training/createTrainer';
import type { OpenedRun } from '../training/openRun';
import type { MistakeCurve } from '../protocol/questions';
import { gather } from './rowsPager';

/** Inputs and targets that are copied at most, in numbers; of larger datasets some rows are left out. */
const mostNumbers = 2 ** 22;
/** Rows of a batch up to which all their pairs are passed; more would take too long at a time. */
const mostPaired = 1024;
/** Milliseconds that one answer may take: training waits meanwhile. */
const sliceTime = 40;
/** Milliseconds that a curve may take in all. */
const timeBudget = 1000;
/** Multiplications between two looks at the clock. */
const sliceWork = 1 << 16;

/** A run trained again with one mistake in it, a slice at a time. Touches nothing of the run itself. */
export class MistakeRun {
  private readonly losses: number[] = [];
  private readonly rows: number;
  private readonly rowBudget: number;
  private readonly already: boolean;
  /** Absent when no more will come: the memory is free again. */
  private trainer: Trainer | undefined;
  private divergence: Trainer['divergence'];
  private spent = 0;

  /** @throws BadQuestion where the mistake cannot be made in this run. */
  constructor(
    private readonly run: OpenedRun,
    readonly mistake: Mistake,
    private readonly now: () => number,
  ) {
    const { config, initial, trainer } = run;
    const obstacle = mistake === 'broadcast' && broadcastObstacle(run);
    if (obstacle) throw new BadQuestion(obstacle);
    const { optimizer, scheduler } = config;
    const data = copyOf(trainer.parts, mostNumbers);
    const clipping = clippingOf(config);
    const parts = { ...data, initial, optimizer, clipping, epochs: config.epochs, ...(scheduler && { scheduler }) };
    this.trainer = mistakenTrainer(trainer, mistake, parts);
    this.rows = data.trainRows.length;
    // Each row is compared with all others of its batch.
    const pairs = mistake === 'broadcast' ? batchRows(run) : 0;
    this.rowBudget = Math.max(1, Math.floor(sliceWork / (initial.length + pairs)));
    this.already = mistake === 'noShuffle' && !trainer.parts.loader.options.shuffle;
  }

  /** The losses from epoch `first` on, as far as they are known; trains a slice where none are. */
  curve(first: number): MistakeCurve {
    if (first >= this.losses.length) this.trainSlice();
    const { divergence, already, rows } = this;
    const losses = Float64Array.from(this.losses.slice(first));
    return { first, losses, rows, already, done: !this.trainer, ...(divergence && { divergence }) };
  }

  private trainSlice(): void {
    const { trainer } = this;
    if (!trainer) return;
    const start = this.now();
    let end = start;
    while (end - start < sliceTime && trainer.epoch < this.run.shape.epochs && !trainer.divergence) {
      const record = trainer.advance(this.rowBudget);
      if (record) this.losses.push(record.loss);
      end = this.now();
    }
    this.spent += end - start;
    this.divergence = trainer.divergence;
    if (this.divergence || trainer.epoch >= this.run.shape.epochs || this.spent >= timeBudget) this.trainer = undefined;
  }
}

/** Why targets of shape (n,) cannot be taken for those of this run. */
function broadcastObstacle(run: OpenedRun): string | undefined {
  const { shape } = run;
  const { name, refusesOtherShapes, targets } = losses[shape.loss];
  if (targets === 'classes') return `${name} takes targets of shape (n,): there is no mistake to make.`;
  if (refusesOtherShapes) return `${name} refuses targets of another shape than the outputs’.`;
  if (shape.targetNames.length > 1) return 'Targets of several columns cannot be taken for targets of shape (n,).';
  const rows = batchRows(run);
  return rows > mostPaired
    ? `A matrix of ${rows} × ${rows} differences in each step is too large to try here.`
    : undefined;
}

function batchRows({ trainer }: OpenedRun): number {
  const { loader } = trainer.parts;
  return loader.end(0) - loader.start(0);
}

/** The training and validation rows with numbers of their own, evenly thinned where there are too many numbers. */
export function copyOf(
  { dataset, trainRows, validationRows }: Pick<Trainer['parts'], 'dataset' | 'trainRows' | 'validationRows'>,
  most: number,
): { dataset: Dataset; trainRows: Uint32Array; validationRows: Uint32Array } {
  const [inputs, targets] = [dataset.inputNames.length, dataset.targetNames.length];
  const share = most / (dataset.rows * (inputs + targets));
  if (share >= 1) {
    const copy = { ...dataset, inputs: dataset.inputs.slice(), targets: dataset.targets.slice() };
    return { dataset: copy, trainRows, validationRows };
  }
  const kept = [thinned(trainRows, share), thinned(validationRows, share)];
  const rows = Uint32Array.from([...kept[0], ...kept[1]]);
  const numbers = Uint32Array.from(rows, (_, i) => i);
  return {
    dataset: {
      ...dataset,
      rows: rows.length,
      inputs: gather(dataset.inputs, inputs, rows),
      targets: gather(dataset.targets, targets, rows),
      ...(dataset.sampleWeight && {
        sampleWeight: { ...dataset.sampleWeight, values: gather(dataset.sampleWeight.values, 1, rows) },
      }),
    },
    trainRows: numbers.subarray(0, kept[0].length),
    validationRows: numbers.subarray(kept[0].length),
  };
}

function thinned(rows: Uint32Array, share: number): Uint32Array {
  const length = Math.min(rows.length, Math.ceil(rows.length * share));
  return Uint32Array.from({ length }, (_, i) => rows[Math.floor((i * rows.length) / length)]);
}
