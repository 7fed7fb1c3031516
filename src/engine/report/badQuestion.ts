/** A question that cannot be answered, because the run has no such part or is too large for it; the message says why. */
export class BadQuestion extends Error {
  override readonly name = 'BadQuestion';
}
