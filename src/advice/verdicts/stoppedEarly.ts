import { formatNumber, formatQuantity } from '../../base/format';
import type { RunShape } from '../../protocol/protocol';
import { bestEpoch, trainedEpochs, type RunState } from '../../protocol/state';
import { bestBy } from './bestEpoch';
import type { Judgement } from '../findings/judgement';

/** Says of a run that its stop rule has ended why it did, and which epoch's weights it has now; undefined of others. */
export function stoppedEarly(run: RunState, { earlyStopping: rule }: RunShape): Judgement | undefined {
  const { monitored } = run.checkpoint;
  if (run.status !== 'early_stopped' || !rule || !monitored) return undefined;
  const { patience, stopping_threshold: target } = rule;
  const name = bestBy(run);
  const { best } = monitored;
  const epochs = trainedEpochs(run);
  const reached = target !== undefined && (rule.mode === 'max' ? best > target : best < target);
  const why = reached
    ? `the ${name} came to ${formatNumber(best)}, better than ${formatNumber(target)}`
    : `the ${name} has not improved for ${formatQuantity(patience, 'epoch')}`;
  const epoch = bestEpoch(run);
  const kept = epoch === undefined || reached ? '' : ` ${keptWords(epoch, best, rule.restore_best)}`;
  const sentence = `Stopped early after ${formatQuantity(epochs, 'epoch')}: ${why}.${kept}`;
  const numbers = { epochs, best, ...(epoch !== undefined && { best_epoch: epoch }) };
  return { kind: 'converged', code: 'early_stopped', sentence, numbers };
}

/** Says that a run that trained all its epochs has the weights of an earlier one; undefined where it has not. */
export function restoredWords(run: RunState): string | undefined {
  const epoch = bestEpoch(run);
  const isRestored = run.status === 'finished' && run.shape?.earlyStopping?.restore_best === true;
  if (!isRestored || epoch === undefined || epoch + 1 >= trainedEpochs(run)) return undefined;
  return keptWords(epoch, run.checkpoint.monitored!.best, true);
}

function keptWords(epoch: number, best: number, isRestored: boolean): string {
  const which = `after ${formatQuantity(epoch + 1, 'epoch')}, the best with ${formatNumber(best)}`;
  return isRestored ? `The weights are those ${which}.` : `The weights are the last ones, not those ${which}.`;
}
