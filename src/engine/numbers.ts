/** A list of numbers in single or in double precision. */
export type Numbers = Float32Array | Float64Array;

/** The numbers at some places of a list, in its precision. */
export function numbersAt(numbers: Numbers, places: Uint32Array): Numbers {
  const found = numbers instanceof Float64Array ? new Float64Array(places.length) : new Float32Array(places.length);
  for (let i = 0; i < places.length; i++) found[i] = numbers[places[i]];
  return found;
}
