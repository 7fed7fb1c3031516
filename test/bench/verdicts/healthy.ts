import type { RunState } from '../../../src/protocol/state';
import { linearProblem, type Learnable } from './problems';
import type { Draws } from './rows';
import { gapOf, look, train, type Run } from './runs';

/** A run, what is wrong with it, and a healthy one of the same problem that shows what can be reached. */
export interface Case {
  seed: number;
  title: string;
  /** `healthy`, or the code of its fault. */
  label: string;
  run: Run;
  /** Absent where nothing can be reached, or no config can. */
  healthy?: Run;
  isNet: boolean;
}

/** A run with one fault; undefined where what was drawn does not show it. */
export type Fault = (draws: Draws) => Promise<Omit<Case, 'seed' | 'label' | 'isNet'> | undefined>;

/** An optimizer as a config writes it, without its rate. */
export type Optimizer = Record<string, unknown> & { type: string };

/** What is asked of a healthy run. */
interface Wish {
  kind?: Learnable['kind'];
  optimizer?: Optimizer;
  /** With any loss, scaling, scheduler and stop rule that fits, not with the plainest ones. */
  isVaried?: boolean;
}

/** The loss of each kind of problem. */
export const losses = { numbers: 'mse_loss', two: 'binary_cross_entropy_with_logits', several: 'cross_entropy' };
/** A run that ends so near to its minimum is healthy. */
export const arrived = 0.008;
/** How far above its lowest the validation loss of a healthy run may end. */
const mostRisen = 1.05;
/** Share of what a linear model explains that any loss of numbers reaches. */
const nearlyAll = 0.8;
/** A run of classes that learns less than this share of their log loss has nothing to learn. */
const leastLearned = 0.05;
/** Epochs that it may take at most. */
const mostEpochs = 20_000;

/** The optimizer that most faults are shown with. */
export const plain: Optimizer = { type: 'SGD' };

function optimizerOf(draws: Draws): Optimizer {
  return draws.pick<Optimizer>([
    { type: 'SGD' },
    { type: 'SGD' },
    { type: 'SGD' },
    { type: 'SGD', momentum: 0.9 },
    { type: 'SGD', momentum: 0.9, nesterov: true },
    { type: 'Adam' },
    { type: 'AdamW', weight_decay: 0 },
    { type: 'RMSprop' },
    { type: 'Adagrad' },
    { type: 'Adamax' },
    { type: 'NAdam' },
    { type: 'RAdam' },
  ]);
}

const adaptiveRates: Record<string, number> = {
  Adam: 0.02,
  AdamW: 0.02,
  RMSprop: 0.003,
  Adagrad: 0.3,
  Adamax: 0.03,
  NAdam: 0.02,
  RAdam: 0.02,
};

/** A config for a problem whose rate is still to be found, scaled where that is the plainest way. */
export function configFor(
  problem: Learnable,
  draws: Draws,
  { optimizer = plain, isVaried = false }: Wish = {},
): Record<string, unknown> {
  const target = problem.table.names[problem.table.names.length - 1];
  const isAdaptive = optimizer.type in adaptiveRates;
  const isOfNumbers = problem.kind === 'numbers';
  const loss =
    isVaried && isOfNumbers
      ? draws.pick(['mse_loss', 'mse_loss', 'mse_loss', 'huber_loss', 'smooth_l1_loss', 'l1_loss'])
      : losses[problem.kind];
  const scaleTargets = isOfNumbers && (isAdaptive || loss !== 'mse_loss' || draws.uniform() < 0.4);
  const rows = problem.table.rows.length;
  const epochs = 200;
  // A loss that does not bend comes to rest only with a falling rate.
  const scheduler =
    loss === 'l1_loss' || (isVaried && draws.uniform() < 0.2)
      ? { type: 'CosineAnnealingLR', T_max: epochs }
      : undefined;
  return {
    seed: draws.whole(0, 1e6),
    dataset: {
      file: 'data.csv',
      targets: [target],
      inputs: problem.table.names.slice(0, -1),
      scale: isVaried && draws.uniform() < 0.25 ? 'none' : 'standard',
      ...(scaleTargets && { scale_targets: 'standard' }),
    },
    ...(draws.uniform() < 0.25 && rows >= 100 && { split: [0.8, 0.2] }),
    loader: { batch_size: draws.pick(isVaried ? [rows, rows, 64, 32, 16, 8] : [rows, rows, 32, 16]) },
    loss,
    optimizer: { ...optimizer, lr: adaptiveRates[optimizer.type] ?? (loss === 'l1_loss' ? 0.05 : 1e-6) },
    ...(scheduler && { scheduler }),
    epochs,
  };
}

export const rateOf = ({ config }: Run) => (config['optimizer'] as { lr: number }).lr;
export const withKeys = (run: Run, keys: Record<string, unknown>): Run => ({
  ...run,
  config: { ...run.config, ...keys },
});
export const withRate = (run: Run, lr: number): Run =>
  withKeys(run, { optimizer: { ...(run.config['optimizer'] as object), lr } });
export const withDataset = (run: Run, keys: Record<string, unknown>): Run =>
  withKeys(run, { dataset: { ...(run.config['dataset'] as object), ...keys } });

/** A run of other epochs, over which its scheduler is stretched. */
export function withEpochs(run: Run, epochs: number): Run {
  const scheduler = { type: 'CosineAnnealingLR', T_max: epochs };
  return withKeys(run, { epochs, ...('scheduler' in run.config && { scheduler }) });
}

/** A run that arrives, found by making the rate smaller and the epochs more until it does. */
export async function healthyLinear(draws: Draws, problem: Learnable, wish: Wish = {}): Promise<Run | undefined> {
  const { optimizer = plain } = wish;
  let run: Run = { config: configFor(problem, draws, wish), table: problem.table };
  const { report } = await look(run);
  const { rate } = report!.limit;
  if (report!.optimum && !report!.optimum.isAttained) return undefined;
  if (rate !== undefined && !(optimizer.type in adaptiveRates))
    run = withRate(run, Number((draws.uniform(0.2, 0.5) * rate).toPrecision(2)));
  for (let attempt = 0; (run.config['epochs'] as number) <= mostEpochs; attempt++) {
    const { state, score } = await train(run);
    const least = problem.kind === 'numbers' ? nearlyAll * (state.data?.explained?.linear ?? 0) : leastLearned;
    const isGood = score >= least;
    if (gapOf(state) < arrived && isGood && overfits(state)) return undefined;
    if (gapOf(state) < arrived && isGood) return wish.isVaried && draws.uniform() < 0.3 ? stopped(run) : run;
    const isFloor = state.shape!.batchesPerEpoch > 1 && attempt % 2 === 0;
    if (isFloor) run = withRate(run, rateOf(run) / 3);
    run = withEpochs(run, (run.config['epochs'] as number) * 3);
  }
  return undefined;
}

/** Whether rows held out do worse at the end than they once did. */
function overfits({ history, validationLoss }: RunState): boolean {
  const lowest = history.column('valLoss').reduce((least, loss) => Math.min(least, loss), Infinity);
  return validationLoss > mostRisen * lowest;
}

/** The same run with a stop rule, where it loses nothing by it. */
async function stopped(run: Run): Promise<Run> {
  if (!run.config['split'] || run.config['scheduler']) return run;
  const rule = { monitor: 'val_loss', patience: 20, restore_best: true };
  const early = withKeys(run, { early_stopping: rule });
  return (await fallsShort(early, run)) ? run : early;
}

/** A healthy run of any problem of the kind. */
export async function anyHealthy(draws: Draws, wish: Wish = {}): Promise<{ run: Run; problem: Learnable }> {
  for (;;) {
    const problem = linearProblem(draws, wish.kind);
    const run = await healthyLinear(draws, problem, { ...wish, optimizer: wish.optimizer ?? optimizerOf(draws) });
    if (run) return { run, problem };
  }
}

/** A fault counts where the run falls short of what the healthy one reaches. */
async function fallsShort(run: Run, healthy: Run): Promise<boolean> {
  return (await train(run)).score < 0.9 * (await train(healthy)).score;
}

/** The fault, if it counts. */
export async function short(title: string, run: Run, healthy: Run) {
  return (await fallsShort(run, healthy)) ? { title, run, healthy } : undefined;
}

export type { Run };
