/** Which products of inputs are inputs too, as scikit-learn's `PolynomialFeatures(include_bias=False)` makes them. */
export interface PolynomialOptions {
  /** The most factors of a product. */
  degree: number;
  /** No factor twice. */
  interaction_only: boolean;
}

/**
 * The factors of each product of two or more, in scikit-learn's order, which has those of two first.
 * @param places places of the inputs to multiply.
 */
export function productsOf(places: readonly number[], { degree, interaction_only }: PolynomialOptions): number[][] {
  const step = interaction_only ? 1 : 0;
  let last: number[][] = places.map((_, i) => [i]);
  const found: number[][] = [];
  for (let factors = 2; factors <= degree; factors++) {
    last = last.flatMap((one) =>
      places.slice(one[one.length - 1] + step).map((_, i) => [...one, one[one.length - 1] + step + i]),
    );
    found.push(...last);
  }
  return found.map((one) => one.map((i) => places[i]));
}

/** Number of products of some inputs, counted without making them because they may be too many. */
export function productCount(inputs: number, { degree, interaction_only }: PolynomialOptions): number {
  let [count, ofDegree] = [0, inputs];
  for (let factors = 2; factors <= degree; factors++) {
    ofDegree *= (interaction_only ? inputs - factors + 1 : inputs + factors - 1) / factors;
    count += Math.max(0, Math.round(ofDegree));
  }
  return count;
}

/** The name that scikit-learn gives a product, such as `x0^2 x1`. */
export function productName(factors: readonly number[], names: readonly string[]): string {
  const powers = new Map<number, number>();
  for (const place of factors) powers.set(place, (powers.get(place) ?? 0) + 1);
  return [...powers].map(([place, power]) => names[place] + (power > 1 ? `^${power}` : '')).join(' ');
}
