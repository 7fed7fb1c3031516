import { formatFloat32 } from '../base/format';
import type { PolynomialSize } from '../config/checkPolynomial';
import type { DatasetConfig } from '../config/schema';
import { NumberStore } from '../data/table/numberStore';
import { productName, productsOf } from '../engine/data/polynomial';
import type { Dataset, ExactColumns } from '../engine/dataset';
import { allocateDataset } from '../engine/kernels/kernelMemory';

/**
 * A dataset with the products of inputs that a config asks for, after the inputs themselves. They are multiplied in double
 * precision; where they are scaled afterwards, those that float32 would round visibly stay so.
 * @param shares whether a helper will train on the rows too.
 */
export function withPolynomial(dataset: Dataset, { polynomial, scale }: DatasetConfig, shares = false): Dataset {
  if (!polynomial) return dataset;
  const { rows, inputNames, inputs, targets, exact } = dataset;
  const products = productsOf(factorPlaces(dataset, polynomial.columns), polynomial);
  if (products.length === 0) return dataset;
  const [own, width] = [inputNames.length, inputNames.length + products.length];
  const memory = allocateDataset(rows, width, targets.length / rows, shares);
  memory.targets.set(targets);
  for (let row = 0; row < rows; row++) memory.inputs.set(inputs.subarray(row * own, (row + 1) * own), row * width);
  const exactInputs = new Map(exact?.inputs);
  products.forEach((factors, i) => {
    const store = scale === 'none' ? undefined : new NumberStore('scaled');
    store?.reserve(rows);
    for (let row = 0; row < rows; row++) {
      let product = 1;
      for (const place of factors) product *= numberAt(inputs, exact?.inputs, own, row, place);
      memory.inputs[row * width + own + i] = product;
      store?.add(product);
    }
    if (store?.numbers instanceof Float64Array) exactInputs.set(own + i, store.numbers);
  });
  return {
    ...dataset,
    ...memory,
    inputNames: [...inputNames, ...products.map((factors) => productName(factors, inputNames))],
    products,
    ...(exactInputs.size > 0 && { exact: { inputs: exactInputs, targets: exact?.targets ?? new Map() } }),
  };
}

/** What the products of a dataset are made of. */
export function polynomialSize(dataset: Dataset, { polynomial }: DatasetConfig): PolynomialSize {
  const { rows, inputNames } = dataset;
  return { rows, inputs: inputNames.length, factors: factorPlaces(dataset, polynomial?.columns).length };
}

/** A sentence about the first product that is more than a float32 can hold; undefined without any. */
export function tooLargeProduct({
  inputs,
  inputNames,
  products = [],
  rows,
  validationRows = 0,
}: Dataset): string | undefined {
  const [width, own] = [inputNames.length, inputNames.length - products.length];
  for (let row = 0; row < rows; row++) {
    for (let i = own; i < width; i++) {
      if (Number.isFinite(inputs[row * width + i])) continue;
      const factors = [...new Set(products[i - own])].map(
        (place) => `${JSON.stringify(inputNames[place])} is ${formatFloat32(inputs[row * width + place])}`,
      );
      const train = rows - validationRows;
      const where = row < train ? `row ${row + 1}` : `row ${row - train + 1} of the validation set`;
      return `dataset.polynomial: ${JSON.stringify(inputNames[i])} is more than a float32 can hold in ${where}, where ${factors.join(' and ')}; lower degree, or leave it out of columns`;
    }
  }
  return undefined;
}

/** Places of the inputs to multiply: all of them, or those that are or were made of some columns. */
function factorPlaces({ inputNames, source }: Dataset, columns: readonly string[] | undefined): number[] {
  const places = inputNames.map((_, place) => place);
  if (!columns) return places;
  const named = new Set(columns);
  return places.filter((place) => named.has(source?.inputs[place].column ?? inputNames[place]));
}

function numberAt(inputs: Float32Array, exact: ExactColumns | undefined, width: number, row: number, place: number) {
  return exact?.get(place)?.[row] ?? inputs[row * width + place];
}
