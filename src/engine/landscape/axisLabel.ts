/** Names of the parameters, and how they are spoken of. */
export interface ParameterWords {
  /** As `parameterNames` has them. */
  names: readonly string[];
  /** How many of them, from the first, are weights; the others are biases. */
  weights: number;
  /** Several outputs: the names say which. */
  hasOutputs: boolean;
  /** The model is trained on scaled columns. */
  isScaled: boolean;
}

/** Share of a direction's square that its named parameters have at least. */
const mostOfIt = 0.8;

/** `weight of x0`, `bias (scaled)`, `weight y ← x0`. */
export function parameterLabel({ names, weights, hasOutputs, isScaled }: ParameterWords, index: number): string {
  const name = names[index];
  const words = index >= weights ? name : hasOutputs ? `weight ${name}` : `weight of ${name}`;
  return words + scaled(isScaled);
}

/** What a direction is made of: `mostly x3`, `x3 and x5`, `x3 against x5`, `a mix of 6 parameters`. */
export function directionLabel({ names, isScaled }: ParameterWords, direction: Float64Array): string {
  const order = Array.from(direction.keys()).sort((i, j) => Math.abs(direction[j]) - Math.abs(direction[i]));
  const [first, second = first] = order;
  const share = (index: number): number => direction[index] ** 2;
  if (share(first) >= mostOfIt) return `mostly ${names[first]}${scaled(isScaled)}`;
  if (share(first) + share(second) >= mostOfIt) {
    const word = direction[first] * direction[second] > 0 ? 'and' : 'against';
    return `${names[first]} ${word} ${names[second]}${scaled(isScaled)}`;
  }
  const mixed = direction.filter((value) => value ** 2 >= 0.01).length;
  return `a mix of ${mixed} parameters${scaled(isScaled)}`;
}

function scaled(isScaled: boolean): string {
  return isScaled ? ' (scaled)' : '';
}
