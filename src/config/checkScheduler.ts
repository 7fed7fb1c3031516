import type { Config } from './schema';
import type { Report } from './sourceMap';

/** What a scheduler asks of the optimizer, as PyTorch does. */
export function checkScheduler({ optimizer, scheduler }: Partial<Config>, report: Report): void {
  if (!optimizer || (scheduler?.type !== 'OneCycleLR' && scheduler?.type !== 'CyclicLR')) return;
  const { type } = scheduler;
  if (type === 'CyclicLR' && scheduler.base_lr > scheduler.max_lr) {
    const message = `scheduler.base_lr is ${scheduler.base_lr}, above max_lr ${scheduler.max_lr}`;
    report(['scheduler', 'base_lr'], { message, code: 'out-of-range', suggestion: String(scheduler.max_lr) });
  }
  if (!scheduler.cycle_momentum) return;
  const { base_momentum: least, max_momentum: most } = scheduler;
  if (least > most) {
    const message = `scheduler.base_momentum is ${least}, above max_momentum ${most}`;
    report(['scheduler', 'base_momentum'], { message, code: 'out-of-range', suggestion: String(most) });
  }
  const hasBetas = 'betas' in optimizer && type === 'OneCycleLR' && optimizer.type !== 'NAdam';
  if ('momentum' in optimizer || hasBetas) return;
  const message = `${type} cycles the momentum, which ${optimizer.type} does not let it; set scheduler.cycle_momentum to false`;
  report(['scheduler', 'type'], { message, code: 'momentum' });
}
