import { fileFormat } from '../base/datasetFormats';
import type { FileConfig } from '../config/schema';
import type { Dataset, DatasetSource } from '../engine/dataset';
import { rowsAt } from '../training/exactRows';
import { pythonLines, pythonList, pythonNumber, pythonText, pythonValue } from './python';
import { columnNames, ownInputs, productLines, roundedColumns } from './scriptColumns';

/** How a file is read besides what the config says. */
interface FileReading {
  /** The name in Python of the file's name. */
  name: string;
  file: string;
  delimiter?: string | undefined;
  notation?: DatasetSource['notation'] | undefined;
  /** Whether the file does not name its columns, although the config leaves that open. */
  numbered?: boolean;
  /** Columns of names, which could be read as numbers. */
  texts?: readonly string[];
}

/** Whether pandas reads all files that a config names. */
export function canReadFiles({ file, validation_file: validation }: FileConfig): boolean {
  return [file, validation].every((name) => name === undefined || pandasFormats.has(fileFormat(name)?.format));
}

const pandasFormats = new Set<string | undefined>(['csv', 'tsv', 'json', 'jsonl', 'parquet', 'xlsx']);

/** The call of pandas that reads a file. */
function pandasCall(dataset: FileConfig, { name, file, ...reading }: FileReading): string {
  switch (fileFormat(file)?.format) {
    case 'json':
      return `pd.read_json(${name})`;
    case 'jsonl':
      return `pd.read_json(${name}, lines=True)`;
    case 'parquet':
      return `pd.read_parquet(${name})`;
    case 'xlsx':
      return `pd.read_excel(${name}, sheet_name=${pythonValue(dataset.sheet ?? 0)}${reading.numbered ? ', header=None' : ''})`;
    default:
      return `pd.read_csv(${name}, ${csvOptions(dataset, reading).join(', ')})`;
  }
}

function csvOptions(
  dataset: FileConfig,
  { delimiter, notation, numbered = false, texts = [] }: Omit<FileReading, 'name' | 'file'>,
): string[] {
  const { decimal, thousands, comment, skiprows, header, encoding, na_values } = dataset;
  const sep =
    delimiter === undefined || delimiter === ','
      ? []
      : [`sep=${delimiter.length > 1 ? 'r"\\s+"' : pythonText(delimiter)}`];
  const numbers = { decimal: decimal ?? notation?.decimal, thousands: thousands ?? notation?.thousands };
  const given = { ...numbers, comment, skiprows, encoding };
  const options = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${pythonValue(value)}`],
  );
  const missing = ['?', ...(na_values === undefined ? [] : [na_values].flat())];
  return [
    ...sep,
    ...options,
    ...(header === false || numbered ? ['header=None'] : typeof header === 'number' ? [`header=${header}`] : []),
    'skipinitialspace=True',
    `na_values=${pythonValue(missing)}`,
    'float_precision="round_trip"',
    ...(texts.length > 0 ? [`dtype={${texts.map((name) => `${pythonText(name)}: str`).join(', ')}}`] : []),
  ];
}

/** Lines that read the rows of the files that a config names. */
export function fileRows(config: FileConfig, dataset: Dataset, source: DatasetSource): string {
  const { targetNames, classNames, rows, validationRows } = dataset;
  const train = rows - (validationRows ?? 0);
  // Means are those of the rows to train on.
  const known = validationRows === undefined ? '' : `[:${train}]`;
  const columns = [...new Set(source.inputs.map(({ column }) => column))];
  const weight = dataset.sampleWeight && pythonText(dataset.sampleWeight.column);
  const isDropped = config.missing === 'drop';
  const places = validationRows === undefined ? [0, -1] : [0, train - 1, train, -1];
  const inputLines = source.inputs.map(({ column, category, mean }) => {
    const cells = `frame[${pythonText(column)}]`;
    if (category !== undefined) return `is_category(${cells}, ${pythonText(category)})`;
    return mean === undefined ? cells : `${cells}.fillna(${cells}${known}.mean())`;
  });
  const hasCategories = source.inputs.some(({ category }) => category !== undefined);
  return [
    `DATA_FILE = ${pythonText(config.file)}`,
    columnNames(dataset),
    `frame = ${pandasCall(config, { name: 'DATA_FILE', file: config.file, delimiter: source.delimiter, notation: source.notation })}`,
    config.header === false
      ? 'frame.columns = [f"x{i}" for i in range(frame.shape[1])]'
      : 'frame.columns = [str(name).strip() for name in frame.columns]',
    ...validationLines(config, dataset, source),
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
          `weights = frame[${weight}]${config.missing === 'mean' ? `.fillna(frame[${weight}]${known}.mean())` : ''}.to_numpy(np.float32)`,
        ]),
    '',
    '# How many rows the run read, and the first and the last of them.',
    `ends = ${endRows(dataset, places)}`,
    `assert len(inputs) == ${rows} and np.allclose(np.hstack([inputs, targets])[${pythonList(places.map(String))}], ends), \\`,
    '    "pandas reads this file in another way than the run did: see the arguments above"',
  ].join('\n');
}

/** Lines that put the rows of the validation set below those to train on. */
function validationLines(config: FileConfig, { classNames, targetNames }: Dataset, source: DatasetSource): string[] {
  const { validation } = source;
  if (config.validation_file === undefined || !validation) return [];
  const ofTexts = source.inputs.filter(({ category }) => category !== undefined && !isNumber(category));
  const texts = [...new Set(ofTexts.map(({ column }) => column))];
  if (classNames?.some((name) => !isNumber(name))) texts.push(targetNames[0]);
  const { notation } = source;
  const named = { name: 'VALIDATION_FILE', file: config.validation_file, notation };
  const reading = { ...named, texts: validation.byOrder ? [] : texts };
  return [
    '',
    '# The rows of the validation set come below those to train on.',
    `VALIDATION_FILE = ${pythonText(config.validation_file)}`,
    `held_out = ${pandasCall(config, { ...reading, ...validation })}`,
    validation.byOrder
      ? 'held_out.columns = frame.columns'
      : 'held_out.columns = [str(name).strip() for name in held_out.columns]',
    'frame = pd.concat([frame, held_out], ignore_index=True)',
  ];
}

function isNumber(name: string): boolean {
  return name === 'nan' || !Number.isNaN(Number(name));
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

function endRows(dataset: Dataset, places: readonly number[]): string {
  const ends = Uint32Array.from(places, (place) => (place < 0 ? dataset.rows - 1 : place));
  const [inputs, targets] = [dataset.inputNames.length, dataset.targetNames.length];
  const [x, y] = [rowsAt(dataset, 'inputs', inputs, ends), rowsAt(dataset, 'targets', targets, ends)];
  const row = (i: number) => [
    ...x.subarray(i * inputs, (i + 1) * inputs),
    ...y.subarray(i * targets, (i + 1) * targets),
  ];
  return pythonLines(places.map((_, i) => pythonList(row(i).map(pythonNumber))));
}
