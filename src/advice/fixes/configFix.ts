import type { JSONPath } from 'jsonc-parser';
import { formatRounded } from '../../base/format';

/** What a fix goes about, by which one is known again whose values are others. */
export type FixKind =
  | 'half-limit'
  | 'smaller-rate'
  | 'larger-rate'
  | 'calm-scheduler'
  | 'scale-inputs'
  | 'scale-targets'
  | 'drop-gaps'
  | 'momentum'
  | 'dampening'
  | 'alpha'
  | 'eps'
  | 'centered'
  | 'init'
  | 'more-epochs'
  | 'leave-out'
  | 'layers'
  | 'polynomial'
  | 'loss'
  | 'weight-decay'
  | 'penalty'
  | 'shuffle'
  | 'schedule'
  | 'robust-loss'
  | 'class-weights'
  | 'stop-early'
  | 'activation'
  | 'optimizer';

/** Changes of a config that belong together. */
export interface ConfigFix {
  kind: FixKind;
  title: string;
  edits: { path: JSONPath; value: unknown }[];
}

/** Names a fix by what it sets, as `--set` is written: `dataset.scale="standard" optimizer.lr=0.4`. */
export function fixId({ edits }: ConfigFix): string {
  return edits.map(({ path, value }) => `${path.join('.')}=${JSON.stringify(value)}`).join(' ');
}

/** For targets whose squares are no numbers any more. */
export const targetsFix: ConfigFix = {
  kind: 'scale-targets',
  title: 'Scale the targets',
  edits: [{ path: ['dataset', 'scale_targets'], value: 'standard' }],
};

/** Scales the targets, with a rate for scaled ones. */
export function scaleTargetsFix(lr: number): ConfigFix {
  const title = `Scale the targets and set lr to ${formatRounded(lr)}`;
  return { ...targetsFix, title, edits: [...targetsFix.edits, ...rateEdits(lr)] };
}

/** Scales the inputs, with a rate for scaled ones. */
export function scaleInputsFix(lr: number, besides: ConfigFix['edits'] = []): ConfigFix {
  const scale = { path: ['dataset', 'scale'], value: 'standard' };
  const title = `Scale the inputs and set lr to ${formatRounded(lr)}`;
  return { kind: 'scale-inputs', title, edits: [scale, ...rateEdits(lr), ...besides] };
}

/** What sets a rate. */
export function rateEdits(lr: number): ConfigFix['edits'] {
  return [{ path: ['optimizer', 'lr'], value: lr }];
}

/** A rate that is offered: rounded down to two digits. */
export function offeredRate(rate: number): number {
  const [mantissa, exponent] = rate.toExponential().split('e');
  // A number that has no more digits is not to lose its last one to rounding.
  return Number(`${Math.floor(Number(mantissa) * 10 + 1e-9) / 10}e${exponent}`);
}
