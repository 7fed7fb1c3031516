import { verdictOf } from '../../src/advice/verdicts/verdict';
import type { Verdict } from '../../src/advice/findings/judgement';
import type { ConfigFix } from '../../src/advice/fixes/configFix';
import type { Problem } from '../../src/base/problem';
import { trainRun } from '../../src/cli/trainedRun';
import { setConfigValue } from '../../src/config/edits/setValue';
import type { RunState } from '../../src/protocol/state';
import { RunChecker } from '../../src/training/runChecker';

/** What is trained: a config, and the text of the file that it names, if it names one. */
export interface Judged {
  config: object;
  text?: string;
}

function requestOf({ config, text: content }: Judged) {
  const { file: name = '' } = (config as { dataset: { file?: string } }).dataset;
  const file = content === undefined ? {} : { file: { name, content } };
  return { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0, ...file };
}

/** What is said before a run, as `check` does. */
export async function problemsOf(run: Judged): Promise<Problem[]> {
  return (await new RunChecker().check(requestOf(run))).problems;
}

/** Trains a run through, as `run` does: what is said then, and the exit status. */
export async function judgedRun(run: Judged): Promise<{ state: RunState; verdict: Verdict; exitStatus: number }> {
  const trained = await trainRun(requestOf(run), () => undefined);
  if (!trained) throw new Error('the run cannot be opened');
  return { state: trained.state, verdict: verdictOf(trained.state), exitStatus: trained.exitStatus };
}

/** The run with a fix written into its config. */
export function withFix({ config, ...run }: Judged, { edits }: ConfigFix): Judged {
  const set = (text: string, { path, value }: ConfigFix['edits'][number]) =>
    setConfigValue(text, path.join('.'), value);
  return { ...run, config: JSON.parse(edits.reduce(set, JSON.stringify(config))) as object };
}

/** What is left of what there was to learn, as a share. @param before the loss of the first epoch, for a single row. */
export function leftOf({ curvature, trainLoss }: RunState, before: number): number {
  const floor = curvature!.optimum!.loss;
  return (trainLoss - floor) / ((curvature!.variance || curvature!.sameForAll || before) - floor);
}
