import type { Problem, TextRange } from '../base/problem';
import type { PassedColumn, PassedRow, RowSink } from '../data/table/rowSink';
import { rowOutputs, type RowOutputs } from '../engine/kernels/rowOutputs';
import { linked } from '../engine/nn/links';
import { toPredictions } from '../protocol/outputs';
import type { SavedModel } from './modelFile';
import { inputReaders, missingColumns, otherSigns, type InputReader, type RowFault } from './modelInputs';
import type { PredictionOutput } from './predictFile';
import { csvLine } from './tables/delimitedText';

/** Rows that are predicted at a time. */
const chunk = 4096;
/** Of most rows. */
const none: readonly RowFault[] = [];
/** Faults that are listed with their places; each row's own are in its answer too. */
const listedFaults = 100;

/** Predicts rows as they are read, and holds their text until it is written. */
export class RowPredictor implements RowSink {
  /** A problem for each column that the model needs and the file does not have, or has in another unit. */
  missing: Problem[] = [];
  rows = 0;
  unpredicted = 0;
  faults: Problem[] = [];
  private width = 0;
  private readers: InputReader[] = [];
  private readonly outputs: RowOutputs;
  /** Of the rows that are not predicted yet: what the file says, and what is wrong. */
  private lines: string[] = [];
  private notes: (readonly RowFault[])[] = [];
  /** Of the row at hand. */
  private readonly found: RowFault[] = [];
  private pieces: string[] = [];
  private hasWritten = false;
  private isAnew = false;

  constructor(
    private readonly model: SavedModel,
    readonly fileName: string,
  ) {
    this.outputs = rowOutputs(model.model, chunk);
  }

  /** Begins again. */
  forget(): void {
    [this.missing, this.faults, this.lines, this.notes, this.pieces] = [[], [], [], [], []];
    [this.rows, this.unpredicted] = [0, 0];
    this.isAnew = this.hasWritten;
  }

  begin(columns: readonly PassedColumn[], place: TextRange): boolean {
    this.forget();
    const { model, fileName } = this;
    const names = columns.map(({ name }) => name);
    const refuse = (message: string, code: string): Problem => {
      return { file: fileName, ...place, severity: 'error', message, code };
    };
    const has = names.map((name) => JSON.stringify(name)).slice(0, 20);
    this.missing = missingColumns(model, names).map((name) =>
      refuse(`the model needs a column ${JSON.stringify(name)}; the file has ${has.join(', ')}`, 'missing-column'),
    );
    this.missing.push(...otherSigns(model, columns).map((message) => refuse(message, 'other-sign')));
    if (this.missing.length > 0) return false;
    this.width = names.length;
    this.readers = inputReaders(model, names);
    this.pieces.push(csvLine([...names, ...predictedNames(model, names)]) + '\n');
    return true;
  }

  take(row: PassedRow): void {
    const at = this.lines.length * this.model.inputs.length;
    this.found.length = 0;
    for (const read of this.readers) read(row, this.outputs.inputs, at, this.found);
    const faults = this.found.length > 0 ? [...this.found] : none;
    this.rows++;
    if (faults.some(({ isFatal }) => isFatal)) this.unpredicted++;
    for (const fault of faults) this.list(fault, row);
    this.lines.push(row.asWritten() ?? csvLine(Array.from({ length: this.width }, (_, i) => row.text(i))));
    this.notes.push(faults);
    if (this.lines.length === chunk) this.finish();
  }

  /** Predicts the rows that wait. */
  finish(): void {
    const { lines, notes, outputs, model } = this;
    const answers = answersOf(model, outputs.of(lines.length, model.parameters));
    const unanswered = ','.repeat(answers.length);
    let text = '';
    lines.forEach((line, row) => {
      const faults = notes[row];
      text += line;
      if (faults.some(({ isFatal }) => isFatal)) text += unanswered;
      else for (const answer of answers) text += `,${answer(row)}`;
      text += faults.length === 0 ? ',\n' : `,${csvLine([faults.map(({ message }) => message).join('; ')])}\n`;
    });
    this.pieces.push(text);
    [this.lines, this.notes] = [[], []];
  }

  /** Writes what was predicted since the last time. */
  async writeTo(output: PredictionOutput): Promise<void> {
    if (this.isAnew) await output.restart();
    this.isAnew = false;
    // A file that is not the right one says so before anything of it is written.
    const pieces = this.rows === 0 ? [] : this.pieces.splice(0);
    for (const piece of pieces) await output.write(piece);
    this.hasWritten ||= pieces.length > 0;
  }

  private list({ column, message, isFatal }: RowFault, row: PassedRow): void {
    if (this.faults.length >= listedFaults) return;
    const { fileName, rows } = this;
    const severity = isFatal ? 'error' : 'warning';
    const place = row.place(column);
    this.faults.push({ file: fileName, ...place, severity, message: `row ${rows}: ${message}`, code: 'prediction' });
  }
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

/** Columns of answers by row, as csv: a prediction for each target; of a class, its name and then the probability of each. */
function answersOf(model: SavedModel, single: Float32Array): ((row: number) => string | number)[] {
  const { loss, link, classNames, exactTargets, targetScaling } = model;
  const width = (classNames ?? model.targets).length;
  const probabilities = classNames ? linked(link, single, width) : undefined;
  const scaling = { offset: Float64Array.from(targetScaling.offset), scale: Float64Array.from(targetScaling.scale) };
  const predictions = toPredictions(exactTargets ? Float64Array.from(single) : single, loss, width, scaling);
  const each = Array.from({ length: width }, (_, i) => i);
  if (!classNames || !probabilities) return each.map((i) => (row) => predictions[row * width + i]);
  const names = classNames.map((name) => csvLine([name]));
  return [(row) => names[predictions[row]], ...each.map((i) => (row: number) => probabilities[row * width + i])];
}
