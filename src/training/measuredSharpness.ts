import { mostParameters, Sharpness } from '../engine/sharpness/sharpness';
import type { StartSharpness } from '../protocol/checkedRun';
import type { OpenedRun } from './openRun';

/**
 * What measures the sharpness of a run's loss; undefined for a single linear layer, for a net that is too large, and for a sum,
 * which is steeper the more rows a batch has.
 */
export function sharpnessOf({ trainer }: Pick<OpenedRun, 'trainer'>): Sharpness | undefined {
  const { dataset, model, trainRows, loss, penalty } = trainer.parts;
  const { length } = model.parameters;
  if (model.linear || length > mostParameters || loss.sums) return undefined;
  const parts = { dataset, trainRows, layers: model.layers, loss, ...(penalty && { penalty }) };
  return new Sharpness(parts, length);
}

/** Undefined where it cannot be measured. */
export async function startSharpness(run: OpenedRun): Promise<StartSharpness | undefined> {
  const sharpness = sharpnessOf(run);
  if (!sharpness) return undefined;
  const value = await sharpness.measure({ parameters: run.initial });
  return { value, rows: sharpness.rows, trainRows: run.trainer.parts.trainRows.length };
}
