import { open, readFile, type FileHandle } from 'node:fs/promises';
import { formatQuantity } from '../base/format';
import { formatProblem, type Problem } from '../base/problem';
import { readModel, type SavedModel } from '../exports/modelFile';
import { predictFile } from '../exports/predictFile';
import { openFile } from '../worker/openFile';
import { UsageError } from './readRunInput';

/** Predicts the rows of a file, as csv on standard output or in `out`; returns the exit status. */
export async function predictCommand(modelFile: string, dataFile: string, out?: string): Promise<number> {
  if (out !== undefined && !/\.csv$/i.test(out)) throw new UsageError(`--out ${out}: its name must end in .csv`);
  const model = await savedModel(modelFile);
  const predicted = await predictFile(model, await openFile(dataFile), dataFile);
  if ('problems' in predicted) {
    report(predicted.problems);
    return 2;
  }
  report(predicted.notes);
  const file = out === undefined ? undefined : await open(out, 'w');
  try {
    for (const piece of predicted.pieces) await write(piece, file);
  } finally {
    await file?.close();
  }
  const { rows, unpredicted, faults } = predicted.result;
  report(faults);
  if (unpredicted > 0) {
    process.stderr.write(
      `${formatQuantity(unpredicted, 'row')} of ${rows} without a prediction; each says why in its note\n`,
    );
  }
  return 0;
}

async function savedModel(modelFile: string): Promise<SavedModel> {
  try {
    return readModel(await readFile(modelFile));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${modelFile} cannot be used as a model: ${reason}`, { cause: error });
  }
}

/** Waits where whoever reads is slower. */
async function write(text: string, file: FileHandle | undefined): Promise<void> {
  if (file) await file.write(text);
  else if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

function report(problems: readonly Problem[]): void {
  process.stderr.write(problems.map((problem) => formatProblem(problem) + '\n').join(''));
}
