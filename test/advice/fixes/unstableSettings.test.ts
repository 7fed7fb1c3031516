import { describe, expect, it } from 'vitest';
import { curvatureFixes } from '../../../src/advice/fixes/curvatureFixes';
import { offeredFixes } from '../../../src/advice/verdicts/offeredFixes';
import {
  settingFix,
  settingProblems,
  settingsToBlame,
  unstableSettings,
} from '../../../src/advice/fixes/unstableSettings';
import { parseConfig } from '../../../src/config/parseConfig';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { RunChecker } from '../../../src/training/runChecker';
import { openConfig } from '../../helpers/openRun';
import { reachedShare, trainRun } from '../../helpers/trainRun';

/** Three rows in one batch; at a rate under the limit and with usual settings a run arrives. */
const withOptimizer = (optimizer: object, epochs = 4000) => ({
  seed: 0,
  dataset: { values: { inputs: [[-1], [0.5], [1]], targets: [[1], [2], [4]] } },
  loader: { batch_size: 3 },
  optimizer,
  epochs,
});

const unsound: [object, string, string][] = [
  [{ type: 'SGD', momentum: 1.5 }, 'with momentum 1.5 every rate diverges; set momentum to 0.9', 'momentum=0.9'],
  [
    { type: 'SGD', momentum: 1 },
    'with momentum 1 steps never die down, at any rate; set momentum to 0.9',
    'momentum=0.9',
  ],
  [{ type: 'RMSprop', momentum: 2 }, 'with momentum 2 every rate diverges; set momentum to 0.9', 'momentum=0.9'],
  [
    { type: 'SGD', momentum: 0.9, dampening: 1.5 },
    'with dampening 1.5 momentum climbs the loss, and every rate diverges; set dampening to 0',
    'dampening=0',
  ],
  [
    { type: 'SGD', momentum: 0.9, dampening: 1 },
    'with dampening 1 momentum takes in no gradient after the first; set dampening to 0',
    'dampening=0',
  ],
  [
    { type: 'RMSprop', alpha: 1.01 },
    'with alpha 1.01 the average of the squares is negative and has no root; set alpha to 0.99',
    'alpha=0.99',
  ],
  [
    { type: 'RMSprop', alpha: 1 },
    'with alpha 1 the average of the squares stays 0, and eps alone divides steps; set alpha to 0.99',
    'alpha=0.99',
  ],
];

describe.each(unsound)('%o', (optimizer, message, setting) => {
  it('arrives at no rate, and the run is offered the setting that helps and no rate', async () => {
    for (const lr of [1e-4, 1e-3, 1e-2, 0.1, 0.3, 1, 10]) {
      const run = trainRun(await openConfig(withOptimizer({ ...optimizer, lr }, 2000)));
      expect(run.status === 'diverged' || !(reachedShare(run) > 0.9)).toBe(true);
      const fixes = offeredFixes(run);
      const none = setting.startsWith('momentum') ? ['Train without momentum'] : [];
      expect(fixes.map(({ title }) => title)).toEqual([`Set ${setting.replace('=', ' to ')}`, ...none]);
    }
  });

  it('is a warning at its place, with or without data, and the fix is enough', async () => {
    const config = withOptimizer({ ...optimizer, lr: 0.01 });
    const text = JSON.stringify(config, null, 2);
    const parsed = parseConfig(text, 'a.gd.json');
    const [problem] = settingProblems(parsed);
    expect(problem).toMatchObject({ message, severity: 'warning', code: 'unstable-setting', file: 'a.gd.json' });
    expect(text.split('\n')[problem.line - 1]).toContain(`"${setting.split('=')[0]}"`);
    const checked = await new RunChecker().check({ configText: text, configFile: 'a.gd.json', seed: 0 });
    expect(checked.problems).toContainEqual(problem);
    const [{ path, value }] = settingFix(unstableSettings(parsed.draft.optimizer)[0]).edits;
    const fixed = setConfigValue(text, path.join('.'), value);
    expect(settingProblems(parseConfig(fixed))).toEqual([]);
    const run = trainRun(await openConfig(JSON.parse(fixed) as object));
    expect(run.status).toBe('finished');
    expect(reachedShare(run)).toBeGreaterThan(0.9);
  });
});

it('settings that train are no problem', () => {
  for (const optimizer of [
    { type: 'SGD', lr: 1, momentum: 0.99 },
    // Without momentum there is nothing to dampen.
    { type: 'SGD', lr: 1, dampening: 2 },
    { type: 'SGD', lr: 1, momentum: 0.9, dampening: -1 },
    { type: 'SGD', lr: 1, momentum: 1, nesterov: true },
    { type: 'RMSprop', alpha: 0 },
    { type: 'Adam', betas: [0, 0] },
  ]) {
    expect(settingProblems(parseConfig(JSON.stringify(withOptimizer(optimizer))))).toEqual([]);
  }
});

it('what depends on the data is an information, and no fix of a run that does well', async () => {
  const config = withOptimizer({ type: 'SGD', lr: 0.1, momentum: 1.5, nesterov: true }, 300);
  const [problem] = settingProblems(parseConfig(JSON.stringify(config)));
  expect(problem).toMatchObject({
    message: 'with momentum 1.5 steps along directions of little curvature grow; set momentum to 0.9',
    severity: 'information',
  });
  expect(curvatureFixes(analyzeRun(await openConfig(config)), { epochs: 300 })).toEqual([]);
});

it('eps 0 ends in 0 / 0 where a column is 0, at every rate, and is mended', async () => {
  const values = {
    inputs: [
      [-1, 0],
      [0.5, 0],
      [1, 0],
    ],
    targets: [[1], [2], [4]],
  };
  for (const type of ['Adam', 'AdamW', 'RMSprop', 'Adagrad']) {
    const optimizer = { type, lr: 0.05, eps: 0, weight_decay: 0 };
    const config = { ...withOptimizer(optimizer, 2000), model: { init: 'zeros' }, dataset: { values } };
    const run = trainRun(await openConfig(config));
    expect(run.status).toBe('diverged');
    const [first] = offeredFixes(run);
    const eps = type === 'Adagrad' ? 1e-10 : 1e-8;
    expect(first.edits).toEqual([{ path: ['optimizer', 'eps'], value: eps }]);
    const mended = trainRun(await openConfig({ ...config, optimizer: { ...optimizer, eps } }));
    expect(mended.status).toBe('finished');
  }
});

it('a centered mean of squares that cancels is to blame after NaN, and no sooner', () => {
  const optimizer = {
    type: 'RMSprop',
    lr: 1,
    alpha: 0.5,
    eps: 1e-8,
    weight_decay: 0,
    momentum: 0,
    centered: true,
  } as const;
  expect(unstableSettings(optimizer)).toEqual([]);
  const [setting] = settingsToBlame(optimizer);
  expect(setting).toMatchObject({ key: 'centered', better: false, isSure: false });
  expect(settingFix(setting)).toMatchObject({
    title: 'Set centered to false',
    edits: [{ path: ['optimizer', 'centered'], value: false }],
  });
  expect(settingsToBlame({ ...optimizer, centered: false })).toEqual([]);
});
