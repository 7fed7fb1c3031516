import type { FileContent } from '../../protocol/protocol';

/** What a run was started from: enough to start it again, the same. */
export interface RunSource {
  /** The config's text as it was when the run started. */
  configText: string;
  /** What problems call the config: its path as people know it. */
  configFile: string;
  seed: number;
  /** Reads the files that the config names; undefined where the config names none or the first is not there. */
  readFile(): Promise<FileContent | undefined>;
}
