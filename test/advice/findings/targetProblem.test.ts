import { describe, expect, it } from 'vitest';
import { openRun } from '../../../src/training/openRun';
import { RunChecker } from '../../../src/training/runChecker';

const base = {
  seed: 1,
  dataset: { generate: 'linear', samples: 60, features: 3, noise: 0.5, seed: 2 },
  loader: { batch_size: 60 },
  optimizer: { type: 'SGD', lr: 0.2 },
  epochs: 2000,
};

const withTarget = (target: number, more: object = {}) =>
  JSON.stringify({ ...base, ...more, early_stopping: { monitor: 'loss', patience: 2000, stopping_threshold: target } });

async function checked(configText: string) {
  const { problems, report } = await new RunChecker().check({ configText, configFile: 'a.gd.json', seed: 0 });
  return { report: report!, found: problems.filter(({ code }) => code === 'target') };
}

/** Epochs until the stop rule ends a run; undefined where it does not. */
async function stopsAfter(configText: string): Promise<number | undefined> {
  const opened = await openRun({ configText, configFile: 'a.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  const { trainer } = opened;
  while (trainer.epoch < base.epochs && !trainer.isStopped) trainer.advance(Infinity);
  return trainer.isStopped ? trainer.epoch : undefined;
}

describe('a target of the stop rule below the exact minimum', () => {
  it.each([{}, { loss: 'huber_loss' }, { optimizer: { type: 'SGD', lr: 0.2, weight_decay: 0.1 } }])(
    'is named with one that is reached: %j',
    async (more) => {
      const { report, found } = await checked(withTarget(0, more));
      expect(found).toHaveLength(1);
      const [{ message, suggestion, severity }] = found;
      expect(severity).toBe('warning');
      expect(message).toMatch(
        /^early_stopping.stopping_threshold is 0, but the smallest possible training loss is 0\.\d+; /,
      );
      const target = Number(suggestion);
      expect(target).toBeGreaterThan(report.optimum!.loss);
      expect(target).toBeLessThan(report.optimum!.loss * 1.5);
      expect(await stopsAfter(withTarget(0, more))).toBeUndefined();
      expect(await stopsAfter(withTarget(target, more))).toBeGreaterThan(1);
      expect((await checked(withTarget(target, more))).found).toEqual([]);
    },
  );

  it('is not reported for a validation loss, whose minimum is not known', async () => {
    const rule = { early_stopping: { stopping_threshold: 0 }, split: [40, 20], loader: { batch_size: 40 } };
    expect((await checked(JSON.stringify({ ...base, ...rule }))).found).toEqual([]);
  });
});
