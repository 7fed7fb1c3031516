import { verdictOf } from '../../advice/verdicts/verdict';
import { chosenEpochs } from '../../exports/tables/chosenEpochs';
import type { ExportQuery, RecordedEpochs } from '../../protocol/fileQuestions';
import { mostExactEpochs } from '../../protocol/questions';
import { hasFinished, trainedEpochs } from '../../protocol/state';
import type { TrainingRun } from '../runs/trainingRun';

/** What is written of a run, as it stands now. @param most how many of its epochs. */
export async function exportQuery(run: TrainingRun, most: number): Promise<Omit<ExportQuery, 'format'>> {
  const { identity, checkpoint, history, status } = run.state;
  const { epoch, batch, parameters } = checkpoint;
  // A run that was taken back knows epochs beyond where it stands.
  const trained = trainedEpochs(run.state);
  const epochs = await someEpochs(run, chosenEpochs(Math.min(trained, history.length), most));
  // Judged by the whole history, which is there once epochs were asked for.
  const verdict = verdictOf(run.state).sentence;
  return {
    ...{ name: identity.name, position: { epoch, batch }, parameters, epochs, verdict },
    ...(hasFinished(status) && { ended: trained }),
  };
}

/** The exact numbers of some epochs. */
async function someEpochs(run: TrainingRun, epoch: Float64Array): Promise<RecordedEpochs> {
  const empty = () => new Float64Array(epoch.length);
  const found: RecordedEpochs = { epoch, loss: empty(), batchLoss: empty(), valLoss: empty(), lr: empty() };
  const end = (epoch.at(-1) ?? -1) + 1;
  const all = end <= mostExactEpochs ? await exactEpochs(run, 0, end) : undefined;
  for (let i = 0; i < epoch.length; i++) {
    const columns = all ?? (await exactEpochs(run, epoch[i], 1));
    const at = epoch[i] - columns.first;
    for (const name of ['loss', 'batchLoss', 'valLoss', 'lr'] as const) found[name][i] = columns[name][at];
  }
  return found;
}

function exactEpochs(run: TrainingRun, first: number, count: number) {
  return run.ask({ kind: 'epochs', query: { first, count, exact: true } });
}
