import { Uri, l10n, workspace } from 'vscode';
import { rateWithin } from '../../advice/suggestTraining';
import { withSlowProgress } from '../base/slowProgress';
import { namedFilesOf } from '../documents/dataFiles';
import type { DatasetInspector } from '../documents/datasetInspector';

/** Bytes of a file up to which its largest stable rate is worked out before the first run. */
const mostMeasured = 20_000_000;

/**
 * A learning rate for a config that is new beside a data file, from the largest stable one of these data. Undefined where
 * that would take long, cannot be worked out, or a person did not wait for it.
 */
export async function measuredRate(
  inspector: DatasetInspector,
  dataUri: Uri,
  configTextFor: (configUri: Uri) => string,
): Promise<number | undefined> {
  if ((await workspace.fs.stat(dataUri)).size > mostMeasured) return undefined;
  const configUri = Uri.joinPath(dataUri, '..', 'new.gd.json');
  const configText = configTextFor(configUri);
  const request = { configText, configFile: configUri.toString(), seed: 0 };
  const checked = await withSlowProgress(l10n.t('Working out a learning rate'), (token) =>
    inspector.check(request, namedFilesOf(configText, configUri), token),
  );
  const limit = checked?.report?.limit.rate;
  return limit === undefined ? undefined : rateWithin(limit);
}
