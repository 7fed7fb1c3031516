import type { OptimizerSettings } from '../../protocol/protocol';
import { rateEdits, type ConfigFix } from './configFix';

/** What is asked of an optimizer here. */
type Rate = Pick<OptimizerSettings, 'type' | 'lr'>;

/** From this many times the usual rate on it is the rate that is to blame. */
const farOver = 5;
/** Below this share of it no other fault is looked for that shows in how little was learned. */
const farBelow = 0.01;
/** In fewer steps than this plain SGD seldom brings a net where Adam does. */
const manySteps = 5000;
const adamRate = 0.01;

/** A rate at which small models on scaled columns learn with an optimizer. */
export function usualRate(optimizer: Rate['type']): number {
  return optimizer === 'SGD' ? 0.05 : adamRate;
}

/** Whether a net's rate is far over what such nets learn with. */
export function isFarOver({ type, lr }: Rate): boolean {
  return lr > farOver * usualRate(type);
}

/** Whether a rate is far below what small models on scaled columns learn with. */
export function isFarBelow({ type, lr }: Rate): boolean {
  return lr < farBelow * usualRate(type);
}

/** The usual rate for the net of a run; where plain SGD would be slow with it, that of Adam first. */
export function usualRateFixes({ type, lr }: Rate, steps: number): ConfigFix[] {
  const usual = usualRate(type);
  if (!(lr > usual)) return [];
  const fix: ConfigFix = { kind: 'smaller-rate', title: `Set lr to ${usual}`, edits: rateEdits(usual) };
  if (type !== 'SGD' || steps >= manySteps) return [fix];
  return [adamFix(adamRate), fix];
}

/** Adam, whatever the optimizer was. */
export function adamFix(lr: number): ConfigFix {
  const edits = [{ path: ['optimizer'], value: { type: 'Adam', lr } }];
  return { kind: 'optimizer', title: `Use Adam with lr ${lr}`, edits };
}
