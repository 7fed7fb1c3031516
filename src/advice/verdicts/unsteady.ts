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

/** Epochs of which at least this share turn from falling to rising, or back, in a loss that swings about something. */
const oftenTurns = 0.2;
/** A loss that falls below this share of its lowest comes lower. */
const lower = 0.9;

/** Whether the loss goes up and down without coming lower, rather than standing still or going one way. */
export function isSwinging(losses: Float64Array): boolean {
  let turns = 0;
  for (let epoch = 2; epoch < losses.length; epoch++) {
    if ((losses[epoch] - losses[epoch - 1]) * (losses[epoch - 1] - losses[epoch - 2]) < 0) turns++;
  }
  if (losses.length <= 4 || turns < oftenTurns * losses.length) return false;
  const middle = Math.floor(losses.length / 2);
  return Math.min(...losses.subarray(middle)) >= lower * Math.min(...losses.subarray(0, middle));
}
