/**
 * A loss that the product does not have, added as CONTRIBUTING says: by its record. Wherever this file is loaded first, in
 * a test or in a page that is built with it, the loss is one of all.
 */
import { elementwise } from '../../src/engine/nn/elementwise';
import { createLoss, lossMakers, losses, type Loss, type LossName, type LossOptions } from '../../src/engine/nn/losses';

/** Its name, which only those who load this file know. */
export const addedLoss = 'log_cosh_loss';

const makers: Record<string, (options: LossOptions) => Loss> = lossMakers;
const all: Record<string, Loss> = losses;
const name = addedLoss as LossName;
const record = {
  description: 'Squared (halved) near zero, without its sign far from it, and smooth in between.',
  link: 'identity' as const,
  targets: 'numbers' as const,
  value: (output: number, target: number) =>
    Math.abs(output - target) + Math.log1p(Math.exp(-2 * Math.abs(output - target))) - Math.LN2,
  derivative: (output: number, target: number) => Math.tanh(output - target),
  bend: { largest: 1, isExact: false },
  words: {
    formula: 'mean(log cosh e)',
    factor: 1 as const,
    slope: { formula: 'tanh(e)', spoken: 'The slope of the loss' },
  },
} satisfies Parameters<typeof elementwise>[1];
makers[addedLoss] = (options) => elementwise(name, record, options);
all[addedLoss] = createLoss(name);
