import { checkConfig, checkSizes } from '../config/checkConfig';
import type { ParsedConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import { hasErrors } from '../base/problem';
import { targetKind } from './lossOptions';
import { readRunDataset, sizeOf, type ReadDataset } from './readDataset';

type Reading = Parameters<typeof readRunDataset>;

/**
 * The rows of the last dataset, for runs that follow one another on the same rows. The arrays belong to whichever run
 * opened last: the one before must be over. Rows that are made in no time are kept too, because the WebAssembly that was
 * set up over their memory is what takes time: an instance that is used again is quick from its first call on.
 */
export class KeptRows {
  private last: { key: string; read: ReadDataset } | undefined;

  /** As `readRunDataset`. @param name the same for runs whose data file is the same. */
  async read(name: string, ...reading: Reading): Promise<ReadDataset> {
    const [parsed, config] = reading;
    const key = JSON.stringify([name, config.dataset, targetKind(config)]);
    if (this.last?.key === key) return this.again(parsed, config, this.last.read);
    this.last = undefined;
    const read = await readRunDataset(...reading);
    if (read.dataset) this.last = { key, read };
    return read;
  }

  /** Split, batches and starting weights are each run's own. */
  private again(parsed: ParsedConfig, { dataset }: Config, read: ReadDataset): ReadDataset {
    const own = 'file' in dataset ? [] : checkConfig(parsed);
    const misfits = read.dataset ? [...own, ...checkSizes(parsed, sizeOf(read.dataset))] : own;
    return hasErrors(misfits) ? { problems: misfits } : read;
  }
}
