import type { DatasetConfig } from '../config/schema';
import type { Dataset } from '../engine/dataset';
import { pythonList, pythonText } from './python';

/** Number of inputs that are not products; they come first. */
export function ownInputs({ inputNames, products = [] }: Dataset): number {
  return inputNames.length - products.length;
}

/** Lines that name the columns. */
export function columnNames(dataset: Dataset): string {
  const quoted = (list: string[]) => pythonList(list.map(pythonText));
  return `INPUTS = ${quoted(dataset.inputNames)}\nTARGETS = ${quoted(dataset.targetNames)}`;
}

/** The function of itertools that gives the factors of products. */
export function combinationsOf({ polynomial }: DatasetConfig): string {
  return polynomial?.interaction_only ? 'combinations' : 'combinations_with_replacement';
}

/** Lines that put products of inputs after the inputs, and round them as the run did. */
export function productLines(config: DatasetConfig, dataset: Dataset): string[] {
  const { polynomial } = config;
  const { products = [] } = dataset;
  if (!polynomial || products.length === 0) return [];
  const own = ownInputs(dataset);
  const multiplied = [...new Set(products.flat())].sort((a, b) => a - b);
  const all = multiplied.length === own ? `range(${own})` : pythonList(multiplied.map(String));
  const degrees = `range(2, ${polynomial.degree + 1})`;
  return [
    '# Products of inputs, as scikit-learn makes them by',
    `# PolynomialFeatures(degree=${polynomial.degree}${polynomial.interaction_only ? ', interaction_only=True' : ''}, include_bias=False).`,
    'numbers = inputs.astype(np.float64)',
    `factors = [list(places) for degree in ${degrees} for places in ${combinationsOf(config)}(${all}, degree)]`,
    'inputs = np.column_stack([numbers] + [numbers[:, places].prod(axis=1) for places in factors])',
    ...roundedColumns('inputs', dataset),
  ];
}

/** Columns whose numbers the run held in float32 before it scaled them. */
export function roundedColumns(
  of: 'inputs' | 'targets',
  dataset: Dataset,
  width = dataset[of === 'inputs' ? 'inputNames' : 'targetNames'].length,
): string[] {
  const exact = dataset.exact?.[of];
  const single = Array.from({ length: width }, (_, i) => i).filter((i) => !exact?.has(i));
  if (single.length === width) return [`${of} = ${of}.astype(np.float32)`];
  if (single.length === 0) return [];
  const at = `${of}[:, ${pythonList(single.map(String))}]`;
  return [`# The run held these columns in float32.`, `${at} = ${at}.astype(np.float32)`];
}
