import { parseConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import { targetKind } from './lossOptions';
import { trainable, type OpenedRun } from './openRun';

/** Numbers of a dataset that is copied, at most. */
const mostNumbers = 2 ** 22;

/**
 * The run that another config makes of the rows that a run has in memory, in memory of its own and with the run's seed.
 * Undefined where it needs other rows, where these are too many to be copied, or where the config is wrong by itself.
 */
export function withConfig(run: OpenedRun, configText: string): Omit<OpenedRun, 'notes'> | undefined {
  const { config } = parseConfig(configText);
  const { dataset } = run;
  if (!config || rowsKey(config) !== rowsKey(run.config)) return undefined;
  if (dataset.inputs.length + dataset.targets.length > mostNumbers) return undefined;
  const copy = { ...dataset, inputs: dataset.inputs.slice(), targets: dataset.targets.slice() };
  return trainable({ ...config, seed: run.config.seed }, copy);
}

/** The same for configs whose rows are the same in their columns' own units. */
function rowsKey(config: Config): string {
  const { scale: _, scale_targets: __, ...rows } = config.dataset;
  return JSON.stringify([rows, targetKind(config)]);
}
