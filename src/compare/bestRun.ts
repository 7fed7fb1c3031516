import { metricNames } from '../advice/metricWords';
import { differingKeys, type ComparedRun, type MetricKey } from './comparedRun';

/** By what the best of several runs is chosen. */
export interface BestRule {
  id: string;
  /** What the best run has: `the lowest validation loss at the end`. */
  title: string;
  /** 1 where less is better, -1 where more is. */
  sign: 1 | -1;
  /** NaN or undefined where the run has none. */
  valueOf(run: ComparedRun): number | undefined;
}

const lessIsBetter: MetricKey[] = ['rmse', 'mae', 'logLoss'];

const lossRules: BestRule[] = [
  { id: 'val_loss', title: 'the lowest validation loss at the end', sign: 1, valueOf: (run) => run.valLoss },
  {
    id: 'lowest_val_loss',
    title: 'the lowest validation loss of any epoch',
    sign: 1,
    valueOf: (run) => run.lowestValLoss?.value,
  },
  { id: 'loss', title: 'the lowest training loss at the end', sign: 1, valueOf: (run) => run.loss },
  {
    id: 'lowest_loss',
    title: 'the lowest training loss of any epoch',
    sign: 1,
    valueOf: (run) => run.lowestLoss?.value,
  },
];

const metricRules: BestRule[] = (['valMetrics', 'metrics'] as const).flatMap((set) =>
  (Object.keys(metricNames) as MetricKey[]).map((key): BestRule => {
    const sign = lessIsBetter.includes(key) ? 1 : -1;
    const rows = set === 'metrics' ? 'training' : 'validation';
    const title = `the ${sign > 0 ? 'lowest' : 'highest'} ${metricNames[key].name} on ${rows} rows`;
    return { id: `${set === 'metrics' ? '' : 'val_'}${key}`, title, sign, valueOf: (run) => run[set][key] };
  }),
);

/** Settings by which losses cannot be compared. */
const ofLosses =
  /^(loss|penalty|dataset\.(scale_targets|targets|file|values\.targets|generate|weight|bias|noise|seed))(\.|$)/;

/**
 * The rules that say something about some runs, the one to take unless a person chooses first: the validation loss where there is
 * one, otherwise the training loss; where runs have different losses or targets, the first metric in the target's own units.
 */
export function rulesFor(runs: readonly ComparedRun[]): BestRule[] {
  const isKnown = ({ valueOf }: BestRule) => runs.some((run) => !Number.isNaN(valueOf(run) ?? NaN));
  const [losses, metrics] = [lossRules, metricRules].map((rules) => rules.filter(isKnown));
  return differingKeys(runs).some((key) => ofLosses.test(key)) ? [...metrics, ...losses] : [...losses, ...metrics];
}

/** The best of some runs by a rule; of equal ones the first. A run that diverged or could not begin is never the best. */
export function bestRun(runs: readonly ComparedRun[], { valueOf, sign }: BestRule): ComparedRun | undefined {
  let best: ComparedRun | undefined;
  let least = Infinity;
  for (const run of runs) {
    const value = sign * (valueOf(run) ?? NaN);
    if (run.status === 'diverged' || run.status === 'failed' || !(value < least)) continue;
    [best, least] = [run, value];
  }
  return best;
}
