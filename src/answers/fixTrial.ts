import type { TrialOutcome } from '../protocol/fixTrials';
import { scoreOf } from '../protocol/fixTrials';
import type { OpenedRun } from '../training/openRun';
import { withConfig } from '../training/otherConfig';
import { Answerer } from './answerer';

/** What a trial may cost, in products of a row and a parameter: about 100 ms. */
const mostWork = 2 ** 26;
/** What a row costs beside its products, and a step: so much, and this many times its parameters. */
const rowWork = 16;
const stepWork = 1000;
const stepProducts = 4;

/**
 * Trains another config on the rows of a run, to its end or as far as a trial may go, and says what it reached. The run itself
 * is not touched. Null where it cannot be tried: the rows in memory are not those that it needs, or too many.
 */
export function tryConfig(run: OpenedRun, configText: string): TrialOutcome | null {
  const other = withConfig(run, configText);
  if (!other) return null;
  const { trainer, shape } = other;
  const { loader, model, trainRows, validationRows } = trainer.parts;
  const size = model.parameters.length;
  const rows = trainRows.length + validationRows.length;
  const epochWork = rows * (rowWork + size) + loader.batches * (stepWork + stepProducts * size);
  const epochs = Math.min(shape.epochs, Math.floor(mostWork / epochWork));
  if (epochs === 0) return null;
  while (trainer.epoch < epochs && !trainer.divergence && !trainer.isStopped) trainer.advance(Infinity);
  if (trainer.divergence) return { score: -Infinity, isWhole: true };
  const isWhole = trainer.isStopped || epochs === shape.epochs;
  if (isWhole) trainer.restoreBest();
  return { score: scoreOf(new Answerer({ ...other, notes: [] }, () => 0).metrics()), isWhole };
}
