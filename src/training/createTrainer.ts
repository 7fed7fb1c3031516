import type { Config, ModelConfig, SplitConfig } from '../config/schema';
import { DataLoader } from '../engine/data/dataLoader';
import type { Dataset } from '../engine/dataset';
import { createKernels } from '../engine/kernels/createKernels';
import { kernelSizes } from '../engine/kernels/kernels';
import { Linear } from '../engine/nn/linear';
import { losses } from '../engine/nn/losses';
import { createOptimizer } from '../engine/optim/optimizers';
import { Generator } from '../engine/random/random';
import { kFold } from '../engine/data/kFold';
import { randomSplit, splitLengths } from '../engine/data/randomSplit';
import { applyScaling, fitScaling, identityScaling, type Scaling } from '../engine/data/scaling';
import { createScheduler } from '../engine/optim/schedulers';
import { Trainer } from '../engine/train/trainer';

/** How a run's columns were scaled before training. */
export interface RunScaling {
  inputs: Scaling;
  targets: Scaling;
}

/**
 * The trainer that a config describes, with its parameters drawn. The draws come in the order of a PyTorch script:
 * `random_split`, then `nn.Linear`, then each epoch's. Scaling is fitted on the training rows only.
 * The arrays of the dataset become views on the kernels' memory where it is not scaled.
 */
export function createTrainer(
  config: Config & { seed: number },
  dataset: Dataset,
  makeKernels = createKernels,
): { trainer: Trainer; scaling: RunScaling } {
  const generator = new Generator(config.seed);
  const [trainRows, validationRows] = splitRows(config.split, dataset.rows, generator);
  const { scale, scale_targets } = config.dataset;
  const [inputs, targets] = [dataset.inputNames.length, dataset.targetNames.length];
  const { exact, ...single } = dataset;
  const scaling = {
    inputs: fitScaling(scale, dataset.inputs, inputs, trainRows, exact?.inputs),
    // Classes have an output each, and nothing to scale.
    targets: dataset.classNames
      ? identityScaling(dataset.classNames.length)
      : fitScaling(scale_targets, dataset.targets, targets, trainRows, exact?.targets),
  };
  const scaled = {
    ...single,
    inputs: scale === 'none' ? dataset.inputs : applyScaling(scaling.inputs, dataset.inputs, exact?.inputs),
    targets:
      scale_targets === 'none' ? dataset.targets : applyScaling(scaling.targets, dataset.targets, exact?.targets),
  };
  const outFeatures = dataset.classNames?.length ?? targets;
  const kernels = makeKernels(scaled, kernelSizes(scaled, { outFeatures, hasBias: config.model.bias }));
  // The kernels may have taken over the arrays' memory.
  if (scale === 'none') dataset.inputs = kernels.inputs;
  if (scale_targets === 'none') dataset.targets = kernels.targets;
  const model = new Linear(inputs, outFeatures, config.model.bias, kernels);
  initialize(model, config.model.init, generator);
  const { batch_size: batchSize, shuffle, drop_last: dropLast } = config.loader;
  const trainer = new Trainer({
    dataset: scaled,
    kernels,
    model,
    loader: new DataLoader(trainRows, { batchSize, shuffle, dropLast }, generator, kernels),
    loss: losses[config.loss],
    optimizer: createOptimizer(config.optimizer, model.parameters.length),
    ...(config.scheduler && { scheduler: createScheduler(config.scheduler, config.optimizer.lr) }),
    trainRows,
    validationRows,
  });
  return { trainer, scaling };
}

function splitRows(
  split: SplitConfig | undefined,
  rows: number,
  generator: Generator,
): [training: Uint32Array, validation: Uint32Array] {
  if (!split) return [Uint32Array.from({ length: rows }, (_, row) => row), new Uint32Array(0)];
  if ('folds' in split) return kFold(rows, split.folds, split.fold, split.shuffle ? generator : undefined);
  const lengths = splitLengths(split, rows);
  if (!lengths) throw new Error(`split [${split.join(', ')}] does not add up to ${rows} rows`);
  return randomSplit(lengths, generator);
}

/** As in PyTorch, the layer draws its parameters in any case: what is set afterwards leaves the later draws as they are. */
function initialize(model: Linear, init: ModelConfig['init'], generator: Generator): void {
  model.resetParameters(generator);
  if (init === 'default') return;
  model.weight.set(init === 'zeros' ? new Float32Array(model.weight.length) : init.weight.flat());
  model.bias.set(init === 'zeros' ? new Float32Array(model.bias.length) : (init.bias ?? []));
}
