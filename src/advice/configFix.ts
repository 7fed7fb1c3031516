import type { JSONPath } from 'jsonc-parser';
import { formatRounded } from '../format';

/** Changes of a config that belong together. */
export interface ConfigFix {
  title: string;
  edits: { path: JSONPath; value: unknown }[];
}

/** For targets whose squares are no numbers any more. */
export const targetsFix: ConfigFix = {
  title: 'Scale the targets',
  edits: [{ path: ['dataset', 'scale_targets'], value: 'standard' }],
};

/** Scales the inputs, with a rate for scaled ones. */
export function scaleInputsFix(lr: number, besides: ConfigFix['edits'] = []): ConfigFix {
  const scale = { path: ['dataset', 'scale'], value: 'standard' };
  return { title: `Scale the inputs and set lr to ${formatRounded(lr)}`, edits: [scale, ...rateEdits(lr), ...besides] };
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
