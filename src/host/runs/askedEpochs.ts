import { l10n } from 'vscode';
import type { EpochSource } from './epochSource';
import type { EpochColumns } from '../../protocol/history';
import { pageLimits } from '../../protocol/historyLimits';
import { mostExactEpochs, type EpochsQuery } from '../../protocol/questions';
import type { RunState } from '../../protocol/state';

/**
 * Epochs of a run from memory, or from where each is kept if they were merged there. Where not each is known they come as
 * finely as they are; rejects with a sentence for people where the query wants each.
 */
export async function askedEpochs(
  { history, identity }: RunState,
  { first, count, exact }: EpochsQuery,
  source?: EpochSource,
): Promise<EpochColumns> {
  const end = Math.min(first + count, history.length);
  const begin = Math.min(first, end);
  const isSmall = end - begin <= mostExactEpochs;
  const kept = isSmall ? history.exact(begin, end) : undefined;
  if (kept) return kept;
  try {
    if (!source) throw new Error(l10n.t('Not every epoch of this run was kept, so these have no exact numbers.'));
    if (isSmall) return await source.readEpochs(identity.id, begin, end - begin);
  } catch (error) {
    if (exact) throw error;
  }
  return history.slice(begin, pageLimits, end);
}
