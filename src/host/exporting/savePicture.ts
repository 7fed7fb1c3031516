import { l10n } from 'vscode';
import type { PlotName } from '../../protocol/viewRequests';
import { runName } from '../../protocol/state';
import type { TrainingRun } from '../runs/trainingRun';
import { askWhereToSave, saveAndOffer } from './saveFile';

/** How every PNG file begins. */
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Asks where to save a picture of a plot, and writes it. @param png the bytes of a PNG file in base64, drawn by a page. */
export async function savePicture(run: TrainingRun, plot: PlotName, png: string): Promise<void> {
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
  if (!signature.every((byte, i) => bytes[i] === byte)) throw new Error(l10n.t('The picture could not be drawn.'));
  const fileName = `${runName(run.state)}-${plot}.png`;
  const uri = await askWhereToSave(run, l10n.t('Save Picture'), fileName, 'png');
  if (uri) await saveAndOffer(uri, bytes);
}
