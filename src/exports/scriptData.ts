import { fileFormat } from '../base/datasetFormats';
import type { ArangeConfig, DatasetConfig, FileConfig } from '../config/schema';
import type { Dataset, DatasetSource } from '../engine/dataset';
import type { Numbers } from '../engine/numbers';
import { rowsAt } from '../training/exactRows';
import type { ExportedRun } from './exportedRun';
import { pythonLines, pythonList, pythonNumber, pythonRows, pythonSingle, pythonText, pythonValue } from './python';
import type { ScriptCell } from './scriptCells';

/** Numbers of a dataset up to which a script holds them itself. */
const mostInline = 2000;

/** The libraries and the rows: `inputs` and `targets` as NumPy arrays in the columns' own units. */
export function dataCells({ run }: ExportedRun): ScriptCell[] {
  const { config, dataset } = run;
  const reader = 'file' in config.dataset ? pandasReader(config.dataset) : undefined;
  const isSmall = dataset.rows * (dataset.inputNames.length + dataset.targetNames.length) <= mostInline;
  const isRead =
    reader !== undefined && dataset.source !== undefined && !isSmall && dataset.validationRows === undefined;
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
    ? fileRows(config.dataset as FileConfig, dataset, dataset.source!, reader)
    : 'generate' in config.dataset && config.dataset.generate === 'arange'
      ? arangeRows(config.dataset, dataset)
      : inlineRows(config.dataset, dataset);
  return [
    { title: 'Libraries', code: imports.join('\n') },
    { title: 'The data', code: [...(classes ? [classes] : []), rows].join('\n') },
  ];
}

/** Number of inputs that are not products; they come first. */
export function ownInputs({ inputNames, products = [] }: Dataset): number {
  return inputNames.length - products.length;
}

/** The function of itertools that gives the factors of products. */
function combinationsOf({ polynomial }: DatasetConfig): string {
  return polynomial?.interaction_only ? 'combinations' : 'combinations_with_replacement';
}

/** Lines that put products of inputs after the inputs, and round them as the run did. */
function productLines(config: DatasetConfig, dataset: Dataset): string[] {
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

function names(dataset: Dataset): string {
  const quoted = (list: string[]) => pythonList(list.map(pythonText));
  return `INPUTS = ${quoted(dataset.inputNames)}\nTARGETS = ${quoted(dataset.targetNames)}`;
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
  return `${names(dataset)}\n${array('inputs')}\n${products.join('')}${note}${array('targets')}${weights}`;
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
  return `${names(dataset)}\ninputs = ${call(inputs)}${products.join('')}\ntargets = ${call(targets)}${numbered}`;
}

/** The call of pandas that reads a file; undefined where pandas has none. */
function pandasReader(dataset: FileConfig): ((delimiter: string | undefined) => string) | undefined {
  const format = fileFormat(dataset.file)?.format;
  switch (format) {
    case 'csv':
    case 'tsv':
      return (delimiter) => `pd.read_csv(DATA_FILE, ${csvOptions(dataset, delimiter).join(', ')})`;
    case 'json':
      return () => 'pd.read_json(DATA_FILE)';
    case 'jsonl':
      return () => 'pd.read_json(DATA_FILE, lines=True)';
    case 'parquet':
      return () => 'pd.read_parquet(DATA_FILE)';
    case 'xlsx':
      return () => `pd.read_excel(DATA_FILE, sheet_name=${pythonValue(dataset.sheet ?? 0)})`;
    default:
      return undefined;
  }
}

function csvOptions(dataset: FileConfig, delimiter: string | undefined): string[] {
  const { decimal, thousands, comment, skiprows, header, encoding, na_values } = dataset;
  const sep =
    delimiter === undefined || delimiter === ','
      ? []
      : [`sep=${delimiter.length > 1 ? 'r"\\s+"' : pythonText(delimiter)}`];
  const given = { decimal, thousands, comment, skiprows, encoding };
  const options = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${pythonValue(value)}`],
  );
  const missing = ['?', ...(na_values === undefined ? [] : [na_values].flat())];
  return [
    ...sep,
    ...options,
    ...(header === false ? ['header=None'] : typeof header === 'number' ? [`header=${header}`] : []),
    'skipinitialspace=True',
    `na_values=${pythonValue(missing)}`,
    'float_precision="round_trip"',
  ];
}

function fileRows(
  config: FileConfig,
  dataset: Dataset,
  source: DatasetSource,
  reader: (delimiter: string | undefined) => string,
): string {
  const { targetNames, classNames, rows } = dataset;
  const columns = [...new Set(source.inputs.map(({ column }) => column))];
  const weight = dataset.sampleWeight && pythonText(dataset.sampleWeight.column);
  const isDropped = config.missing === 'drop';
  const inputLines = source.inputs.map(({ column, category, mean }) => {
    const cells = `frame[${pythonText(column)}]`;
    if (category !== undefined) return `is_category(${cells}, ${pythonText(category)})`;
    return mean === undefined ? cells : `${cells}.fillna(${cells}.mean())`;
  });
  const hasCategories = source.inputs.some(({ category }) => category !== undefined);
  return [
    `DATA_FILE = ${pythonText(config.file)}`,
    names(dataset),
    `frame = ${reader(source.delimiter)}`,
    config.header === false
      ? 'frame.columns = [f"x{i}" for i in range(frame.shape[1])]'
      : 'frame.columns = [str(name).strip() for name in frame.columns]',
    ...dateLines(config, columns),
    ...(isDropped
      ? [
          `frame = frame.dropna(subset=${pythonList([...[...columns, ...targetNames].map(pythonText), ...(weight === undefined ? [] : [weight])])})`,
        ]
      : []),
    ...(hasCategories ? ['', categoryFunction, ''] : []),
    `inputs = np.column_stack(${pythonLines(inputLines)}).astype(np.float64)`,
    ...roundedColumns('inputs', dataset, ownInputs(dataset)),
    ...productLines(config, dataset),
    classNames
      ? `# Classes are the different values, in their order.\ntargets = np.unique(frame[TARGETS[0]], return_inverse=True)[1].reshape(-1, 1)`
      : 'targets = frame[TARGETS].to_numpy(np.float64)',
    ...(classNames ? [] : roundedColumns('targets', dataset)),
    ...(weight === undefined
      ? []
      : [
          '# What each row counts.',
          `weights = frame[${weight}]${config.missing === 'mean' ? `.fillna(frame[${weight}].mean())` : ''}.to_numpy(np.float32)`,
        ]),
    '',
    '# How many rows the run read, and the first and the last of them.',
    `ends = ${endRows(dataset)}`,
    `assert len(inputs) == ${rows} and np.allclose(np.hstack([inputs, targets])[[0, -1]], ends), \\`,
    '    "pandas reads this file in another way than the run did: see the arguments above"',
  ].join('\n');
}

/** Lines that make days of the columns of dates that a run takes. */
function dateLines(
  { parse_dates = [], date_origin = '1970-01-01', dayfirst = false }: FileConfig,
  used: string[],
): string[] {
  const columns = parse_dates.filter((name) => used.includes(name));
  if (columns.length === 0) return [];
  return [
    '',
    'def days(cells):',
    `    """Days of dates since ${date_origin}."""`,
    '    cells = cells.astype(str).where(cells.notna())',
    dayfirst
      ? '    day_first = True'
      : '    day_first = bool(cells.str.match(r"\\d{1,2}\\.").any())  # as in 31.1.2023',
    '    times = pd.to_datetime(cells, dayfirst=day_first, utc=True)',
    `    return (times - pd.Timestamp(${pythonText(date_origin)}, tz="UTC")) / pd.Timedelta("1D")`,
    '',
    `for name in ${pythonList(columns.map(pythonText))}:`,
    '    frame[name] = days(frame[name])',
    '',
  ];
}

const categoryFunction = `
def is_category(cells, category):
    """1 where a column holds the category and otherwise 0; "nan" stands for empty cells."""
    if category == "nan":
        return cells.isna().astype(float)
    try:
        return (cells == float(category)).astype(float) if cells.dtype != object else (cells.str.strip() == category).astype(float)
    except ValueError:
        return (cells.astype(str) == category).astype(float)
`.trim();

/** Columns whose numbers the run held in float32 before it scaled them. */
function roundedColumns(
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

function endRows(dataset: Dataset): string {
  const ends = Uint32Array.of(0, dataset.rows - 1);
  const [inputs, targets] = [dataset.inputNames.length, dataset.targetNames.length];
  const [x, y] = [rowsAt(dataset, 'inputs', inputs, ends), rowsAt(dataset, 'targets', targets, ends)];
  const row = (i: number) => [
    ...x.subarray(i * inputs, (i + 1) * inputs),
    ...y.subarray(i * targets, (i + 1) * targets),
  ];
  return pythonLines([0, 1].map((i) => pythonList(row(i).map(pythonNumber))));
}
