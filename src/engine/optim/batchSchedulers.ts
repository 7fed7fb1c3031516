import type { Scheduler } from './schedulers';

/** What a scheduler sets before a batch. */
export interface BatchSettings {
  lr: number;
  /** SGD's and RMSprop's momentum, or the first of Adam's betas; absent where it stays as it is. */
  momentum?: number;
}

/** A scheduler whose settings follow from the number of batches before. */
export interface BatchScheduler extends Scheduler {
  /** @param step batches that were trained before in the whole run. */
  at(step: number): BatchSettings;
  /** The batch with the largest rate, as long as `gamma` does not raise it. */
  readonly peak: number;
}

/** Keyword arguments of `OneCycleLR`; `total_steps` is that of the run. */
export interface OneCycleLROptions {
  max_lr: number;
  pct_start: number;
  anneal_strategy: 'cos' | 'linear';
  cycle_momentum: boolean;
  base_momentum: number;
  max_momentum: number;
  div_factor: number;
  final_div_factor: number;
  three_phase: boolean;
}

/** Keyword arguments of `CyclicLR`. */
export interface CyclicLROptions {
  base_lr: number;
  max_lr: number;
  step_size_up: number;
  step_size_down?: number;
  mode: 'triangular' | 'triangular2' | 'exp_range';
  gamma: number;
  cycle_momentum: boolean;
  base_momentum: number;
  max_momentum: number;
}

function batchScheduler(name: string, peak: number, at: BatchScheduler['at']): BatchScheduler {
  return { name, start: at(0).lr, peak, state: [], next: (_, lr) => lr, at };
}

/** `OneCycleLR`: up to `max_lr` and down to nearly nothing in the whole run. @param total batches of the run. */
export function oneCycleLR(options: OneCycleLROptions, total: number): BatchScheduler {
  const { max_lr, pct_start, div_factor, final_div_factor, three_phase } = options;
  const { cycle_momentum, base_momentum, max_momentum } = options;
  const initial = max_lr / div_factor;
  const least = initial / final_div_factor;
  const top = pct_start * total - 1;
  const rates = three_phase
    ? [
        { end: top, lr: [initial, max_lr], momentum: [max_momentum, base_momentum] },
        { end: 2 * pct_start * total - 2, lr: [max_lr, initial], momentum: [base_momentum, max_momentum] },
        { end: total - 1, lr: [initial, least], momentum: [max_momentum, max_momentum] },
      ]
    : [
        { end: top, lr: [initial, max_lr], momentum: [max_momentum, base_momentum] },
        { end: total - 1, lr: [max_lr, least], momentum: [base_momentum, max_momentum] },
      ];
  const between = ([from, to]: number[], share: number) =>
    options.anneal_strategy === 'cos'
      ? to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1)
      : (to - from) * share + from;
  return batchScheduler('OneCycleLR', Math.max(0, Math.round(top)), (batch) => {
    const step = Math.min(batch, total);
    const phase = rates.findIndex(({ end }, i) => step <= end || i === rates.length - 1);
    const start = phase === 0 ? 0 : rates[phase - 1].end;
    const { end, lr, momentum } = rates[phase];
    const share = end === start ? 1 : (step - start) / (end - start);
    return { lr: between(lr, share), ...(cycle_momentum && { momentum: between(momentum, share) }) };
  });
}

/** `CyclicLR`: up from `base_lr` to `max_lr` and down again, over and over. */
export function cyclicLR(options: CyclicLROptions): BatchScheduler {
  const { base_lr, max_lr, step_size_up: up, mode, gamma } = options;
  const { cycle_momentum, base_momentum, max_momentum } = options;
  const length = up + (options.step_size_down ?? up);
  const rising = up / length;
  return batchScheduler('CyclicLR', up, (step) => {
    const cycle = Math.floor(1 + step / length);
    const place = 1 + step / length - cycle;
    const height = place <= rising ? place / rising : (place - 1) / (rising - 1);
    const size = mode === 'triangular' ? 1 : mode === 'triangular2' ? 1 / 2 ** (cycle - 1) : gamma ** step;
    const lr = base_lr + (max_lr - base_lr) * height * size;
    const momentum = max_momentum - (max_momentum - base_momentum) * height * size;
    return { lr, ...(cycle_momentum && { momentum }) };
  });
}

/** Whether a scheduler sets its rates before each batch. */
export function isPerBatch(scheduler: Scheduler | undefined): scheduler is BatchScheduler {
  return scheduler !== undefined && 'at' in scheduler;
}
