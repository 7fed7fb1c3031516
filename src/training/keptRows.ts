import { checkConfig, checkSizes } from '../config/checkConfig';
import type { ParsedConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import { hasErrors } from '../base/problem';
import type { ReadWatch } from '../data/bytes/byteSource';
import { targetKind } from './lossOptions';
import { idleKeys, readRunDataset, sizeOf, type DataSourceFile, type ReadDataset } from './readDataset';

/** The rows that were read last, and what they were read for. */
interface Kept {
  key: string;
  scaled: boolean[];
  read: ReadDataset;
}

/**
 * The rows of the last dataset, for runs that follow one another on the same rows. The arrays belong to whichever run
 * opened last: the one before must be over. Rows that are made in no time are kept too, because the WebAssembly that was
 * set up over their memory is what takes time: an instance that is used again is quick from its first call on.
 */
export class KeptRows {
  private last: Kept | undefined;

  /** @param finely for rows that are looked at alone: they need not be read again to be scaled. */
  constructor(private readonly finely = false) {}

  /** As `readRunDataset`. @param name the same for runs whose data file is the same. */
  async read(
    name: string,
    parsed: ParsedConfig,
    config: Config,
    file: DataSourceFile | undefined,
    watch?: ReadWatch,
    shares?: boolean,
  ): Promise<ReadDataset> {
    const { scale, scale_targets: scaleTargets, ...dataset } = config.dataset;
    const key = JSON.stringify([name, 'file' in dataset ? dataset : config.dataset, targetKind(config)]);
    const scaled = [scale !== 'none', scaleTargets !== 'none'];
    const finely = this.finely && !dataset.polynomial;
    if (this.last?.key === key && serves(this.last, scaled, finely)) {
      return this.again(parsed, config, file, this.last.read);
    }
    this.forget();
    const read = await readRunDataset(parsed, config, file, watch, shares, finely);
    if (read.dataset) this.last = { key, scaled, read };
    return read;
  }

  /** Frees the memory of the rows. */
  forget(): void {
    this.last = undefined;
  }

  /** Split, batches and starting weights are each run's own, and so is where its config says what. */
  private again(
    parsed: ParsedConfig,
    config: Config,
    file: DataSourceFile | undefined,
    read: ReadDataset,
  ): ReadDataset {
    const { dataset } = config;
    const own = 'file' in dataset ? [] : checkConfig(parsed);
    const misfits = read.dataset ? [...own, ...checkSizes(parsed, sizeOf(read.dataset))] : own;
    if (hasErrors(misfits)) return { problems: misfits };
    if (!('file' in dataset) || !file) return read;
    const inFiles = read.problems.filter(({ code }) => code !== 'idle-key');
    return { ...read, problems: [...idleKeys(parsed, dataset, file), ...inFiles] };
  }
}

/** Where float32 is enough for all numbers that were read finely, they are the same however they are scaled. */
function serves({ scaled, read }: Kept, wanted: boolean[], finely: boolean): boolean {
  return wanted.every((one, i) => one === scaled[i]) || (finely && !read.dataset?.exact);
}
