import { parseConfig } from '../../config/parseConfig';
import { givenOptions, lossName, type Config } from '../../config/schema';
import { modelOf } from '../../protocol/followedModel';
import type { RunShape } from '../../protocol/protocol';
import type { FollowedLine } from './followedLine';

type StartLine = Extract<FollowedLine, { event: 'start' }>;

/** What the first line of a run says of it. */
export interface FollowedStart {
  configText: string;
  seed: number;
  shape: RunShape;
  initial: Float32Array;
}

/** Reads config, model and parameters. Throws an Error, the end of a sentence that begins with the line's number. */
export function followedStart({ config: written, inputs, targets, rows, parameters }: StartLine): FollowedStart {
  const configText = JSON.stringify(written, null, 2);
  const { config, problems } = parseConfig(configText, 'config');
  if (!config) throw new Error(`has a config that cannot be used: ${problems[0].message}`);
  const { model, flat } = described(config, parameters);
  const { batch_size: batchSize, drop_last: dropLast } = config.loader;
  const outputs = model.parameters[0].shape[0];
  const seed = config.seed ?? 0;
  return {
    ...{ configText, seed, initial: flat },
    shape: {
      ...{ seed, epochs: config.epochs, logEvery: config.log_every, batchSize },
      batchesPerEpoch: Math.max(1, (dropLast ? Math.floor : Math.ceil)(rows.train / batchSize)),
      ...{ trainRows: rows.train, validationRows: rows.val, inputNames: inputs, targetNames: targets },
      // The line does not say what classes are called.
      ...(lossName(config.loss) === 'cross_entropy' && {
        classNames: Array.from({ length: outputs }, (_, i) => String(i)),
      }),
      model,
      loss: lossName(config.loss),
      ...(givenOptions(config.loss).reduction === 'sum' && { lossOptions: { reduction: 'sum' as const } }),
      ...{ optimizer: config.optimizer.type, optimizerSettings: config.optimizer, lr: config.optimizer.lr },
      ...(config.scheduler && { scheduler: config.scheduler.type }),
      ...(config.early_stopping && { earlyStopping: config.early_stopping }),
      fingerprint: 0,
    },
  };
}

function described({ model }: Config, parameters: StartLine['parameters']) {
  try {
    return modelOf(parameters, model.type === 'Sequential' ? model.layers : undefined);
  } catch (error) {
    throw new Error(
      `has parameters that do not fit its model: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}
