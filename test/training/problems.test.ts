import { describe, expect, it } from 'vitest';
import { RunChecker } from '../../src/training/runChecker';
import problems from '../fixtures/problems.json';
import { expectClose } from '../helpers/expectClose';
import { openConfig } from '../helpers/openRun';

describe('training problems of the kinds that people ask about, against NumPy and PyTorch', () => {
  it.each(problems.map((problem) => [problem.name, problem] as const))('%s', async (_, problem) => {
    const { config, limit, rank, optimum, last, worse, codes } = problem;
    const configText = JSON.stringify(config);
    const { report, problems: found } = await new RunChecker().check({ configText, configFile: 'a.gd.json', seed: 0 });
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(codes));
    if (limit !== undefined) expectClose(report!.limit.rate!, limit, 1e-5);
    if (rank !== undefined) expect(report!.hessian!.rank).toBe(rank);
    if (optimum) {
      const { loss, weight, bias } = report!.optimum!.decayed ?? report!.optimum!;
      expectClose(loss, optimum.loss, 1e-6, 1e-4);
      weight!.flat().forEach((value, i) => expectClose(value, optimum.weight.flat()[i], 1e-4, 1e-3));
      bias!.forEach((value, i) => expectClose(value, optimum.bias[i], 1e-4, 1e-3));
    } else expect(report!.optimum!.isAttained).toBe(false);
    const opened = await openConfig(config);
    const { trainer } = opened;
    let [first, loss] = [NaN, NaN];
    while (!trainer.divergence && trainer.epoch < config.epochs) {
      loss = trainer.advance(Infinity)!.loss;
      if (Number.isNaN(first)) first = loss;
    }
    if (last !== null) expectClose(loss, last, 1e-4, 1e-6);
    expect(trainer.divergence !== undefined || loss > first).toBe(worse);
  });
});
