import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import { parseSetting, setConfigValue } from '../../src/config/setValue';
import { tutorialConfig } from '../../src/config/template';

describe('--set', () => {
  it.each([
    ['optimizer.lr=1e-7', { path: 'optimizer.lr', value: 1e-7 }],
    ['split=[8, 2]', { path: 'split', value: [8, 2] }],
    ['loader.shuffle=false', { path: 'loader.shuffle', value: false }],
    ['dataset.file=my data.csv', { path: 'dataset.file', value: 'my data.csv' }],
    ['dataset.file=a=b.csv', { path: 'dataset.file', value: 'a=b.csv' }],
    ['model.init="zeros"', { path: 'model.init', value: 'zeros' }],
    ['loss=', { path: 'loss', value: '' }],
    ['epochs', undefined],
    ['=3', undefined],
    ['a..b=3', undefined],
  ])('reads %s', (setting, expected) => {
    expect(parseSetting(setting)).toEqual(expected);
  });
});

describe('setting a value', () => {
  it('changes nothing else, comments included', () => {
    const text = tutorialConfig();
    const changed = setConfigValue(text, 'optimizer.lr', 1e-7);
    expect(changed).toBe(text.replace('"lr": 1e-6', '"lr": 1e-7'));
    expect(parseConfig(changed).config?.optimizer.lr).toBe(1e-7);
  });

  it('adds a key and the objects around it', () => {
    const text = '{\r\n    // data\r\n    "dataset": { "file": "a.csv" }\r\n}\r\n';
    const changed = setConfigValue(setConfigValue(text, 'optimizer.type', 'SGD'), 'optimizer.lr', 0.1);
    expect(parseConfig(changed)).toMatchObject({ problems: [], config: { optimizer: { type: 'SGD', lr: 0.1 } } });
    expect(changed).toContain('\r\n    // data\r\n');
    expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('reaches into a list', () => {
    expect(setConfigValue('{ "split": [8, 2] }', 'split.0', 7)).toBe('{ "split": [7, 2] }');
  });

  it.each([
    ['{ "epochs": 3 }', 'epochs.x', 'cannot set epochs.x: epochs is 3, which has no keys'],
    ['{ "split": [8, 2] }', 'split.2', 'cannot set split.2: split is a list with entries 0 to 1'],
    ['3', 'epochs', 'cannot set epochs: the config is 3, which has no keys'],
  ])('says why %s has no place for %s', (text, path, message) => {
    expect(() => setConfigValue(text, path, 1)).toThrow(message);
  });

  it('sets any number so that it is read back', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (lr) => {
        expect(parseConfig(setConfigValue(tutorialConfig(), 'optimizer.lr', lr)).config?.optimizer.lr).toBe(lr);
      }),
    );
  }, 30_000);
});
