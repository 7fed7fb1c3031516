import { layersOf } from '../config/checkModel';
import { lossName, type Config, type ModelConfig, type SplitConfig } from '../config/schema';
import { DataLoader } from '../engine/data/dataLoader';
import type { Dataset } from '../engine/dataset';
import { allocateAlike } from '../engine/kernels/kernelMemory';
import { createModelKernels, type MakeKernels } from '../engine/kernels/createKernels';
import { linearModel, sequentialModel, type ModelShape } from '../engine/nn/layers';
import { createLoss } from '../engine/nn/losses';
import { Model } from '../engine/nn/model';
import { Penalty } from '../engine/nn/penalty';
import type { Clipping } from '../engine/optim/clipped';
import { createScheduledOptimizer } from '../engine/optim/scheduledOptimizer';
import { Generator } from '../engine/random/random';
import { kFold } from '../engine/data/kFold';
import { randomSplit, splitLengths, splitParts } from '../engine/data/randomSplit';
import { applyScaling, fitScaling, identityScaling, type Scaling } from '../engine/data/scaling';
import { Trainer } from '../engine/train/trainer';
import { lossOptions } from './lossOptions';
import { monitoredNumber } from './monitoredNumber';

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
  makeKernels: MakeKernels = createModelKernels,
): { trainer: Trainer; scaling: RunScaling } {
  const generator = new Generator(config.seed);
  const [trainRows, validationRows] = splitRows(config.split, dataset, generator);
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
  const isScaled = scale !== 'none' || scale_targets !== 'none';
  const scaled = isScaled ? { ...single, ...allocateAlike(dataset) } : { ...single };
  if (scale !== 'none') applyScaling(scaling.inputs, dataset.inputs, exact?.inputs, scaled.inputs);
  else if (isScaled) scaled.inputs.set(dataset.inputs);
  if (scale_targets !== 'none') applyScaling(scaling.targets, dataset.targets, exact?.targets, scaled.targets);
  else if (isScaled) scaled.targets.set(dataset.targets);
  const outFeatures = dataset.classNames?.length ?? targets;
  const shape = modelShape(config.model, inputs, outFeatures);
  const kernels = makeKernels(scaled, shape);
  // The kernels may have taken over the arrays' memory.
  if (scale === 'none') dataset.inputs = kernels.inputs;
  if (scale_targets === 'none') dataset.targets = kernels.targets;
  const model = new Model(shape, kernels);
  initialize(model, config.model, generator);
  const { batch_size: batchSize, shuffle, drop_last: dropLast } = config.loader;
  const { early_stopping: earlyStopping, penalty } = config;
  const loader = new DataLoader(trainRows, { batchSize, shuffle, dropLast }, generator, kernels);
  const trainer: Trainer = new Trainer({
    dataset: scaled,
    kernels,
    model,
    loader,
    loss: createLoss(lossName(config.loss), lossOptions(config, scaled, trainRows)),
    ...(penalty && { penalty: new Penalty(penalty, model.specs, model.parameters.length) }),
    ...createScheduledOptimizer(
      {
        optimizer: config.optimizer,
        ...(config.scheduler && { scheduler: config.scheduler }),
        clipping: clippingOf(config),
        batches: config.epochs * loader.batches,
      },
      model.parameters.length,
    ),
    ...(earlyStopping && {
      earlyStopping: {
        ...earlyStopping,
        monitored: (record) => monitoredNumber({ config, dataset, scaling, trainer }, earlyStopping.monitor, record),
      },
    }),
    trainRows,
    validationRows,
  });
  return { trainer, scaling };
}

/** How a config clips gradients. */
export function clippingOf({ clip_grad_norm: norm, clip_grad_value: value }: Config): Clipping {
  return { ...(norm !== undefined && { norm }), ...(value !== undefined && { value }) };
}

/** The rows to train on and those to validate with: the first of a run's draws. */
export function splitRows(
  split: SplitConfig | undefined,
  { rows, validationRows = 0 }: Dataset,
  generator: Generator,
): [Uint32Array, Uint32Array] {
  const inOrder = Uint32Array.from({ length: rows }, (_, row) => row);
  const train = rows - validationRows;
  if (!split) return [inOrder.subarray(0, train), inOrder.subarray(train)];
  if ('folds' in split) return kFold(rows, split.folds, split.fold, split.shuffle ? generator : undefined);
  const { lengths: given, shuffle } = splitParts(split);
  const lengths = splitLengths(given, rows);
  if (!lengths) throw new Error(`split [${given.join(', ')}] does not add up to ${rows} rows`);
  return shuffle ? randomSplit(lengths, generator) : [inOrder.slice(0, lengths[0]), inOrder.slice(lengths[0])];
}

function modelShape(model: ModelConfig, inputs: number, outputs: number): ModelShape {
  if (model.type === 'Linear') return linearModel(inputs, outputs, model.bias);
  const layers = layersOf(model, inputs, outputs);
  if (!layers) throw new Error(`the layers of the model do not fit ${inputs} inputs and ${outputs} outputs`);
  return sequentialModel(layers);
}

/** As in PyTorch, every layer draws its parameters first: what is set afterwards leaves those draws as they are. */
function initialize(model: Model, config: ModelConfig, generator: Generator): void {
  model.resetParameters(generator);
  const { init } = config;
  model.linearLayers().forEach(({ index }, which) => {
    const layer = config.type === 'Sequential' ? config.layers[index] : undefined;
    const own = layer?.type === 'Linear' ? layer.init : undefined;
    const word = own ?? (typeof init === 'string' ? init : 'default');
    if (word !== 'default') model.initLayer(which, word, generator);
  });
  if (typeof init !== 'object') return;
  for (const [name, values] of Object.entries(init)) model.tensor(name)?.set(values.flat());
}
