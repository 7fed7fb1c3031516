import { l10n, window, workspace, type LogOutputChannel, type Uri } from 'vscode';
import { runName, takeSnapshot, type RunState } from '../../protocol/state';
import { plainText } from '../base/plainText';
import { withSlowProgress } from '../base/slowProgress';
import { askWhereToSave } from './saveFile';
import { FileGone, type RecordFolder } from '../records/recordFolder';
import { eventsOf, recordName } from '../records/runRecord';
import { encodeRecord, packRuns, sentEnding, sentLimits, unpackRuns, type SentRun } from '../records/sentRuns';
import type { TrainingRun } from '../runs/trainingRun';
import type { TrainingRuns } from '../runs/trainingRuns';

/** What carrying runs needs of its surroundings. */
export interface CarryPlace {
  runs: TrainingRuns;
  /** Where runs are kept. */
  folder: RecordFolder;
  log: Pick<LogOutputChannel, 'warn'>;
}

/** "Export Runs…": asks for a file and writes some runs into it. */
export async function exportRuns(place: CarryPlace, chosen: readonly TrainingRun[]): Promise<void> {
  if (chosen.length === 0) return;
  const title = l10n.t('Export {0} Runs', chosen.length);
  const name = chosen.length === 1 ? runName(chosen[0].state) : 'runs';
  const uri = await askWhereToSave(chosen[0], title, `${name}.${sentEnding}`, sentEnding);
  if (!uri) return;
  const bytes = await withSlowProgress(title, () => sentFile(place, chosen));
  if (!bytes) return;
  await workspace.fs.writeFile(uri, bytes);
  void window.showInformationMessage(plainText(l10n.t('{0} was saved.', workspace.asRelativePath(uri))));
}

/** A file with some runs as they are recorded. Throws where they are too long for one. */
export async function sentFile({ runs, folder }: CarryPlace, chosen: readonly TrainingRun[]): Promise<Uint8Array> {
  await runs.shared.records.flush();
  const sent: SentRun[] = [];
  let size = 0;
  for (const run of chosen) {
    const record = await recordOf(folder, run, () => runs.shared.histories.wholeOf(run));
    size += record.length;
    if (size > sentLimits.bytes) {
      throw new Error(l10n.t('These runs take more than {0} MB. Export fewer.', sentLimits.bytes / 2 ** 20));
    }
    sent.push({ name: runName(run.state), record });
  }
  return packRuns(sent);
}

async function recordOf(folder: RecordFolder, run: TrainingRun, whole: () => Promise<RunState>): Promise<Uint8Array> {
  try {
    const name = recordName(run.id);
    return await folder.read(name, 0, await folder.size(name));
  } catch (error) {
    if (!(error instanceof FileGone)) throw error;
    // It is in a file of the version before.
    const snapshot = takeSnapshot(await whole());
    const { configText, seed } = run.source;
    return encodeRecord({ identity: snapshot.identity, configText, seed }, eventsOf(snapshot));
  }
}

/** "Import Runs…": asks for a file and takes its runs into the list. */
export async function importRuns(place: CarryPlace): Promise<void> {
  const title = l10n.t('Import Runs');
  const [uri] = (await window.showOpenDialog({ title, filters: { [l10n.t('Runs')]: [sentEnding] } })) ?? [];
  if (!uri) return;
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const taken = await withSlowProgress(plainText(l10n.t('Importing {0}', name)), () => importFile(place, uri, name));
  if (!taken) return;
  const { added, known, damaged } = taken;
  const parts = [l10n.t('{0} runs of {1} were added and pinned.', added, name)];
  if (known > 0) parts.push(l10n.t('{0} were in the list already.', known));
  if (damaged.length === 0) return void window.showInformationMessage(plainText(parts.join(' ')));
  parts.push(l10n.t('Not readable: {0}.', damaged.map((one) => `${one.name} (${one.reason})`).join(', ')));
  void window.showWarningMessage(plainText(parts.join(' ')));
}

async function importFile(place: CarryPlace, uri: Uri, name: string): Promise<TakenRuns> {
  const { size } = await workspace.fs.stat(uri);
  if (size > sentLimits.bytes) {
    throw new Error(l10n.t('{0} is larger than {1} MB and was not read.', name, sentLimits.bytes / 2 ** 20));
  }
  const bytes = await workspace.fs.readFile(uri);
  try {
    return await takeRuns(place, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(l10n.t('{0} cannot be imported: {1}', name, reason), { cause: error });
  }
}

/** What became of the runs of a file. */
export interface TakenRuns {
  added: number;
  /** How many are in the list already. */
  known: number;
  damaged: { name: string; reason: string }[];
}

/** Takes the runs of a file into the list. Throws where it is not a file of runs. */
export async function takeRuns({ runs, folder, log }: CarryPlace, bytes: Uint8Array): Promise<TakenRuns> {
  const { runs: received, damaged } = await unpackRuns(bytes);
  for (const { name, reason } of damaged) log.warn(`${name} was not imported: ${reason}`);
  const names = await folder.list();
  const fresh = received.filter(
    ({ id }) => !runs.runOf(id) && ![...names.keys()].some((name) => name.startsWith(`${id}.`)),
  );
  for (const { id, record } of fresh) await folder.append(recordName(id), 0, record);
  await runs.shared.look();
  const shown = fresh.map(({ id }) => runs.runOf(id)).filter((run) => run !== undefined);
  if (shown.length > 0) runs.show(shown[shown.length - 1]);
  return { added: fresh.length, known: received.length - fresh.length, damaged };
}
