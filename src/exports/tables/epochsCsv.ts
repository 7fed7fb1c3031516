import type { RecordedEpochs } from '../../protocol/fileQuestions';
import { csvLine } from './delimitedText';

/**
 * The first line of the csv file of epochs. Numbers below it are written in the fewest digits that read back to the same
 * float64; those that are not finite as `NaN`, `Infinity` and `-Infinity`.
 */
export function epochsHeader(hasValidation: boolean): string {
  return csvLine(['epoch', 'loss', 'batch_loss', ...(hasValidation ? ['val_loss'] : []), 'lr']) + '\n';
}

/** A line for each of some epochs. */
export function epochLines(epochs: RecordedEpochs, hasValidation: boolean): string {
  const { epoch, loss, batchLoss, valLoss, lr } = epochs;
  let text = '';
  for (let i = 0; i < epoch.length; i++) {
    const validation = hasValidation ? `,${valLoss[i]}` : '';
    text += `${epoch[i]},${loss[i]},${batchLoss[i]}${validation},${lr[i]}\n`;
  }
  return text;
}
