import type { Loss } from '../engine/losses';
import type { OptimizerChoice } from '../engine/optimizers';
import type { OpenedRun } from './openRun';
import type { BatchAccount, BatchQuery } from './questions';
import { gather } from './rowsPager';

/** What the last batch of a run did; null where none was trained since the run was opened. */
export function batchAccount({ config, trainer }: OpenedRun, query: BatchQuery): BatchAccount | null {
  const { lastBatch, parts, previous } = trainer;
  if (!lastBatch) return null;
  const { dataset, kernels, loss, model, optimizer } = parts;
  const { start, end, lr, ...rest } = lastBatch;
  const rows = kernels.order.slice(start, Math.min(end, start + query.rows));
  const targets = gather(kernels.targets, dataset.targetNames.length, rows);
  const outputs = trainer.predict(rows, previous);
  const errors = errorsOf(loss.name, outputs, targets, model.outFeatures);
  const names = bufferNames(config.optimizer);
  return {
    ...rest,
    batchRows: end - start,
    rows,
    inputs: gather(kernels.inputs, model.inFeatures, rows),
    targets,
    outputs,
    errors,
    ...ownLosses(loss, outputs, targets, model.outFeatures),
    before: previous.slice(),
    after: model.parameters.slice(),
    gradients: model.gradients.slice(),
    optimizer: { ...config.optimizer, lr },
    steps: optimizer.steps,
    buffers: Object.fromEntries(optimizer.buffers.map((buffer, i) => [names[i], buffer.slice()])),
  };
}

/** What the optimizer keeps in each of its buffers, by the names in PyTorch's `optimizer.state`. */
function bufferNames(choice: OptimizerChoice): string[] {
  switch (choice.type) {
    case 'SGD':
      return ['momentum_buffer'];
    case 'Adam':
    case 'AdamW':
      return ['exp_avg', 'exp_avg_sq', 'max_exp_avg_sq'];
    case 'RMSprop':
      return ['square_avg', ...(choice.centered ? ['grad_avg'] : []), 'momentum_buffer'];
    case 'Adagrad':
      return ['sum'];
  }
}

/** Output minus target; of logits, the probability that they stand for minus that of the target. */
function errorsOf(loss: string, outputs: Float32Array, targets: Float32Array, outFeatures: number): Float64Array {
  if (loss === 'cross_entropy') {
    return Float64Array.from(outputs, (output, i) => {
      const row = Math.floor(i / outFeatures);
      const others = outputs.subarray(row * outFeatures, (row + 1) * outFeatures);
      const probability = 1 / others.reduce((sum, other) => sum + Math.exp(other - output), 0);
      return probability - (i % outFeatures === targets[row] ? 1 : 0);
    });
  }
  const isLogit = loss === 'binary_cross_entropy_with_logits';
  return Float64Array.from(outputs, (output, i) => (isLogit ? 1 / (1 + Math.exp(-output)) : output) - targets[i]);
}

/** The loss that each output, or each row of `cross_entropy`, has by itself, and its derivative by the outputs. */
function ownLosses(
  loss: Loss,
  outputs: Float32Array,
  targets: Float32Array,
  outFeatures: number,
): Pick<BatchAccount, 'ownLosses' | 'slopes'> {
  // As many outputs as the loss takes together, each by itself.
  const width = outFeatures / loss.count(1, outFeatures);
  const own = new Float64Array(outputs.length / width);
  const slopes = new Float64Array(outputs.length);
  const derivatives = new Float32Array(width);
  for (let i = 0; i < own.length; i++) {
    const [output, target] = [outputs.subarray(i * width, (i + 1) * width), targets.subarray(i, i + 1)];
    own[i] = loss.sum(output, target, 1, width);
    loss.gradients(output, target, 1, width, derivatives);
    slopes.set(derivatives, i * width);
  }
  return { ownLosses: own, slopes };
}
