import * as path from 'node:path';
import type { ConfigInput } from '../../src/config/schema';
import type { EpochRecord } from '../../src/engine/train/trainer';
import type { ExportedRun } from '../../src/exports/exportedRun';
import { chosenEpochs, mostChosen } from '../../src/exports/tables/chosenEpochs';
import type { RecordedEpochs } from '../../src/protocol/fileQuestions';
import { openRun } from '../../src/training/openRun';
import { openFile } from '../../src/worker/openFile';

/** Trains a config whose data file is in `folder`, and gives the run as it is exported. */
export async function exportedRun(config: object, folder = '.', name = 'a'): Promise<ExportedRun> {
  const { dataset } = config as ConfigInput;
  const named = (name: string) => ({ name, path: path.join(folder, name) });
  const second = 'file' in dataset ? dataset.validation_file : undefined;
  const file = 'file' in dataset && { ...named(dataset.file), ...(second && { validation: named(second) }) };
  const request = { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0, ...(file && { file }) };
  const run = await openRun(request, { openFile });
  if ('problems' in run) throw new Error(run.problems[0].message);
  const { trainer } = run;
  const records: EpochRecord[] = [];
  while (!trainer.divergence && !trainer.isStopped && trainer.epoch < run.config.epochs) {
    const record = trainer.advance(Infinity);
    if (record) records.push(record);
  }
  const ended = trainer.divergence ? {} : { ended: trainer.epoch };
  trainer.restoreBest();
  const chosen = [...chosenEpochs(records.length, mostChosen.script)].map((i) => records[i]);
  const { epoch, batch } = trainer;
  const epochs = recordedEpochs(chosen);
  return {
    run,
    parameters: trainer.parts.model.parameters,
    name,
    position: { epoch, batch },
    ...ended,
    epochs,
    verdict: 'It went.',
  };
}

/** Epoch records in columns. */
export function recordedEpochs(records: readonly EpochRecord[]): RecordedEpochs {
  const column = (of: keyof RecordedEpochs) => Float64Array.from(records, (record) => record[of]);
  const [epoch, loss, batchLoss] = [column('epoch'), column('loss'), column('batchLoss')];
  return { epoch, loss, batchLoss, valLoss: column('valLoss'), lr: column('lr') };
}
