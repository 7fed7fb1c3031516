import { openRun, type OpenedRun } from '../../src/training/openRun';

/** Opens a run from a config; throws its first problem. */
export async function openConfig(config: object): Promise<OpenedRun> {
  const request = { configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 };
  const opened = await openRun(request);
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened;
}
