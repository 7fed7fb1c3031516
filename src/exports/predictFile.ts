import { readOptionsOf } from '../config/readOptions';
import type { DataSource, ReadWatch } from '../data/bytes/byteSource';
import { readTable } from '../data/readTable';
import type { ReadOptions, Table } from '../data/table/table';
import type { Problem } from '../base/problem';
import { predictRows } from '../engine/nn/predictRows';
import { linked } from '../engine/nn/links';
import type { Numbers } from '../engine/numbers';
import { toPredictions } from '../protocol/outputs';
import type { SavedModel } from './modelFile';
import { inputReaders, missingColumns, type RowFault } from './modelInputs';
import { csvLine } from './tables/delimitedText';

/** Rows that are predicted at a time. */
const chunk = 4096;
/** Faults that are listed with their places; each row's own are in its answer too. */
const listedFaults = 100;

/** Rows of a file with what a model predicts for them. */
export interface PredictedFile {
  /** Pieces of a csv text: the file's columns, then the predictions, then what is to be said of the row. */
  pieces: Iterable<string>;
  /** Notes on how the file was read. */
  notes: Problem[];
  /** Filled while the pieces are taken: rows, those without a prediction, and the first faults at their places. */
  result: { rows: number; unpredicted: number; faults: Problem[] };
}

/** Predicts the rows of a file, or says what keeps it from being read. */
export async function predictFile(
  model: SavedModel,
  source: DataSource,
  fileName: string,
  watch: ReadWatch = {},
): Promise<PredictedFile | { problems: Problem[] }> {
  const { dataset } = model.config;
  const trained = 'file' in dataset ? readOptionsOf(dataset) : {};
  let read = await readRows(model, source, fileName, trained, watch);
  if (!('table' in read) || missingColumns(model, read.table).length > 0) {
    // It may be written in another way than the file that was trained on.
    const { naValues, encoding, dates } = trained;
    const free = { ...(naValues && { naValues }), ...(encoding && { encoding }), ...(dates && { dates }) };
    const again = await readRows(model, source, fileName, free, watch);
    if ('table' in again) read = again;
  }
  if (!('table' in read)) return read;
  const { table, rows, notes } = read;
  const missing = missingColumns(model, table);
  if (missing.length > 0) {
    const has = table.columns.map(({ name }) => JSON.stringify(name)).slice(0, 20);
    const problems = missing.map((name): Problem => {
      const message = `the model needs a column ${JSON.stringify(name)}; the file has ${has.join(', ')}`;
      return { file: fileName, ...table.cell(-1, 0).range, severity: 'error', message, code: 'missing-column' };
    });
    return { problems };
  }
  const result: PredictedFile['result'] = { rows: table.rows, unpredicted: 0, faults: [] };
  return { pieces: predictedPieces(model, table, rows, result), notes, result };
}

async function readRows(
  model: SavedModel,
  source: DataSource,
  fileName: string,
  options: ReadOptions,
  watch: ReadWatch,
): Promise<{ table: Table; rows: string[]; notes: Problem[] } | { problems: Problem[] }> {
  const rows: string[] = [];
  const texts = model.inputs.filter(({ category }) => category !== undefined).map(({ column }) => column);
  const eachRow = (cells: string[]) => void rows.push(csvLine(cells));
  const scaled = model.config.dataset.scale !== 'none';
  const { table, problems } = await readTable(source, fileName, { ...options, texts, scaled, eachRow }, watch);
  // Rows that do not fit the header are errors; they are told, and the others predicted.
  return table ? { table, rows, notes: problems } : { problems };
}

function* predictedPieces(
  model: SavedModel,
  table: Table,
  rows: string[],
  result: PredictedFile['result'],
): Generator<string> {
  const names = table.columns.map(({ name }) => name);
  yield csvLine([...names, ...predictedNames(model, names)]) + '\n';
  const readers = inputReaders(model, table);
  const width = readers.length;
  const { offset, scale } = model.inputScaling;
  for (let start = 0; start < table.rows; start += chunk) {
    const count = Math.min(chunk, table.rows - start);
    const inputs = new Float32Array(count * width);
    const faults = new Map<number, RowFault[]>();
    for (let row = 0; row < count; row++) {
      const hear = (fault: RowFault) => void faults.set(row, [...(faults.get(row) ?? []), fault]);
      readers.forEach((read, i) => (inputs[row * width + i] = (read(start + row, hear) - offset[i]) / scale[i]));
    }
    const answers = predict(model, inputs);
    let text = '';
    for (let row = 0; row < count; row++) {
      const own = faults.get(row) ?? [];
      const isUnpredicted = own.some(({ isFatal }) => isFatal);
      if (isUnpredicted) result.unpredicted++;
      for (const fault of own) list(fault, start + row, table, result);
      const answer = answers.map((column) => (isUnpredicted ? '' : column[row]));
      text += `${rows[start + row]},${csvLine([...answer, own.map(({ message }) => message).join('; ')])}\n`;
    }
    yield text;
  }
}

function list({ column, message, isFatal }: RowFault, row: number, table: Table, { faults }: PredictedFile['result']) {
  if (faults.length >= listedFaults) return;
  const { range } = table.cell(row, column);
  const severity = isFatal ? 'error' : 'warning';
  faults.push({ file: table.fileName, ...range, severity, message: `row ${row + 1}: ${message}`, code: 'prediction' });
}

/** Names of the columns that are added; none is the name of one that the file has. */
function predictedNames({ targets, classNames }: SavedModel, taken: readonly string[]): string[] {
  const wanted = [
    ...targets.map((name) => `predicted ${name}`),
    ...(classNames ?? []).map((name) => `probability of ${name}`),
    'note',
  ];
  const known = new Set(taken);
  return wanted.map((name) => {
    let free = name;
    for (let i = 2; known.has(free); i++) free = `${name} ${i}`;
    known.add(free);
    return free;
  });
}

/** Columns of answers: a prediction for each target; of a class, its name and then the probability of each. */
function predict(model: SavedModel, inputs: Float32Array): (string | number)[][] {
  const { parameters, loss, link, classNames, exactTargets, targetScaling } = model;
  const rows = Uint32Array.from({ length: inputs.length / model.inputs.length }, (_, row) => row);
  const single = predictRows(model.model.layers, parameters, inputs, rows);
  const outFeatures = single.length / rows.length;
  const probabilities = classNames ? linked(link, single, outFeatures) : undefined;
  const scaling = { offset: Float64Array.from(targetScaling.offset), scale: Float64Array.from(targetScaling.scale) };
  const predictions = toPredictions(exactTargets ? Float64Array.from(single) : single, loss, outFeatures, scaling);
  if (!classNames || !probabilities) return columnsOf(predictions, outFeatures);
  return [Array.from(predictions, (value) => classNames[value]), ...columnsOf(probabilities, outFeatures)];
}

function columnsOf(numbers: Numbers, width: number): number[][] {
  const rows = numbers.length / width;
  return Array.from({ length: width }, (_, i) => Array.from({ length: rows }, (_, row) => numbers[row * width + i]));
}
