import { linked } from '../engine/nn/links';
import { countOf, type Loss } from '../engine/nn/losses';
import { ClippedOptimizer } from '../engine/optim/clipped';
import { bufferNames, withMomentum } from '../engine/optim/optimizers';
import type { OpenedRun } from '../training/openRun';
import type { BatchAccount, BatchQuery } from '../protocol/questions';
import { gather } from './rowsPager';

/** What the last batch of a run did; null where none was trained since the run was opened. */
export function batchAccount({ config, trainer }: OpenedRun, query: BatchQuery): BatchAccount | null {
  const { lastBatch, parts, previous } = trainer;
  if (!lastBatch) return null;
  const { dataset, kernels, loss, model, optimizer, penalty } = parts;
  const { start, end, lr, momentum, ...rest } = lastBatch;
  const rows = kernels.order.slice(start, Math.min(end, start + query.rows));
  const batch = kernels.order.subarray(start, end);
  const weights = dataset.sampleWeight?.values;
  const targets = gather(kernels.targets, dataset.targetNames.length, rows);
  const outputs = trainer.predict(rows, previous);
  const errors = errorsOf(loss, outputs, targets, model.outFeatures);
  const names = bufferNames(config.optimizer);
  return {
    ...rest,
    batchRows: end - start,
    rows,
    inputs: gather(kernels.inputs, model.inFeatures, rows),
    targets,
    outputs,
    errors,
    ...ownLosses(loss, outputs, targets, model.outFeatures, weights && gather(weights, 1, rows)),
    ...(weights && { weights: gather(weights, 1, rows) }),
    divisor: countOf(
      loss,
      loss.weightOf ? gather(kernels.targets, 1, batch) : [],
      batch.length,
      model.outFeatures,
      weights && gather(weights, 1, batch),
    ),
    before: previous.slice(),
    after: model.parameters.slice(),
    gradients: model.gradients.slice(),
    ...(penalty && {
      penalty: { ...penalty.options, value: penalty.value(previous), without: penalty.without.slice() },
    }),
    ...(optimizer instanceof ClippedOptimizer && {
      clipping: { ...optimizer.clipping, unclipped: optimizer.unclipped.slice() },
    }),
    optimizer: withMomentum({ ...config.optimizer, lr }, momentum),
    steps: optimizer.steps,
    buffers: Object.fromEntries(
      names.slice(0, optimizer.buffers.length).map((name, i) => [name, optimizer.buffers[i].slice()]),
    ),
  };
}

/** Output minus target; of logits, the probability that they stand for minus that of the target. */
function errorsOf(loss: Loss, outputs: Float32Array, targets: Float32Array, width: number): Float64Array {
  const isClass = loss.targets === 'classes';
  const target = (i: number) => (isClass ? Number(i % width === targets[Math.floor(i / width)]) : targets[i]);
  return linked(loss.link, outputs, width).map((value, i) => value - target(i));
}

/** The loss that each output, or each row of classes, has by itself, and its derivative by the outputs. */
function ownLosses(
  loss: Loss,
  outputs: Float32Array,
  targets: Float32Array,
  outFeatures: number,
  weights: Float32Array | undefined,
): Pick<BatchAccount, 'ownLosses' | 'slopes'> {
  // As many outputs as the loss takes together, each by itself.
  const width = loss.targets === 'classes' ? outFeatures : 1;
  const own = new Float64Array(outputs.length / width);
  const slopes = new Float64Array(outputs.length);
  const derivatives = new Float32Array(width);
  for (let i = 0; i < own.length; i++) {
    const [output, target] = [outputs.subarray(i * width, (i + 1) * width), targets.subarray(i, i + 1)];
    const weight = weights?.[Math.floor((i * width) / outFeatures)] ?? 1;
    own[i] = weight * loss.sum(output, target, 1, width);
    loss.gradients(output, target, 1, width, derivatives);
    // Of the loss itself, not of a mean over what it counts.
    const count = loss.sums ? 1 : countOf(loss, target, 1, width);
    slopes.set(
      derivatives.map((value) => value * count),
      i * width,
    );
  }
  return { ownLosses: own, slopes };
}
