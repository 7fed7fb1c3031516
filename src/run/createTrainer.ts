import type { Config, ModelConfig } from '../config/schema';
import { DataLoader } from '../engine/dataLoader';
import type { Dataset } from '../engine/dataset';
import { Linear } from '../engine/linear';
import { losses } from '../engine/losses';
import { SGD } from '../engine/optimizers';
import { Generator } from '../engine/random';
import { randomSplit, splitLengths } from '../engine/randomSplit';
import { Trainer } from '../engine/trainer';

/**
 * The trainer that a config describes, with its parameters drawn. The draws come in the order of a PyTorch script:
 * `random_split`, then `nn.Linear`, then each epoch's.
 */
export function createTrainer(config: Config & { seed: number }, dataset: Dataset): Trainer {
  const generator = new Generator(config.seed);
  const [trainRows, validationRows] = splitRows(config.split, dataset.rows, generator);
  const model = new Linear(dataset.inputNames.length, dataset.targetNames.length, config.model.bias);
  initialize(model, config.model.init, generator);
  const { batch_size: batchSize, shuffle, drop_last: dropLast } = config.loader;
  return new Trainer({
    dataset,
    model,
    loader: new DataLoader(trainRows, { batchSize, shuffle, dropLast }, generator),
    loss: losses[config.loss],
    optimizer: new SGD(config.optimizer.lr),
    trainRows,
    validationRows,
  });
}

function splitRows(split: number[] | undefined, rows: number, generator: Generator): [Uint32Array, Uint32Array] {
  if (!split) return [Uint32Array.from({ length: rows }, (_, row) => row), new Uint32Array(0)];
  const lengths = splitLengths(split, rows);
  if (!lengths) throw new RangeError(`split [${split.join(', ')}] does not add up to ${rows} rows`);
  return randomSplit(lengths, generator);
}

/** Only the default start draws numbers. */
function initialize(model: Linear, init: ModelConfig['init'], generator: Generator): void {
  if (init === 'default') return model.resetParameters(generator);
  if (init === 'zeros') return;
  model.weight.set(init.weight.flat());
  if (init.bias) model.bias.set(init.bias);
}
