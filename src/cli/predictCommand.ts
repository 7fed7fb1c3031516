import { open, readFile, type FileHandle } from 'node:fs/promises';
import { formatQuantity } from '../base/format';
import type { Problem } from '../base/problem';
import { readModel, type SavedModel } from '../exports/modelFile';
import { predictFile, type PredictionOutput } from '../exports/predictFile';
import { openFile } from '../worker/openFile';
import { checkOutput } from './checkOutput';
import { UsageError } from './readRunInput';
import { printProblems } from './problemLines';
import { warn } from './say';

/** Predicts the rows of a file, as csv on standard output or in `out`; returns the exit status. */
export async function predictCommand(modelFile: string, dataFile: string, out?: string): Promise<number> {
  if (out !== undefined && !/\.csv$/i.test(out)) throw new UsageError(`--out ${out}: its name must end in .csv`);
  const model = await savedModel(modelFile);
  const source = await openFile(dataFile);
  if (out !== undefined) await checkOutput('--out', out, [dataFile, modelFile]);
  const file = out === undefined ? undefined : new LateFile(out);
  let predicted: Awaited<ReturnType<typeof predictFile>>;
  try {
    predicted = await predictFile(model, source, dataFile, file ?? standardOutput);
  } finally {
    await file?.close();
  }
  if ('problems' in predicted) {
    report(predicted.problems);
    return 2;
  }
  const { notes, rows, unpredicted, faults } = predicted;
  report(notes);
  report(faults);
  if (unpredicted > 0) {
    warn(`${formatQuantity(unpredicted, 'row')} of ${rows} without a prediction; each says why in its note\n`);
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
const standardOutput: PredictionOutput = {
  write: async (text) => {
    if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  },
  restart: () => {
    const reason = 'the file turned out not to be written as its first rows are, after rows were printed';
    throw new Error(`${reason}; write to a file with --out`);
  },
};

/** A file that is there only once something is written to it. */
class LateFile implements PredictionOutput {
  private handle: FileHandle | undefined;

  constructor(private readonly name: string) {}

  async write(text: string): Promise<void> {
    this.handle ??= await open(this.name, 'w');
    await this.handle.writeFile(text);
  }

  async restart(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }
}

function report(problems: readonly Problem[]): void {
  printProblems(problems, { configFile: '' });
}
