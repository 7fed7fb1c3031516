import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CurvatureReport, RunEvent } from '../../../src/protocol/protocol';
import type { ConfigFix } from '../../../src/advice/fixes/configFix';
import { fixesAfterDivergence } from '../../../src/advice/fixes/divergenceFixes';
import { offeredFixes } from '../../../src/advice/verdicts/offeredFixes';
import { applyRunEvent, openingRun } from '../../../src/protocol/state';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { openConfig } from '../../helpers/openRun';

const values = { inputs: [[3], [4], [7]], targets: [[1], [2], [4]] };
const epochs = 10_000;
const reportAt = async (lr: number, dataset: object = { values }): Promise<CurvatureReport> =>
  analyzeRun(await openConfig({ dataset, optimizer: { type: 'SGD', lr } }));
const rateFix = (value: number): ConfigFix => ({
  kind: 'half-limit',
  title: `Set lr to ${value}`,
  edits: [{ path: ['optimizer', 'lr'], value }],
});
const ratesOf = (fixes: readonly ConfigFix[]) =>
  fixes.map(({ edits }) => edits.find(({ path }) => path[1] === 'lr')?.value as number);

describe('after a divergence', () => {
  it('no rate is offered that is as large as the one that diverged', async () => {
    const report = await reportAt(1, { values, scale: 'standard' });
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e3, noNaN: true }),
        fc.array(fc.double({ min: 1e-9, max: 1e3, noNaN: true }), { maxLength: 3 }),
        (lr, offered) => {
          const rates = ratesOf(fixesAfterDivergence({ ...report, lr }, offered.map(rateFix), epochs));
          expect(rates.length).toBeGreaterThan(0);
          for (const rate of rates) expect(rate).toBeLessThan(lr);
        },
      ),
      { seed: 1 },
    );
  });

  it('below the limit a tenth of the rate comes first, then scaling at as much less', async () => {
    const report = await reportAt(0.005);
    expect(report.limit.rate).toBeGreaterThan(0.005);
    const fixes = fixesAfterDivergence(report, [], epochs);
    expect(fixes.map(({ title }) => title)).toEqual([
      'Set lr to a tenth (0.0005)',
      expect.stringMatching(/^Scale the inputs and set lr to 0\.0/),
    ]);
    const scaled = ratesOf(fixes)[1] / report.scaled!.limit.rate!;
    expect(scaled).toBeLessThanOrEqual(0.005 / report.limit.rate! / 10);
    expect(scaled).toBeGreaterThan(0.9 * (0.005 / report.limit.rate! / 10));
  });

  it('targets that are too large are to blame, and no rate', async () => {
    const huge = { ...values, targets: [[1e25], [2e25], [3e25]] };
    expect(fixesAfterDivergence(await reportAt(1e-3, { values: huge }), [], epochs)).toEqual([
      {
        kind: 'scale-targets',
        title: 'Scale the targets',
        edits: [{ path: ['dataset', 'scale_targets'], value: 'standard' }],
      },
    ]);
  });

  it('the run has these, whether its data were looked into before or after', async () => {
    const opened = await openConfig({ dataset: { values }, optimizer: { type: 'SGD', lr: 0.005 }, epochs });
    const { shape, initial } = opened;
    const runId = 'a';
    const analyzed: RunEvent = { type: 'analyzed', runId, report: analyzeRun(opened) };
    const divergence = { epoch: 3, batch: 0, what: 'loss' as const };
    const diverged: RunEvent = {
      ...{ type: 'status', runId, status: 'diverged', trainLoss: 1, validationLoss: NaN, divergence },
    };
    for (const events of [
      [analyzed, diverged],
      [diverged, analyzed],
    ]) {
      const ready = { type: 'opened', runId, shape, initial, trainLoss: 1, validationLoss: NaN } as const;
      const start = applyRunEvent(openingRun({ id: runId, name: 'a', startedAt: 0 }), ready);
      const fixes = offeredFixes(events.reduce(applyRunEvent, start));
      expect(ratesOf(fixes)[0]).toBe(0.0005);
      expect(fixes).toHaveLength(2);
    }
  });
});
