import { l10n, window, type QuickPickItem } from 'vscode';
import { exportFormats, type ExportFormat } from '../../base/exportFormats';
import { joinedBytes } from '../../base/joinedBytes';
import { mostChosen } from '../../exports/tables/chosenEpochs';
import { epochLines, epochsHeader } from '../../exports/tables/epochsCsv';
import { utf8Bytes } from '../../base/utf8';
import { runName } from '../../protocol/state';
import { withSlowProgress } from '../base/slowProgress';
import { plainText } from '../base/plainText';
import type { TrainingRun } from '../runs/trainingRun';
import { exportQuery } from './exportQuery';
import { askWhereToSave, saveAndOffer } from './saveFile';

/** Epochs that are written at a time: what takes a few milliseconds. */
const block = 4096;

/** Asks what to write of a run and where to, and writes it. */
export async function exportRun(run: TrainingRun): Promise<void> {
  const name = runName(run.state);
  const format = await askFormat(name);
  if (!format) return;
  const uri = await askWhereToSave(run, l10n.t('Export {0}', name), `${name}.${format}`, format);
  if (!uri) return;
  const bytes = await withSlowProgress(plainText(l10n.t('Exporting {0}', name)), () =>
    format === 'csv' ? epochsCsv(run) : askedFile(run, format),
  );
  if (bytes) await saveAndOffer(uri, bytes);
}

async function askFormat(name: string): Promise<ExportFormat | undefined> {
  const items = Object.entries(exportFormats).map(([format, { title, description }]) => {
    const item: QuickPickItem = { label: l10n.t(title), description: `.${format}`, detail: l10n.t(description) };
    return { ...item, format: format as ExportFormat };
  });
  const chosen = await window.showQuickPick(items, { title: l10n.t('Export {0}', plainText(name)) });
  return chosen?.format;
}

/** Every epoch, from memory or from the run's record, a block at a time. */
async function epochsCsv(run: TrainingRun): Promise<Uint8Array> {
  const hasValidation = (run.state.shape?.validationRows ?? 0) > 0;
  const total = run.state.history.length;
  const parts = [utf8Bytes(epochsHeader(hasValidation))];
  for (let first = 0; first < total; first += block) {
    const columns = await run.ask({
      kind: 'epochs',
      query: { first, count: Math.min(block, total - first), exact: true },
    });
    const epoch = Float64Array.from(columns.loss, (_, i) => columns.first + i);
    parts.push(utf8Bytes(epochLines({ ...columns, epoch }, hasValidation)));
    // Messages that wait get through.
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
  return joinedBytes(parts);
}

async function askedFile(run: TrainingRun, format: Exclude<ExportFormat, 'csv'>): Promise<Uint8Array> {
  const most = format === 'py' || format === 'ipynb' ? mostChosen.script : mostChosen.picture;
  return run.ask({ kind: 'export', query: { ...(await exportQuery(run, most)), format } });
}
