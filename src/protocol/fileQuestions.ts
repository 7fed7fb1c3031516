/** What only the host and the command line ask a run's worker for: files that the model makes, and what its data say. */
import type { ExportFormat } from '../base/exportFormats';
import type { Problem } from '../base/problem';
import type { CheckedRun } from './checkedRun';
import type { TrialOutcome } from './fixTrials';
import type { ReadableFile } from './protocol';

/** The numbers of some epochs, not necessarily of each. */
export interface RecordedEpochs {
  /** Numbers of the epochs, from 0, ascending. */
  epoch: Float64Array;
  loss: Float64Array;
  batchLoss: Float64Array;
  /** NaN where there is no split. */
  valLoss: Float64Array;
  lr: Float64Array;
}

/** What to write of a run, and what only the host knows of it. */
export interface ExportQuery {
  format: Exclude<ExportFormat, 'csv'>;
  /** What people call the run. */
  name: string;
  /** Where the run stands, and the model's parameters there. */
  position: { epoch: number; batch: number };
  parameters: Float32Array;
  /** Epochs trained by a run that came to its end by itself; its model may be that of an earlier one. Absent otherwise. */
  ended?: number;
  /** Epochs to draw or to compare with; the last one among them. */
  epochs: RecordedEpochs;
  /** How the run went, in words. */
  verdict: string;
}

/** What to hand over of a run: a part of a folder that trains it under torchrun. */
export interface HandOverQuery extends Omit<ExportQuery, 'format'> {
  /** From 0. */
  part: number;
}

/** Files of a folder, by their path in it, and in how many parts all of them come. */
export interface HandedOver {
  files: { name: string; bytes: Uint8Array }[];
  parts: number;
}

/** Which rows to predict, with which parameters. */
export interface PredictQuery {
  /** What people call the run. */
  name: string;
  parameters: Float32Array;
  file: ReadableFile;
}

/** Predictions for the rows of a file. */
export interface PredictedRows {
  /** The file's columns and the predictions, as csv; absent where the file cannot be used. */
  csv?: Uint8Array;
  rows: number;
  /** Rows that have no prediction; each says why. */
  unpredicted: number;
  /** What is wrong with the file, or with its first rows that have no prediction. */
  problems: Problem[];
}

/** Questions that no view asks. */
export interface FileQuestionKinds {
  /** The bytes of a file that holds the run. */
  export: { asked: { query: ExportQuery }; answer: Uint8Array };
  /** A part of a folder that trains the run elsewhere. */
  handOver: { asked: { query: HandOverQuery }; answer: HandedOver };
  /** Predictions for the rows of another file. */
  predict: { asked: { query: PredictQuery }; answer: PredictedRows };
  /** What the run's rows said before its first step, of the rows that are in memory. */
  analysis: { asked: object; answer: Pick<CheckedRun, 'report' | 'data'> };
  /** What the run's rows come to with another config; null where that cannot be tried. */
  trial: { asked: { query: { configText: string } }; answer: TrialOutcome | null };
}

/** The kinds of questions that no view asks. */
export type FileKind = keyof FileQuestionKinds;

/** A question that no view asks. */
export type FileQuestion = { [Kind in FileKind]: { kind: Kind } & FileQuestionKinds[Kind]['asked'] }[FileKind];
