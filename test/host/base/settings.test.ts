import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { readSettings } from '../../../src/host/base/settings';
import { usualUpdateRate } from '../../../src/worker/trainingLoop';

const written = vi.hoisted<Record<string, unknown>>(() => ({}));
const { properties } = (
  JSON.parse(readFileSync(path.join(__dirname, '../../../package.json'), 'utf8')) as {
    contributes: { configuration: { properties: Record<string, { default: unknown }> } };
  }
).contributes.configuration;
vi.mock('vscode', () => {
  const defaultOf = (name: string) => properties[`gradientDescent.${name}`].default;
  const settings = {
    get: (name: string) => (name in written ? written[name] : defaultOf(name)),
    inspect: (name: string) => ({ defaultValue: defaultOf(name) }),
  };
  return { workspace: { getConfiguration: () => settings } };
});

it('a number is what a person has written, within limits, and otherwise what the manifest says', () => {
  const defaults = readSettings();
  expect(defaults).toMatchObject({ updatesPerSecond: 30, keptRuns: 200 });
  for (const nothing of ['', 'often', 0, null, {}]) {
    Object.assign(written, { updatesPerSecond: nothing, keptRuns: nothing });
    expect(readSettings()).toEqual(defaults);
  }
  Object.assign(written, { updatesPerSecond: 90, keptRuns: 2.5 });
  expect(readSettings()).toMatchObject({ updatesPerSecond: 60, keptRuns: 2 });
});

it('who says nothing of it hears of progress as often as the manifest says', () => {
  expect(usualUpdateRate).toBe(properties['gradientDescent.updatesPerSecond'].default);
});
