import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import { defaultColumns } from '../config/checkColumns';
import { parseConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import { setConfigValue, type Setting } from '../config/edits/setValue';
import { describeFile, type DatasetSummary } from '../data/describeTable';
import { analyzeRun } from '../training/analyzeRun';
import { openRun } from '../training/openRun';
import { readOptionsOf } from '../config/readOptions';
import { rateWithin, suggestTraining } from '../advice/suggestTraining';
import { openFile } from '../worker/openFile';

/** Bytes of a file up to which its limit is worked out; of a larger one, a rate that is cautious for any batch is taken. */
const maxAnalyzed = 50_000_000;

/** A config with keys set. */
export function changed(configText: string, changes: readonly Setting[]): string {
  return changes.reduce((text, { path: key, value }) => setConfigValue(text, key, value), configText);
}

/**
 * A config for a dataset file, with keys set: it trains on the columns that are taken by default, to predict the last one.
 * What it derives from the data is derived from them as these keys have them read, scaled and batched.
 */
export async function madeConfig(dataFile: string, changes: readonly Setting[]): Promise<string> {
  const file = path.basename(dataFile);
  const asked = parseConfig(
    changed(JSON.stringify({ dataset: { file }, optimizer: { type: 'SGD', lr: 1 } }), changes),
  ).draft;
  const dataset = asked.dataset && 'file' in asked.dataset ? asked.dataset : undefined;
  const options = dataset ? readOptionsOf(dataset) : {};
  const summary = await describeFile(await openFile(dataFile), dataFile, options);
  const { inputs } = defaultColumns(dataset ?? {}, summary);
  const { scale, lr, batchSize, epochs, logEvery } = suggestTraining(summary, inputs);
  const type = asked.optimizer?.type ?? 'SGD';
  const withRate = (rate: number) =>
    changed(
      JSON.stringify({
        dataset: { file, scale },
        loader: { batch_size: batchSize },
        optimizer: type === 'SGD' ? { type, lr: rate } : { type },
        epochs,
        log_every: logEvery,
      }),
      changes,
    );
  const isTold = changes.some(({ path: key }) => key === 'optimizer' || key === 'optimizer.lr');
  if (isTold || type !== 'SGD' || summary.columns.length === 0) return withRate(lr);
  const limit = (await stat(dataFile)).size <= maxAnalyzed ? await limitOf(withRate(lr), dataFile) : undefined;
  return withRate(limit === undefined ? plainRate(lr, summary, inputs, dataset?.scale) : rateWithin(limit));
}

/** The rate at which a run of the config diverges; undefined if no rate does, or if the run cannot be opened. */
async function limitOf(configText: string, dataFile: string): Promise<number | undefined> {
  const request = { configText, configFile: dataFile, seed: 0, file: { name: dataFile, path: path.resolve(dataFile) } };
  const opened = await openRun(request, { openFile });
  return 'problems' in opened ? undefined : analyzeRun(opened, { optimum: false, scaled: false }).limit.rate;
}

/** A rate for scaled inputs, or one that inputs as they are do not make too large. */
function plainRate(
  lr: number,
  { columns }: DatasetSummary,
  inputs: string[],
  scale: Config['dataset']['scale'] | undefined,
): number {
  if (scale !== 'none') return lr;
  const squares = columns
    .filter(({ name }) => inputs.includes(name))
    .map(({ min = 0, max = 0 }) => Math.max(Math.abs(min), Math.abs(max)) ** 2);
  return rateWithin(1 / (1 + squares.reduce((sum, square) => sum + square, 0)));
}
