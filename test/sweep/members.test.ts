import { describe, expect, it } from 'vitest';
import { tutorialConfig } from '../../src/config/templates/template';
import { parseConfig } from '../../src/config/parseConfig';
import { setConfigValue } from '../../src/config/edits/setValue';
import { memberName, memberTexts, membersOf, withoutSweep } from '../../src/sweep/members';

/** The members of the tutorial's config with a sweep. */
function membersWith(sweep: object, mode?: unknown) {
  const swept = setConfigValue(tutorialConfig(), 'sweep', sweep);
  const { config, problems } = parseConfig(mode === undefined ? swept : setConfigValue(swept, 'sweep_mode', mode));
  expect(problems).toEqual([]);
  return membersOf(config!);
}

describe('the members of a sweep', () => {
  it('are the product of all lists, the last key changing fastest', () => {
    expect(membersWith({ 'optimizer.lr': [1e-7, 1e-6], 'loader.batch_size': [1, 10] })).toEqual([
      { 'optimizer.lr': 1e-7, 'loader.batch_size': 1 },
      { 'optimizer.lr': 1e-7, 'loader.batch_size': 10 },
      { 'optimizer.lr': 1e-6, 'loader.batch_size': 1 },
      { 'optimizer.lr': 1e-6, 'loader.batch_size': 10 },
    ]);
    expect(parseConfig(tutorialConfig()).config && membersOf(parseConfig(tutorialConfig()).config!)).toEqual([]);
  });

  it('are zipped where the config says so', () => {
    expect(membersWith({ 'optimizer.lr': [1e-7, 1e-6], seed: { count: 2 } }, 'zip')).toEqual([
      { 'optimizer.lr': 1e-7, seed: 0 },
      { 'optimizer.lr': 1e-6, seed: 1 },
    ]);
  });

  it('are spaced as np.linspace and np.geomspace space them, both ends as written', () => {
    const values = (range: object) => membersWith({ 'optimizer.lr': range }).map((member) => member['optimizer.lr']);
    expect(values({ from: 0.1, to: 0.3, steps: 3 })).toEqual([0.1, 0.2, 0.3]);
    expect(values({ from: 1e-6, to: 1e-2, steps: 5, scale: 'log' })).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 1e-2]);
    expect(values({ from: 0.1, to: 0.3, steps: 1 })).toEqual([0.1]);
    const sizes = membersWith({ 'loader.batch_size': { from: 1, to: 10, steps: 4, scale: 'log' } });
    expect(sizes.map((member) => member['loader.batch_size'])).toEqual([1, 2, 5, 10]);
    const net = setConfigValue(tutorialConfig(), 'model', {
      type: 'Sequential',
      layers: [{ type: 'Linear', out_features: 4 }, 'ReLU', 'Linear'],
    });
    const units = setConfigValue(net, 'sweep', { 'model.layers.0.out_features': { from: 2, to: 9, steps: 3 } });
    expect(membersOf(parseConfig(units).config!).flatMap((member) => Object.values(member))).toEqual([2, 6, 9]);
  });

  it('count from the number that the config gives', () => {
    const text = setConfigValue(setConfigValue(tutorialConfig(), 'seed', 7), 'sweep', { seed: { count: 3 } });
    expect(membersOf(parseConfig(text).config!)).toEqual([{ seed: 7 }, { seed: 8 }, { seed: 9 }]);
    const folds = setConfigValue(tutorialConfig(), 'split', { folds: 3 });
    const swept = setConfigValue(folds, 'sweep', { 'split.fold': { count: 3 } });
    expect(membersOf(parseConfig(swept).config!)).toEqual([0, 1, 2].map((fold) => ({ 'split.fold': fold })));
  });

  it('are drawn from the grid without repetition, the same ones for the same seed', () => {
    const sweep = { 'optimizer.lr': [1e-7, 1e-6, 1e-5], seed: { count: 4 } };
    const drawn = membersWith(sweep, { random: 8, seed: 1 });
    expect(new Set(drawn.map(memberName)).size).toBe(8);
    expect(membersWith(sweep, { random: 8, seed: 1 })).toEqual(drawn);
    expect(membersWith(sweep, { random: 8, seed: 2 })).not.toEqual(drawn);
    expect(membersWith(sweep, { random: 100, seed: 1 })).toHaveLength(12);
  });

  it('are drawn evenly from a range on its own scale', () => {
    const sweep = { 'optimizer.lr': { from: 1e-8, to: 1e-4, scale: 'log' } };
    const rates = membersWith(sweep, { random: 400 }).map((member) => member['optimizer.lr'] as number);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-8);
    expect(Math.max(...rates)).toBeLessThan(1e-4);
    expect(rates.filter((rate) => rate < 1e-6).length / 400).toBeCloseTo(0.5, 1);
  });
});

describe('a member as a config', () => {
  it('is the text without its sweep and with its values, comments kept', () => {
    const text = `{
  // Data.
  "dataset": { "generate": "linear", "samples": 20, "features": 2, "noise": 0.1 },
  "optimizer": { "type": "SGD", "lr": 0.1 }, // the rate
  // What is tried.
  "sweep": { "optimizer.momentum": [0, 0.9] },
  "sweep_mode": "grid"
}
`;
    const alone = memberTexts(text, [{ 'optimizer.momentum': 0.9, seed: 3 }])[0];
    expect(alone).toContain('// Data.');
    expect(alone).toContain('// the rate');
    const { sweep: _, sweep_mode: __, ...base } = parseConfig(text).config!;
    const expected = { ...base, seed: 3, optimizer: { ...base.optimizer, momentum: 0.9 } };
    expect(parseConfig(alone)).toMatchObject({ config: expected, problems: [] });
    expect(parseConfig(alone).config).not.toHaveProperty('sweep');
  });

  it.each([
    ['with keys that are there', { 'optimizer.lr': [1e-7, 0.25], epochs: [5, 2000] }],
    ['with keys that have to be added', { 'optimizer.momentum': [0, 0.9], 'loader.batch_size': [1, 10], seed: [1, 2] }],
    [
      'with values that are more than a number',
      {
        'model.init': ['zeros', 'default'],
        split: [
          [8, 2],
          [5, 5],
        ],
      },
    ],
    ['with an entry of a list', { 'split.0': [7, 8], 'split.1': [3, 2] }],
  ])('is the same text as where its keys are set one after the other, %s', (_, sweep) => {
    for (const base of [tutorialConfig(), `\uFEFF${tutorialConfig().replaceAll('\n', '\r\n')}`]) {
      const swept = setConfigValue(base, 'sweep', sweep);
      const members = membersOf({ ...parseConfig(base).config!, sweep });
      const inTurn = members.map((member) =>
        Object.entries(member).reduce((text, [key, value]) => setConfigValue(text, key, value), withoutSweep(swept)),
      );
      expect(memberTexts(swept, members)).toEqual(inTurn);
    }
  });

  it('is named by what it sets, as a person would write it', () => {
    expect(memberName({ 'optimizer.lr': 1e-5, epochs: 2000, 'model.init': 'zeros', split: [8, 2] })).toBe(
      'optimizer.lr=1e-5, epochs=2000, model.init=zeros, split=[8,2]',
    );
  });
});
