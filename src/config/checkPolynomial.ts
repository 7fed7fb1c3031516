import { formatCount } from '../base/format';
import type { Problem } from '../base/problem';
import { productCount } from '../engine/data/polynomial';
import { maxGenerated } from './keys/generatedSchema';
import type { ParsedConfig } from './parseConfig';
import type { DatasetConfig } from './schema';
import { counted, didYouMean, nearestWord } from './words';

/** Products of inputs that a model can take. */
const mostProducts = 5000;
const maxNamed = 8;

/** What a polynomial is made of. */
export interface PolynomialSize {
  /** Inputs before any are multiplied. */
  inputs: number;
  /** How many of them are multiplied. */
  factors: number;
  /** Left out where that is not known yet. */
  rows?: number;
}

/** Names of `dataset.polynomial.columns` that are not inputs. `names`: those of all input columns. */
export function checkFactors({ draft, source }: ParsedConfig, names: readonly string[]): Problem[] {
  const known = new Set(names);
  return (draft.dataset?.polynomial?.columns ?? []).flatMap((name, i) => {
    if (known.has(name)) return [];
    const near = nearestWord(name, names);
    const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
    const listed = names.slice(0, maxNamed).map((one) => JSON.stringify(one));
    const advice = near === undefined ? `; the inputs are ${listed.join(', ')}${more}` : didYouMean(near);
    const message = `dataset.polynomial.columns[${i}]: ${JSON.stringify(name)} is not an input${advice}`;
    const suggestion = near === undefined ? {} : { suggestion: JSON.stringify(near) };
    return [
      source.problemAt(['dataset', 'polynomial', 'columns', i], { message, code: 'unknown-column', ...suggestion }),
    ];
  });
}

/** Whether there are more products than a model can take, or more numbers than memory holds. */
export function checkProducts(
  { draft, source }: ParsedConfig,
  { inputs, factors, rows = 1 }: PolynomialSize,
): Problem[] {
  const count = draft.dataset ? productsMade(draft.dataset, factors) : 0;
  const numbers = (inputs + count) * rows;
  const excess =
    count > mostProducts
      ? `at most ${formatCount(mostProducts)} can be taken`
      : count > 0 && numbers > maxGenerated
        ? `with ${formatCount(rows)} rows these are ${formatCount(numbers)} numbers, and at most ${formatCount(maxGenerated)} (1 GB) can be held`
        : undefined;
  if (excess === undefined) return [];
  const message = `dataset.polynomial makes ${formatCount(count)} products of ${counted(factors, 'input')}; ${excess}. Lower degree, or name fewer inputs in columns`;
  return [source.problemAt(['dataset', 'polynomial'], { message, code: 'out-of-range' })];
}

/** Number of products that a config makes of some inputs. */
export function productsMade({ polynomial }: DatasetConfig, factors: number): number {
  return polynomial ? productCount(factors, polynomial) : 0;
}
