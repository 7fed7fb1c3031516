import { joinedBytes } from '../base/joinedBytes';
import type { ReadWatch } from '../data/bytes/byteSource';
import type { FileQuestion, PredictQuery, PredictedRows } from '../protocol/fileQuestions';
import type { Answer } from '../protocol/questions';
import { openSource, type OpenedRun, type OpeningPlace } from '../training/openRun';
import { exportRun } from './exportRun';
import { readModel, writeModel } from './modelFile';
import { predictFile } from './predictFile';
import { utf8Bytes } from '../base/utf8';

/** Where files are opened, and what lets messages through while one is read. */
export interface FilePlace {
  openFile?: OpeningPlace['openFile'];
  turn: NonNullable<ReadWatch['turn']>;
}

/** Answers a question for a file that a run's model makes. */
export async function answerWithFile(
  run: OpenedRun,
  question: Exclude<FileQuestion, { kind: 'handOver' | 'analysis' | 'trial' }>,
  place: FilePlace,
): Promise<Answer<'export' | 'predict'>> {
  if (question.kind === 'predict') return predictRows(run, question.query, place);
  return exportRun(question.query.format, { ...question.query, run });
}

/** Predicts with the model as it would be saved, so that a saved one predicts the same. */
async function predictRows(
  run: OpenedRun,
  { name, parameters, file }: PredictQuery,
  { openFile, turn }: FilePlace,
): Promise<PredictedRows> {
  const model = readModel(writeModel({ run, name, parameters }));
  const source = await openSource(file, openFile);
  const pieces: Uint8Array[] = [];
  const output = {
    write: (text: string) => void pieces.push(utf8Bytes(text)),
    restart: () => void pieces.splice(0),
  };
  const predicted = await predictFile(model, source.content, source.name, output, { turn });
  if ('problems' in predicted) return { rows: 0, unpredicted: 0, problems: predicted.problems };
  const { rows, unpredicted, faults } = predicted;
  return { csv: joinedBytes(pieces), rows, unpredicted, problems: faults };
}
