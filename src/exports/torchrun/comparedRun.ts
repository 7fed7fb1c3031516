import type { ExportedRun } from '../exportedRun';

/**
 * A run as the script compares with it. One that has not come to its end has other parameters than the script, which trains all
 * epochs; the end of an epoch is the only place where there are any to compare.
 */
export function comparedRun(exported: ExportedRun): ExportedRun {
  const { position, ended, run } = exported;
  const isWhole = ended !== undefined || position.epoch === run.config.epochs;
  return isWhole ? exported : { ...exported, position: { ...position, batch: Math.max(1, position.batch) } };
}
