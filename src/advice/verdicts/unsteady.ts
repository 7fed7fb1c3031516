/** By how much a loss must rise from one epoch to the next to be a leap, and the share of epochs in which it may. */
const leap = 1.5;
const oftenLeaps = 0.05;

/** Whether the loss has leapt up among the last `epochs` epochs more often than now and then. */
export function isUnsteady(losses: Float64Array, epochs: number): boolean {
  const first = Math.max(1, losses.length - epochs);
  let leaps = 0;
  for (let epoch = first; epoch < losses.length; epoch++) if (losses[epoch] > leap * losses[epoch - 1]) leaps++;
  return leaps > 0 && leaps >= oftenLeaps * (losses.length - first);
}
