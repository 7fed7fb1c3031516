import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { verdictOf } from '../advice/verdicts/verdict';
import { exportFormat, exportFormats, type ExportFormat } from '../base/exportFormats';
import { chosenEpochs, mostChosen } from '../exports/tables/chosenEpochs';
import { epochLines, epochsHeader } from '../exports/tables/epochsCsv';
import { hasFinished, trainedEpochs } from '../protocol/state';
import type { EpochColumns } from '../protocol/history';
import type { ExportQuery, RecordedEpochs } from '../protocol/fileQuestions';
import { checkOutput, filesOf } from './checkOutput';
import { printProblems } from './problemLines';
import { UsageError, type RunInput } from './readRunInput';
import { trainRun, type TrainedRun } from './trainedRun';

/** Trains, and writes what the ending of `to` says; returns the exit status. */
export async function exportCommand(request: RunInput, to: string): Promise<number> {
  const format = exportFormat(to);
  if (!format) {
    const endings = Object.keys(exportFormats).map((ending) => `.${ending}`);
    throw new UsageError(`--to ${to}: its name must end in one of ${endings.join(', ')}`);
  }
  await checkOutput('--to', to, filesOf(request));
  const pieces: EpochColumns[] = [];
  const trained = await trainRun(request, (event) => {
    if (event.type === 'opened') printProblems(event.notes ?? [], request);
    if (event.type === 'progress') pieces.push(event.progress.records);
  });
  if (!trained) return 2;
  if (format === 'csv') await writeEpochs(pieces, (trained.state.shape?.validationRows ?? 0) > 0, to);
  else await saveRun(trained, request, format, to, pieces);
  return trained.exitStatus;
}

/** Trains, and writes a folder that does the same under torchrun; returns the exit status. */
export async function handOverCommand(request: RunInput, folder: string): Promise<number> {
  const there = await readdir(folder).catch(() => []);
  // Shards of another run would be read as rows of this one.
  if (there.length > 0) throw new UsageError(`--to torchrun ${folder}: the folder is not empty`);
  const pieces: EpochColumns[] = [];
  const trained = await trainRun(request, (event) => {
    if (event.type === 'opened') printProblems(event.notes ?? [], request);
    if (event.type === 'progress') pieces.push(event.progress.records);
  });
  if (!trained) return 2;
  const query = queryOf(trained, request, pieces, mostChosen.script);
  for (let part = 0, parts = 1; part < parts; part++) {
    const handedOver = await trained.ask({ kind: 'handOver', query: { ...query, part } });
    ({ parts } = handedOver);
    for (const { name, bytes } of handedOver.files) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
  }
  return trained.exitStatus;
}

/** Writes a run to a file. @param pieces all its epochs, in order; formats that hold a model alone need none. */
export async function saveRun(
  trained: TrainedRun,
  request: RunInput,
  format: Exclude<ExportFormat, 'csv'>,
  to: string,
  pieces: readonly EpochColumns[] = [],
): Promise<void> {
  const most = format === 'py' || format === 'ipynb' ? mostChosen.script : mostChosen.picture;
  const query = { ...queryOf(trained, request, pieces, most), format };
  await writeFile(to, await trained.ask({ kind: 'export', query }));
}

/** What is written of a run. @param most how many of its epochs. */
function queryOf(
  { state }: TrainedRun,
  { configFile, madeFor }: RunInput,
  pieces: readonly EpochColumns[],
  most: number,
): Omit<ExportQuery, 'format'> {
  const { epoch, batch } = state.checkpoint;
  return {
    name: path.basename(madeFor ?? configFile).replace(/\.gd\.json$/i, ''),
    position: { epoch, batch },
    ...(hasFinished(state.status) && { ended: trainedEpochs(state) }),
    parameters: state.checkpoint.parameters,
    epochs: epochsOf(pieces, most),
    verdict: verdictOf(state).sentence,
  };
}

async function writeEpochs(pieces: readonly EpochColumns[], hasValidation: boolean, to: string): Promise<void> {
  const file = await open(to, 'w');
  try {
    await file.writeFile(epochsHeader(hasValidation));
    for (const piece of pieces) {
      const epoch = Float64Array.from(piece.loss, (_, i) => piece.first + i);
      await file.writeFile(epochLines({ ...piece, epoch }, hasValidation));
    }
  } finally {
    await file.close();
  }
}

/** Some of a run's epochs, evenly. */
function epochsOf(pieces: readonly EpochColumns[], most: number): RecordedEpochs {
  const total = pieces.reduce((sum, { loss }) => sum + loss.length, 0);
  const epoch = chosenEpochs(total, most);
  const column = (name: 'loss' | 'batchLoss' | 'valLoss' | 'lr') => {
    let at = 0;
    return epoch.map((number) => {
      while (number >= pieces[at].first + pieces[at].loss.length) at++;
      return pieces[at][name][number - pieces[at].first];
    });
  };
  return { epoch, loss: column('loss'), batchLoss: column('batchLoss'), valLoss: column('valLoss'), lr: column('lr') };
}
