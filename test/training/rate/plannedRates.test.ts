import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parseConfig';
import { plannedRates } from '../../../src/engine/report/plannedRates';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { openRun } from '../../../src/training/openRun';
import runs from '../../fixtures/runs.json';
import { expectClose } from '../../helpers/expectClose';

const unplanned = ['ReduceLROnPlateau', 'OneCycleLR', 'CyclicLR'];
const planned = runs.filter(({ config }) => config.scheduler && !unplanned.includes(config.scheduler.type));

describe('planned rates', () => {
  it.each(planned.map(({ config, lr }, i) => ({ i, scheduler: config.scheduler, config, lr })))(
    'are those of PyTorch: $scheduler.type, $i',
    ({ config, lr }) => {
      const { optimizer, scheduler } = parseConfig(JSON.stringify(config)).config!;
      const { spans, peak } = plannedRates(optimizer.lr, lr.length, scheduler);
      const rates = spans.flatMap((span) => Array<number>(span.epochs).fill(span.lr));
      expect(rates).toHaveLength(lr.length);
      rates.forEach((rate, epoch) => expectClose(rate, lr[epoch], 1e-12, 1e-9));
      expectClose(peak.lr, Math.max(...lr), 1e-9);
    },
  );

  it('have no peak to warn of where a warm-up only comes to lr', async () => {
    const config = {
      ...{ dataset: { generate: 'linear', samples: 20, features: 2 }, optimizer: { type: 'SGD', lr: 0.01 } },
      scheduler: { type: 'LinearLR', start_factor: 0.1 },
    };
    const opened = await openRun({ configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 });
    if ('problems' in opened) throw new Error(opened.problems[0].message);
    expect(analyzeRun(opened).peak).toBeUndefined();
    expect(opened.trainer.parts.optimizer.lr).toBe(0.001);
  });
});
