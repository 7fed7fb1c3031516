import type { LogOutputChannel } from 'vscode';
import type { RunEvent } from '../../protocol/protocol';
import type { TrainingRun } from './trainingRun';

/** Writes into the log where a run has come to, or why it failed. */
export function logRunEvent(log: LogOutputChannel, { id, state }: TrainingRun, event: RunEvent): void {
  if (event.type === 'failed') log.warn(`Run ${id}: ${event.problems.map((p) => p.message).join(' | ')}`);
  if (event.type !== 'status') return;
  const { checkpoint, trainLoss } = state;
  log.info(`Run ${id}: ${event.status} at epoch ${checkpoint.epoch}, loss ${trainLoss} ${event.notice ?? ''}`);
}
