import type { Config } from '../../config/schema';
import type { RunPlan } from '../../engine/report/dataReport';

/** What a config plans, as far as a verdict needs to know. */
export function planOf(config: Omit<Config, 'seed'>): RunPlan {
  const { dataset, loader, loss, optimizer, scheduler, epochs, model } = config;
  const layers = model.type === 'Sequential' ? model.layers : undefined;
  return {
    ...{ loss: typeof loss === 'string' ? loss : loss.type, optimizer, epochs },
    ...(scheduler && { scheduler: { type: scheduler.type } }),
    ...{ batchSize: loader.batch_size, shuffle: loader.shuffle },
    source: 'file' in dataset ? 'file' : 'values' in dataset ? 'values' : 'generate',
    ...('file' in dataset && dataset.validation_file !== undefined && { hasValidationFile: true as const }),
    isScaled: dataset.scale !== 'none',
    hasScaledTargets: dataset.scale_targets !== 'none',
    ...(dataset.polynomial && { hasProducts: true as const }),
    oneHot: 'file' in dataset ? (dataset.one_hot ?? []) : [],
    ...(layers && { layers: layers.map(writtenLayer), lastLayer: layers[layers.length - 1].type }),
  };
}

/** A layer as a config writes it, without what is the default. */
function writtenLayer(layer: { type: string }): unknown {
  const given = Object.entries(layer).filter(
    ([key, value]) => value !== undefined && !(key === 'bias' && (value as unknown) === true),
  );
  return given.length === 1 ? layer.type : Object.fromEntries(given);
}
