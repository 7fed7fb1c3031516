import { setConfigValue } from '../../../src/config/edits/setValue';
import type { ConfigFix } from '../../../src/advice/fixes/configFix';
import { expectedVerdict } from '../../../src/advice/findings/expectedVerdict';
import type { Verdict } from '../../../src/advice/findings/judgement';
import { judge, verdictOf } from '../../../src/advice/verdicts/verdict';
import { trainRun } from '../../../src/cli/trainedRun';
import { median } from '../contestant';
import type { CurvatureReport } from '../../../src/engine/report/report';
import type { RunState } from '../../../src/protocol/state';
import { RunChecker } from '../../../src/training/runChecker';
import { csvOf, type Rows } from './rows';

/** A config, and the rows that it names. */
export interface Run {
  config: Record<string, unknown>;
  table: Rows;
}

/** How a run came out. */
export interface Outcome {
  state: RunState;
  before: Verdict | undefined;
  after: Verdict;
  /** R², or the share of the baseline's log loss that is gone. */
  score: number;
}

export function request({ config, table }: Run) {
  const name = 'data.csv';
  const content = csvOf(table);
  return { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0, file: { name, content } };
}

/** What the data say before a run. */
export async function look(run: Run): Promise<{ report?: CurvatureReport; before?: Verdict }> {
  const { report, data, problems } = await new RunChecker().check(request(run));
  if (!data) throw new Error(problems.map(({ message }) => message).join('; '));
  return { ...(report && { report }), before: expectedVerdict(data, report) };
}

/** Milliseconds that it takes to judge a run as it trains. */
export function judgingTime(state: RunState): number {
  const running: RunState = { ...state, status: 'running' };
  const times = Array.from({ length: 20 }, () => {
    const before = performance.now();
    judge(running);
    return performance.now() - before;
  });
  return median(times);
}

/** What was trained once is not trained again. */
const known = new WeakMap<Run, Promise<Outcome>>();

/** Trains a run through. */
export function train(run: Run): Promise<Outcome> {
  const outcome = known.get(run) ?? trainThrough(run);
  known.set(run, outcome);
  return outcome;
}

async function trainThrough(run: Run): Promise<Outcome> {
  const { before } = await look(run);
  const trained = await trainRun(request(run), () => undefined);
  if (!trained) throw new Error(`${JSON.stringify(run.config)} cannot be run`);
  const { state } = trained;
  return { state, before, after: verdictOf(state), score: scoreOf(state) };
}

function scoreOf({ metrics, status }: RunState): number {
  if (!metrics || status === 'diverged') return -Infinity;
  const { model, baseline } = metrics.train;
  if ('r2' in model) return model.r2;
  return 1 - model.logLoss / (baseline as typeof model).logLoss;
}

/** The gap of a run's loss to the exact minimum, as a share of what there was to learn. */
export function gapOf({ curvature, data, history, trainLoss }: RunState): number {
  const floor = curvature?.optimum?.decayed?.loss ?? curvature?.optimum?.loss ?? NaN;
  const base = curvature?.variance ?? curvature?.sameForAll ?? data?.baseline ?? history.at('loss', 0) ?? NaN;
  return (trainLoss - floor) / (base - floor);
}

/** The run with a fix written into its config. */
export function fixed(run: Run, { edits }: ConfigFix): Run {
  const text = edits.reduce(
    (made, { path, value }) => setConfigValue(made, path.join('.'), value),
    JSON.stringify(run.config),
  );
  return { ...run, config: JSON.parse(text) as Run['config'] };
}
