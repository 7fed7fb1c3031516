/**
 * A learning rate at which SGD with `mse_loss` on one target cannot diverge, whatever the batches.
 * The Hessian of one row's loss has the one eigenvalue 2 (‖x‖² + 1), the bias included, and no batch's can be larger
 * than its largest row's; the rate is stable below 2 over that eigenvalue. Half of that limit is returned, rounded down
 * to one digit.
 * @param largest for each input, the largest absolute value in the data.
 */
export function cautiousRate(largest: readonly number[]): number {
  const limit = 1 / (1 + largest.reduce((sum, value) => sum + value ** 2, 0));
  const [digits, exponent] = (limit / 2).toExponential().split('e');
  return Number(`${Math.floor(Number(digits))}e${exponent}`);
}
