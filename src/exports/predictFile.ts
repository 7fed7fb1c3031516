import { readOptionsOf } from '../config/readOptions';
import type { DataSource, ReadWatch } from '../data/bytes/byteSource';
import { readTable } from '../data/readTable';
import type { ReadOptions } from '../data/table/table';
import type { Problem } from '../base/problem';
import type { SavedModel } from './modelFile';
import { RowPredictor } from './rowPredictor';

/** Takes a csv text of predictions, a piece at a time. */
export interface PredictionOutput {
  write(text: string): Promise<void> | void;
  /** Forgets what was written, because the file is read anew in another way. May reject where that cannot be. */
  restart(): Promise<void> | void;
}

/** What was found while a file was predicted. */
export interface PredictedFile {
  /** Notes on how the file was read, and rows that could not be. */
  notes: Problem[];
  rows: number;
  /** Rows without a prediction; each says why in its note. */
  unpredicted: number;
  /** The first faults, at their places. */
  faults: Problem[];
}

/**
 * Writes the rows of a file with what a model predicts for them, or says what keeps it from being read: the file's columns,
 * then the predictions, then what is to be said of the row. Delimited text is never in memory as a whole.
 */
export async function predictFile(
  model: SavedModel,
  source: DataSource,
  fileName: string,
  output: PredictionOutput,
  watch: ReadWatch = {},
): Promise<PredictedFile | { problems: Problem[] }> {
  const { dataset } = model.config;
  const predictor = new RowPredictor(model, fileName);
  const writings = new Map(model.inputs.flatMap(({ column, writing }) => (writing ? [[column, writing]] : [])));
  const trained = { ...('file' in dataset && readOptionsOf(dataset)), writings };
  let problems = await predictRows(predictor, source, trained, output, watch);
  if (predictor.rows === 0) {
    // It may be written in another way than the file that was trained on.
    const { naValues, encoding, dates } = trained;
    const free = { writings, ...(naValues && { naValues }), ...(encoding && { encoding }), ...(dates && { dates }) };
    const again = await predictRows(predictor, source, free, output, watch);
    if (predictor.rows > 0 || predictor.missing.length === 0) problems = again;
  }
  if (predictor.missing.length > 0) return { problems: predictor.missing };
  const { rows, unpredicted, faults } = predictor;
  return rows === 0 ? { problems } : { notes: problems, rows, unpredicted, faults };
}

/** Reads a file in one way; returns what is wrong with it. @throws what the output throws */
async function predictRows(
  predictor: RowPredictor,
  source: DataSource,
  options: ReadOptions,
  output: PredictionOutput,
  watch: ReadWatch,
): Promise<Problem[]> {
  let failure: { error: unknown } | undefined;
  const drain = async () => {
    try {
      await predictor.writeTo(output);
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const turn = async () => {
    await drain();
    await watch.turn?.();
  };
  predictor.forget();
  const { problems } = await readTable(source, predictor.fileName, { ...options, sink: predictor }, { ...watch, turn });
  // A reader takes what the output throws for a fault of the file.
  if (failure) throw failure.error;
  predictor.finish();
  await drain();
  return problems;
}
