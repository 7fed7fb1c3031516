import { formatCount, formatDuration, formatNumber, formatQuantity, formatRounded, isRounding } from '../base/format';
import type { Problem } from '../base/problem';
import type { VerdictKind } from './findings/judgement';
import type { RunStatus } from '../protocol/protocol';
import type { RunSurroundings } from '../protocol/runSurroundings';
import {
  isLive,
  lastEpochs,
  lossScale,
  secondsLeft,
  shownLoss,
  showsEpoch,
  trainedEpochs,
  type RunState,
} from '../protocol/state';

/** The icon beside a run's status. */
export const statusIcons = {
  opening: 'loading',
  ready: 'circle-large',
  running: 'loading',
  paused: 'debug-pause',
  finished: 'pass',
  early_stopped: 'pass',
  stopped: 'stop-circle',
  diverged: 'warning',
  failed: 'error',
} as const satisfies Record<RunStatus, string>;

/** What a status is called where it differs from its name. */
export function statusWord(status: RunStatus): string {
  return status === 'early_stopped' ? 'stopped early' : status;
}

/** The icon beside a verdict. */
export const verdictIcons = {
  waiting: 'circle-large',
  learning: 'pulse',
  converged: 'pass',
  improving: 'arrow-right',
  stuck: 'warning',
  diverging: 'error',
  overfitting: 'warning',
  flawed: 'warning',
} as const satisfies Record<VerdictKind, string>;

/** A number of the head under its name. */
export interface HeadNumber {
  key: 'loss' | 'validation-loss' | 'lr' | 'elapsed' | 'left';
  name: string;
  value: string;
}

/** What keeps a run from beginning, and what else was found, in number: `Cannot run: 1 error, 4 warnings`. */
export function obstacleWords(problems: readonly Problem[]): string {
  return problems.length > 0 ? `Cannot run: ${problemCounts(problems)}` : 'Cannot run';
}

/** How many problems there are of each kind, the gravest first: `1 error, 4 warnings`. */
export function problemCounts(problems: readonly Problem[]): string {
  const kinds = { error: 'error', warning: 'warning', information: 'note' } as const;
  return Object.entries(kinds)
    .map(([kind, word]) => [problems.filter(({ severity }) => severity === kind).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => formatQuantity(count, word))
    .join(', ');
}

/** How far a run is, in words: `740 of 2,000 epochs, batch 3 of 10`; empty before it has opened. */
export function epochWords(run: RunState): string {
  const { shape, checkpoint, status } = run;
  if (!shape) return '';
  const { batch } = checkpoint;
  // Batches are worth naming only where they can be told apart by eye.
  const within =
    batch > 0 && status !== 'running' ? `, batch ${formatCount(batch)} of ${formatCount(shape.batchesPerEpoch)}` : '';
  return `${formatCount(trainedEpochs(run))} of ${formatCount(shape.epochs)} epochs${within}`;
}

/** The numbers of a run that the head shows, in their order; none before it has opened. */
export function headNumbers(run: RunState): HeadNumber[] {
  const { shape } = run;
  if (!shape) return [];
  const lastRate = lastEpochs(run, 'lr');
  const left = timeLeft(run);
  // The curve beside it shows what the epochs' batches had while the parameters still moved.
  const lossName = showsEpoch(run) ? 'Epoch average' : 'Training loss';
  const numbers: (HeadNumber | false)[] = [
    { key: 'loss', name: lossName, value: formatKnown(shownLoss(run)) },
    shape.validationRows > 0 && {
      key: 'validation-loss',
      name: 'Validation loss',
      value: formatKnown(shownValidationLoss(run)),
    },
    // A scheduler's products end in digits that mean nothing.
    { key: 'lr', name: 'lr', value: formatRounded(Number.isNaN(lastRate) ? shape.lr : lastRate, 6) },
    { key: 'elapsed', name: 'Elapsed', value: formatDuration(run.seconds) },
    isLive(run.status) && { key: 'left', name: 'Left', value: left === undefined ? '–' : formatDuration(left) },
  ];
  return numbers.filter((number) => number !== false);
}

/** The exact minimum of the training loss where it stands beside losses. */
export function shownMinimum(minimum: number, run: RunState): string {
  return isRounding(minimum, lossScale(run)) ? '0' : formatNumber(minimum);
}

/** A speed in words: `1 batch/s`, `Full speed`. */
export function speedWords(batchesPerSecond: number | null): string {
  if (batchesPerSecond === null) return 'Full speed';
  return `${formatCount(batchesPerSecond)} ${batchesPerSecond === 1 ? 'batch' : 'batches'}/s`;
}

function formatKnown(value: number): string {
  return Number.isNaN(value) ? '–' : formatNumber(value);
}

function shownValidationLoss(run: RunState): number {
  return Number.isNaN(run.validationLoss) ? lastEpochs(run, 'valLoss') : run.validationLoss;
}

/** At a speed that a person has set, it is that speed and not the computer's that counts. */
function timeLeft(run: RunState): number | undefined {
  const { shape, checkpoint, batchesPerSecond } = run;
  const computing = secondsLeft(run);
  if (!shape || batchesPerSecond === null) return computing;
  const batches = (shape.epochs - checkpoint.epoch) * shape.batchesPerEpoch - checkpoint.batch;
  return Math.max(computing ?? 0, batches / batchesPerSecond);
}

/** What has become of a run's files since, and what follows from it; undefined where nothing has. */
export function surroundingsWords({ goneConfig, goneData, newerData }: RunSurroundings): string | undefined {
  const words = [
    newerData && `${newerData} was saved after this run had read it. Run Again trains on it as it is now.`,
    goneData && `${goneData} no longer exists, so what needs its rows cannot be shown again.`,
    goneConfig && `${goneConfig} no longer exists. Open Config shows it as this run had it.`,
  ].filter(Boolean);
  return words.length > 0 ? words.join(' ') : undefined;
}
