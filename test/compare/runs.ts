import type { ComparedRun } from '../../src/compare/comparedRun';

let last = 0;

/** A run to compare that finished, with some of it as given. */
export function comparedRun(given: Partial<ComparedRun> = {}): ComparedRun {
  const id = String(++last);
  return {
    ...{ id, name: `run ${id}`, startedAt: 0, status: 'finished', settings: {}, epochs: 10, plannedEpochs: 10 },
    ...{ loss: 1, valLoss: NaN, metrics: {}, valMetrics: {}, seconds: 1 },
    ...given,
  };
}
