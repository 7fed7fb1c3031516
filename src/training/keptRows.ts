import { checkSizes } from '../config/checkConfig';
import type { ParsedConfig } from '../config/parseConfig';
import { hasErrors } from '../base/problem';
import { targetKind } from './lossOptions';
import { readRunDataset, sizeOf, type ReadDataset } from './readDataset';

type Reading = Parameters<typeof readRunDataset>;

/**
 * The rows of the last data file that was read, for runs that follow one another on the same rows. The arrays belong to
 * whichever run opened last: the one before must be over.
 */
export class KeptRows {
  private last: { key: string; read: ReadDataset } | undefined;

  /** As `readRunDataset`. @param name the same for runs whose data file is the same. */
  async read(name: string, ...reading: Reading): Promise<ReadDataset> {
    const [parsed, config] = reading;
    const key = JSON.stringify([name, config.dataset, targetKind(config)]);
    if (this.last?.key === key) return this.again(parsed, this.last.read);
    this.last = undefined;
    const read = await readRunDataset(...reading);
    if (read.dataset && 'file' in config.dataset) this.last = { key, read };
    return read;
  }

  /** Split, batches and starting weights are each run's own. */
  private again(parsed: ParsedConfig, read: ReadDataset): ReadDataset {
    const misfits = read.dataset ? checkSizes(parsed, sizeOf(read.dataset)) : [];
    return hasErrors(misfits) ? { problems: misfits } : read;
  }
}
