import { l10n, window } from 'vscode';
import { formatCount, formatQuantity } from '../../base/format';
import { datasetExtensions } from '../../base/datasetFormats';
import { formatProblem } from '../../base/problem';
import { runName } from '../../protocol/state';
import { plainText } from '../base/plainText';
import { withSlowProgress } from '../base/slowProgress';
import { readContent } from '../documents/dataFiles';
import type { TrainingRun } from '../runs/trainingRun';
import { askWhereToSave, saveAndOffer } from './saveFile';

/** Asks for a file of the same columns, and writes its rows with what the run's model predicts for them. */
export async function predictWith(run: TrainingRun): Promise<void> {
  const name = runName(run.state);
  const title = l10n.t('Predict with {0}', name);
  const filters = { [l10n.t('Data')]: [...datasetExtensions, 'gz'] };
  const [data] = (await window.showOpenDialog({ title, filters, openLabel: l10n.t('Predict') })) ?? [];
  if (!data) return;
  const fileName = data.path.slice(data.path.lastIndexOf('/') + 1);
  const file = await readContent(data);
  if (!file) throw new Error(l10n.t('{0} no longer exists.', fileName));
  const { parameters } = run.state.checkpoint;
  const predicted = await withSlowProgress(plainText(l10n.t('Predicting {0}', fileName)), () =>
    run.ask({ kind: 'predict', query: { name, parameters, file } }),
  );
  if (!predicted) return;
  const { csv, rows, unpredicted, problems } = predicted;
  const fault = problems.find(({ severity }) => severity === 'error');
  if (!csv) throw new Error(fault ? formatProblem(fault) : l10n.t('{0} cannot be read.', fileName));
  const uri = await askWhereToSave(
    run,
    l10n.t('Save Predictions'),
    `${fileName.replace(/\.[^.]+$/, '')}-predictions.csv`,
    'csv',
  );
  if (!uri) return;
  const note =
    unpredicted === 0
      ? ''
      : l10n.t(
          '{0} of {1} without a prediction; each says why in its note. The first: {2}',
          formatQuantity(unpredicted, 'row'),
          formatCount(rows),
          fault ? formatProblem(fault) : '',
        );
  await saveAndOffer(uri, csv, note);
}
