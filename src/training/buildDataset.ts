import type { DatasetConfig, FileConfig, LinearConfig } from '../config/schema';
import { NumberStore } from '../data/table/numberStore';
import type { Dataset, ExactColumns } from '../engine/dataset';
import type { ScalingRule } from '../engine/data/scaling';
import { arange, linearDataset, numberedNames } from '../engine/data/generate';
import { patternDataset } from '../engine/data/patterns';

/** The dataset that a config generates or spells out. */
export function buildDataset(config: Exclude<DatasetConfig, FileConfig>): Dataset {
  if ('values' in config) {
    const { values, scale, scale_targets } = config;
    const { inputs, targets } = values;
    const dataset = named(inputs.length, Float32Array.from(inputs.flat()), Float32Array.from(targets.flat()));
    const exact = { inputs: exactColumns(inputs, scale), targets: exactColumns(targets, scale_targets) };
    return exact.inputs.size + exact.targets.size > 0 ? { ...dataset, exact } : dataset;
  }
  if (config.generate === 'linear') return linearDataset(linearOptions(config));
  if (config.generate !== 'arange') return patternDataset(config.generate, config);
  const { inputs, targets } = config;
  return named(
    inputs.shape[0],
    arange(inputs.start, inputs.stop, inputs.step),
    arange(targets.start, targets.stop, targets.step),
  );
}

function named(rows: number, inputs: Float32Array, targets: Float32Array): Dataset {
  const inputNames = numberedNames('x', inputs.length / rows);
  return { rows, inputNames, targetNames: numberedNames('y', targets.length / rows), inputs, targets };
}

/** The columns of some rows that float32 rounds visibly, after they are scaled by a rule. */
function exactColumns(rows: number[][], rule: ScalingRule): ExactColumns {
  const columns = rows[0].map((_, column) => {
    const store = new NumberStore(rule === 'none' ? 'trained' : 'scaled');
    for (const row of rows) store.add(row[column]);
    return [column, store.numbers] as const;
  });
  return new Map(columns.flatMap(([i, numbers]) => (numbers instanceof Float64Array ? [[i, numbers] as const] : [])));
}

/** A single number or a flat list speaks of one target. */
function linearOptions({ samples, features, noise, weight, bias, seed }: LinearConfig) {
  return {
    samples,
    features,
    noise,
    seed,
    ...(weight && { weight: isMatrix(weight) ? weight : [weight] }),
    ...(bias !== undefined && { bias: typeof bias === 'number' ? [bias] : bias }),
  };
}

function isMatrix(weight: number[] | number[][]): weight is number[][] {
  return Array.isArray(weight[0]);
}
