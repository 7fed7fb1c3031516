import { openRun, type OpenedRun } from '../../src/training/openRun';

/** Opens a run from a config; throws its first problem. */
export async function openConfig(config: object): Promise<OpenedRun> {
  const request = { configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 };
  const opened = await openRun(request);
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened;
}

/** Opens runs on a file `rows.csv`, which holds this text where no other is given. */
export function openerOf(csv: string) {
  const opening = (config: object, content = csv) =>
    openRun({
      configText: JSON.stringify(config),
      configFile: 'test.gd.json',
      seed: 0,
      file: { name: 'rows.csv', content },
    });
  return {
    /** Throws the first problem of a run that cannot be opened. */
    opened: async (config: object, content?: string): Promise<OpenedRun> => {
      const run = await opening(config, content);
      if ('problems' in run) throw new Error(run.problems[0].message);
      return run;
    },
    /** The first problem of a run that cannot be opened. */
    problemOf: async (config: object, content?: string) => {
      const run = await opening(config, content);
      if (!('problems' in run)) throw new Error('the run opened');
      return run.problems[0];
    },
  };
}
