import type { ArangeConfig, DatasetConfig } from '../config/schema';
import type { Dataset } from '../engine/dataset';
import type { Numbers } from '../engine/numbers';
import { rowsAt } from '../training/exactRows';
import type { ExportedRun } from './exportedRun';
import { pythonLines, pythonList, pythonNumber, pythonRows, pythonSingle, pythonText } from './python';
import type { ScriptCell } from './scriptCells';
import { columnNames, combinationsOf, ownInputs, productLines } from './scriptColumns';
import { canReadFiles, fileRows } from './scriptFile';

/** Numbers of a dataset up to which a script holds them itself. */
const mostInline = 2000;

/** The libraries and the rows: `inputs` and `targets` as NumPy arrays in the columns' own units. */
export function dataCells({ run }: ExportedRun): ScriptCell[] {
  const { config, dataset } = run;
  const file = 'file' in config.dataset && canReadFiles(config.dataset) ? config.dataset : undefined;
  const isSmall = dataset.rows * (dataset.inputNames.length + dataset.targetNames.length) <= mostInline;
  const isRead = file !== undefined && dataset.source !== undefined && !isSmall;
  const imports = [
    ...(dataset.products ? [`from itertools import ${combinationsOf(config.dataset)}\n`] : []),
    'import numpy as np',
    ...(isRead ? ['import pandas as pd'] : []),
    'import torch',
    'import torch.nn.functional as F',
    'from torch.utils.data import DataLoader, TensorDataset, random_split',
  ];
  const classes = dataset.classNames && `CLASSES = ${pythonLines(dataset.classNames.map(pythonText))}`;
  const rows = isRead
    ? fileRows(file, dataset, dataset.source!)
    : 'generate' in config.dataset && config.dataset.generate === 'arange'
      ? arangeRows(config.dataset, dataset)
      : inlineRows(config.dataset, dataset);
  return [
    { title: 'Libraries', code: imports.join('\n') },
    { title: 'The data', code: [...(classes ? [classes] : []), rows].join('\n') },
  ];
}

function inlineRows(config: DatasetConfig, dataset: Dataset): string {
  const rows = Uint32Array.from({ length: dataset.rows }, (_, row) => row);
  const array = (of: 'inputs' | 'targets') => {
    const [numbers, width] = ownNumbers(dataset, of, rows);
    const isSingle = numbers instanceof Float32Array;
    const text = pythonRows(numbers, width, isSingle ? pythonSingle : pythonNumber);
    return `${of} = np.array(${text}, dtype=np.${isSingle ? 'float32' : 'float64'})`;
  };
  const note = dataset.classNames ? '# Each target is the number of its class in CLASSES.\n' : '';
  const weights = dataset.sampleWeight
    ? `\n# What each row counts.\nweights = np.array(${pythonList(Array.from(dataset.sampleWeight.values, pythonSingle))}, dtype=np.float32)`
    : '';
  const products = productLines(config, dataset).map((line) => `${line}\n`);
  return `${columnNames(dataset)}\n${array('inputs')}\n${products.join('')}${note}${array('targets')}${weights}`;
}

/** Some rows of a dataset without products of inputs, and the numbers in each. */
function ownNumbers(dataset: Dataset, of: 'inputs' | 'targets', rows: Uint32Array): [Numbers, number] {
  if (of === 'targets') return [rowsAt(dataset, of, dataset.targetNames.length, rows), dataset.targetNames.length];
  const [width, own] = [dataset.inputNames.length, ownInputs(dataset)];
  const numbers = rowsAt(dataset, of, width, rows).filter((_, i) => i % width < own);
  const isExact = [...(dataset.exact?.inputs.keys() ?? [])].some((place) => place < own);
  return [isExact ? numbers : Float32Array.from(numbers), own];
}

function arangeRows(config: ArangeConfig, dataset: Dataset): string {
  const { inputs, targets } = config;
  const call = ({ start, stop, step, shape }: ArangeConfig['inputs']) =>
    `np.arange(${[start, stop, step].map(pythonNumber).join(', ')}, dtype=np.float32).reshape(${shape.join(', ')})`;
  const numbered = dataset.classNames
    ? '\n# Classes are the different values, in their order.\ntargets = np.unique(targets, return_inverse=True)[1].reshape(-1, 1)'
    : '';
  const products = productLines(config, dataset).map((line) => `\n${line}`);
  return `${columnNames(dataset)}\ninputs = ${call(inputs)}${products.join('')}\ntargets = ${call(targets)}${numbered}`;
}
