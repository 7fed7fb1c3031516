import { formatCount, formatQuantity, formatRounded, formatShortest } from '../../src/base/format';
import { losses } from '../../src/engine/nn/losses';
import { optimizers } from '../../src/engine/optim/optimizers';
import type { RunShape } from '../../src/protocol/protocol';
import type { Mistake } from '../../src/protocol/questions';

/** What there is to say of a mistake in a run. */
export interface MistakeWords {
  /** The rule as it is, and as the mistake makes it. */
  right: string;
  wrong: string;
  /** What causes it in PyTorch: the right line and the wrong one. */
  rightCode: string;
  wrongCode: string;
  /** What it does, with the numbers of the run. */
  effect: string;
  /** Whether there is a curve to show: it can be made, and changes something. */
  hasCurve: boolean;
}

/** The words for a mistake in a run of this shape. */
export function mistakeWords(mistake: Mistake, shape: RunShape): MistakeWords {
  return words[mistake](shape);
}

/** What the switches call them. */
export const mistakeTitles: Record<Mistake, string> = {
  notZeroed: 'Gradients not zeroed',
  broadcast: 'Shapes (n, 1) and (n,)',
  sum: 'Sum instead of mean',
  noShuffle: 'No shuffle',
};

/** All mistakes, in the order of the switches. */
export const mistakes: readonly Mistake[] = ['notZeroed', 'broadcast', 'sum', 'noShuffle'];

const words: Record<Mistake, (shape: RunShape) => MistakeWords> = {
  notZeroed: ({ epochs, batchesPerEpoch }) => ({
    right: 'w ← w − lr · g',
    wrong: 'w ← w − lr · (g₁ + g₂ + … + g)',
    rightCode: 'optimizer.zero_grad()\nloss.backward()',
    wrongCode: 'loss.backward()',
    effect:
      'backward() adds to the gradients that are there, so each step goes along the sum of all gradients so far: ' +
      `of ${formatCount(epochs * batchesPerEpoch)} at the end of this run. The weights swing past the minimum and back.`,
    hasCurve: true,
  }),
  broadcast: (shape) => ({
    right: 'mean over i of ℓ(ŷᵢ, yᵢ)',
    wrong: 'mean over i and j of ℓ(ŷᵢ, yⱼ)',
    rightCode: `F.${shape.loss}(y_pred, y)\n# (n, 1) and (n, 1)`,
    wrongCode: `F.${shape.loss}(y_pred, y)\n# (n, 1) and (n,) → (n, n)`,
    ...broadcastEffect(shape),
  }),
  sum: (shape) => ({
    right: 'g = 1/n · Σ ∂ℓᵢ/∂w',
    wrong: 'g = Σ ∂ℓᵢ/∂w',
    rightCode: `F.${shape.loss}(y_pred, y)`,
    wrongCode: `F.${shape.loss}(y_pred, y, reduction='sum')`,
    ...sumEffect(shape),
  }),
  noShuffle: ({ batchSize, batchesPerEpoch, trainRows }) => ({
    right: 'each epoch: the rows in a new order',
    wrong: 'each epoch: row 1, row 2, row 3, …',
    rightCode: 'DataLoader(dataset, shuffle=True)',
    wrongCode: 'DataLoader(dataset, shuffle=False)',
    effect:
      batchesPerEpoch === 1
        ? 'All rows of this run are in one batch, so their order changes nothing.'
        : `The ${formatCount(batchesPerEpoch)} batches of ${batchSize * batchesPerEpoch > trainRows ? 'up to ' : ''}${formatQuantity(Math.min(batchSize, trainRows), 'row')} are the same ` +
          'in every epoch, in the same order. Where a file is sorted, its batches pull one way first and then the other.',
    hasCurve: batchesPerEpoch > 1,
  }),
};

function broadcastEffect(shape: RunShape): Pick<MistakeWords, 'effect' | 'hasCurve'> {
  const { batchSize, targetNames, trainRows } = shape;
  const { isMeanSquare, name, refusesOtherShapes, targets } = losses[shape.loss];
  const n = Math.min(batchSize, trainRows);
  const none = (effect: string) => ({ effect, hasCurve: false });
  if (targets === 'classes') return none(`${name} takes targets of shape (n,), so here it would be right.`);
  if (refusesOtherShapes) {
    return none(
      `PyTorch refuses this one: ValueError: Target size (torch.Size([${n}])) must be the same as input size (torch.Size([${n}, 1])).`,
    );
  }
  if (targetNames.length > 1) return none('It takes a single target column; this run has several.');
  if (n === 1)
    return none('Batches of this run have 1 row, so there is nothing else to compare it with: nothing changes.');
  const matrix = `${formatCount(n)} × ${formatCount(n)} matrix`;
  const learned = isMeanSquare ? 'the mean' : 'the middle';
  const effect =
    `Each prediction is compared with all ${formatCount(n)} targets of its batch, a ${matrix} of differences. ` +
    `What is left to learn is ${learned} of the targets; PyTorch only warns.`;
  return { effect, hasCurve: true };
}

function sumEffect({ batchSize, loss, lossOptions, lr, optimizer, targetNames, trainRows }: RunShape) {
  if (lossOptions?.reduction === 'sum') {
    return { effect: 'This run takes the sum already: there is no mistake to make.', hasCurve: false };
  }
  const rows = Math.min(batchSize, trainRows);
  const outputs = losses[loss].count(1, targetNames.length);
  const times = rows * outputs;
  if (times === 1) return { effect: 'Batches of this run have 1 row, so sum and mean are the same.', hasCurve: false };
  const because =
    outputs === 1
      ? `batches have ${formatCount(rows)} rows`
      : `batches have ${formatCount(rows)} rows of ${outputs} targets`;
  const acts = `lr ${formatShortest(lr)} acts like ${formatRounded(lr * times, 6)}`;
  const effect = optimizers[optimizer].isAdaptive
    ? `The gradient is ${formatCount(times)} times as large, as ${because}. ${optimizer} divides by its usual size, so ` +
      'little changes here; with SGD the step would grow as much.'
    : `The step is ${formatCount(times)} times as long, as ${because}: ${acts}.`;
  return { effect, hasCurve: true };
}
