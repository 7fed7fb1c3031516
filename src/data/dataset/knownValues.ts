import type { Column } from '../table/column';
import { noText } from '../table/textCodes';
import type { DatasetPlan } from './fileDataset';
import { gapName } from './oneHot';

/** The classes or categories of a column that a model is trained on. */
export interface KnownValues {
  kind: 'class' | 'category';
  /** The number of a cell's class or category; undefined where the rows to train on have no such cell. */
  codeOf(value: number, written: string): number | undefined;
  /** What cells hold by these numbers: NaN where they are empty and that is no category, and -1 where it is not known. */
  codes(column: Column): Float32Array;
  /** Whether empty cells are a category. */
  hasGap: boolean;
}

/** The classes and categories of a plan, by their column's place. */
export function knownValues({ table, kinds, inputs, classNames = [] }: DatasetPlan): Map<number, KnownValues> {
  const categories = new Map<string, string[]>();
  for (const { source } of inputs) {
    if (source?.category === undefined) continue;
    categories.set(source.column, [...(categories.get(source.column) ?? []), source.category]);
  }
  return new Map(
    [...kinds].map(([i, kind]) => {
      const { name, type } = table.columns[i];
      const names = kind === 'class' ? classNames : (categories.get(name) ?? []);
      const gap = kind === 'class' ? -1 : names.indexOf(gapName);
      const values = names.map((one, code) => [one, code] as const).filter(([, code]) => code !== gap);
      const ofGap = gap < 0 ? NaN : gap;
      const known = type === 'text' ? knownTexts(new Map(values), ofGap) : knownNumbers(values, ofGap);
      return [i, { kind, ...known, hasGap: gap >= 0 }] as const;
    }),
  );
}

function knownTexts(known: ReadonlyMap<string, number>, gap: number): Pick<KnownValues, 'codeOf' | 'codes'> {
  return {
    codeOf: (_, written) => known.get(written),
    codes: ({ texts }) => {
      const { texts: words = [], rows } = texts!;
      const ofWords = words.map((word) => known.get(word) ?? -1);
      return Float32Array.from(rows, (word) => (word === noText ? gap : ofWords[word]));
    },
  };
}

function knownNumbers(
  values: readonly (readonly [string, number])[],
  gap: number,
): Pick<KnownValues, 'codeOf' | 'codes'> {
  const known = new Map(values.map(([name, code]) => [Number(name), code]));
  // The same fraction may be a float32 in one file and a text in the other.
  for (const [number, code] of [...known]) {
    const single = Math.fround(number);
    if (!Number.isInteger(number) && !known.has(single)) known.set(single, code);
  }
  return {
    codeOf: (value) => known.get(value),
    codes: ({ data }) => Float32Array.from(data, (value) => (Number.isNaN(value) ? gap : (known.get(value) ?? -1))),
  };
}
