/**
 * A loss that the product does not have, added as CONTRIBUTING says: by its record. Wherever this file is loaded first, in
 * a test or in a page that is built with it, the loss is one of all.
 */
import { elementwise, losses, type Loss } from '../../src/engine/nn/losses';

/** Its name, which only those who load this file know. */
export const addedLoss = 'log_cosh_loss';

const all: Record<string, Loss> = losses;
all[addedLoss] = elementwise(addedLoss, {
  description: 'Squared (halved) near zero, without its sign far from it, and smooth in between.',
  link: 'identity',
  targets: 'numbers',
  value: (output, target) =>
    Math.abs(output - target) + Math.log1p(Math.exp(-2 * Math.abs(output - target))) - Math.LN2,
  derivative: (output, target) => Math.tanh(output - target),
  bend: { largest: 1, isExact: false },
  words: { formula: 'mean(log cosh e)', factor: 1, slope: { formula: 'tanh(e)', spoken: 'The slope of the loss' } },
});
