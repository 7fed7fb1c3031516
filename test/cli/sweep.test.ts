import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setConfigValue } from '../../src/config/edits/setValue';
import { tutorialConfig } from '../../src/config/templates/template';
import { linesOf, program } from '../helpers/commandLine';

let folder: string;

beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'sweep-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A config of the tutorial in a file, with keys set. */
function configFile(name: string, keys: Record<string, unknown>): string {
  const text = Object.entries(keys).reduce((text, [key, value]) => setConfigValue(text, key, value), tutorialConfig());
  const file = path.join(folder, `${name}.gd.json`);
  writeFileSync(file, text);
  return file;
}

describe('gradient-descent sweep', () => {
  const rates = { 'optimizer.lr': [1e-7, 1e-6, 1e-5], seed: { count: 2 } };

  it('names members over their limit first, then prints a table with the best one marked', () => {
    const { stdout, status } = program('sweep', configFile('rates', { sweep: rates }));
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^2 members of 6 are over their limit; --stable-only leaves them out:\n {2}optimizer\.lr=1e-5, seed=0: 8\.2 times the limit\n/,
    );
    expect(stdout).toMatch(/\n +run {2}optimizer\.lr {2}seed {2}status +epochs +loss +R² +of limit +verdict +time\n/);
    expect(stdout).toMatch(/\n\* +3 +1e-6 +0 {2}finished +2,000 +3,89\d\.\d+ +0\.99\d+ +82 % +improving /);
    expect(stdout).toMatch(/\n +5 +1e-5 +0 {2}diverged +3 +∞ .* rate_over_limit /);
    expect(stdout).toMatch(/\n\* the lowest training loss at the end: 3,89\d\.\d+, optimizer\.lr=1e-6, seed=0\n/);
    expect(stdout).toMatch(/\noptimizer\.lr +runs +loss, mean ± sd +diverged\n/);
    expect(stdout).toMatch(/\n +1e-5 +2 +– +2\n/);
  });

  it('prints for programs what each member alone prints', () => {
    const file = configFile('json', { sweep: rates });
    const { stdout, status } = program('sweep', file, '--json', '--stable-only', '--jobs', '2');
    expect(status).toBe(0);
    const [start, ...rest] = linesOf(stdout);
    expect(start).toMatchObject({ event: 'start', over_limit: [5, 6] });
    expect(start.members).toHaveLength(6);
    expect(rest.map(({ event, member }) => [event, member])).toEqual([
      ...[1, 2, 3, 4].map((member) => ['member', member]),
      ['end', undefined],
    ]);
    const alone = program('run', file, '--json', '--set', 'optimizer.lr=1e-6', '--set', 'seed=1').stdout;
    const end = linesOf(alone).at(-1)!;
    const { loss, metrics, verdict, share } = rest[3];
    expect(loss).toBe(end.loss);
    expect((metrics as { train: object }).train).toEqual({
      ...Object.fromEntries(
        Object.entries((end.metrics as { train: object }).train).filter(([key]) => key !== 'baseline'),
      ),
    });
    expect(verdict).toMatchObject({ code: (end.verdict as { code: string }).code });
    expect(share).toBeCloseTo(0.82, 2);
    expect(rest.at(-1)).toMatchObject({ best: { member: 3, rule: 'loss' }, folded: [{ members: [1, 2] }, {}] });
  });

  it('names the best member as --set takes it', () => {
    const { stdout } = program('sweep', configFile('long', { sweep: { seed: [123456, 123457], epochs: [1, 2000] } }));
    expect(stdout).toMatch(/\n\* the lowest .*, seed=12345[67], epochs=2000\n/);
  });

  it('folds a cross validation into mean and deviation, every row validated once', () => {
    const file = configFile('folds', { split: { folds: 5 }, sweep: { 'split.fold': { count: 5 } } });
    const { stdout } = program('sweep', file, '--json');
    const members = linesOf(stdout).filter(({ event }) => event === 'member') as { val_loss: number }[];
    const mean = members.reduce((sum, { val_loss: loss }) => sum + loss, 0) / 5;
    const { folded, best } = linesOf(stdout).at(-1) as {
      folded: { val_loss: { mean: number; count: number } }[];
      best: { rule: string };
    };
    expect(best.rule).toBe('val_loss');
    expect(folded).toHaveLength(1);
    expect(folded[0].val_loss.count).toBe(5);
    expect(folded[0].val_loss.mean / mean).toBeCloseTo(1, 12);
  });

  it('says what is wrong with a config, at its place, and where there is no sweep', () => {
    const wrong = configFile('wrong', { sweep: { 'optimizer.rl': [1] } });
    const { status, stderr, stdout } = program('sweep', wrong);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /wrong\.gd\.json:\d+:\d+: there is no key "optimizer\.rl" in sweep; .* did you mean "optimizer\.lr"\?\n$/,
    );
    expect(program('sweep', configFile('none', {})).stderr).toMatch(/has no sweep; add for instance "sweep": \{/);
    expect(program('sweep', wrong, '--jobs', '0').stderr).toMatch(/^gradient-descent: --jobs 0: a whole number/);
    expect(program('sweep', wrong, '--jobs', '10000').stderr).toMatch(/: a whole number from 1 to 9999 is needed\n/);
  });

  it('trains the members that can be trained, and says why others cannot', () => {
    const file = configFile('misfits', {
      sweep: { 'optimizer.momentum': [0, 0.5], 'optimizer.nesterov': [false, true] },
    });
    const { status, stderr, stdout } = program('sweep', file);
    expect(status).toBe(0);
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('"sweep"'));
    expect(stderr.startsWith(`${file}:${line + 1}:3: member 2 (optimizer.momentum=0, optimizer.nesterov=true): `)).toBe(
      true,
    );
    expect(stderr).toContain('Nesterov momentum requires');
    expect(stdout.match(/finished/g)).toHaveLength(3);
    // By the numbers that messages and lines of JSON have.
    expect(stdout.match(/^\*? +\d/gm)!.map((start) => start.at(-1))).toEqual(['1', '3', '4']);
  });
});

describe('gradient-descent compare', () => {
  it('prints what differs between files and how they ended', () => {
    const files = [configFile('one', {}), configFile('two', { 'optimizer.lr': 1e-7, 'loader.batch_size': 5 })];
    const { status, stdout } = program('compare', ...files);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^1 {2}.*one\.gd\.json\n2 {2}.*two\.gd\.json\n\n +run +loader\.batch_size +optimizer\.lr +status/,
    );
    expect(stdout).toMatch(/\n\* +1 +1 +1e-6 +finished /);
    const [first, , end] = linesOf(program('compare', ...files, '--json').stdout);
    expect(first).toMatchObject({
      event: 'run',
      file: files[0],
      set: { 'optimizer.lr': 1e-6, 'loader.batch_size': 1 },
    });
    expect(end).toMatchObject({ event: 'end', best: { file: files[0], rule: 'loss' } });
  });

  it('draws one seed for all files that name none', () => {
    const dataset = { generate: 'linear', samples: 20, features: 2, noise: 1 };
    const files = ['one', 'two', 'three'].map((name) => path.join(folder, `${name}.gd.json`));
    const optimizer = { type: 'SGD', lr: 0.01 };
    for (const file of files) writeFileSync(file, JSON.stringify({ dataset, optimizer, epochs: 3 }));
    const losses = linesOf(program('compare', ...files, '--json').stdout).flatMap(({ event, loss }) =>
      event === 'run' ? [loss] : [],
    );
    expect(losses).toHaveLength(3);
    expect(new Set(losses).size).toBe(1);
  });

  it('refuses a single file, and one that cannot be used', () => {
    expect(program('compare', configFile('one', {})).stderr).toMatch(/^gradient-descent: two FILEs or more are needed/);
    const broken = configFile('broken', { epochs: 0 });
    const { status, stderr } = program('compare', configFile('one', {}), broken);
    expect(status).toBe(2);
    expect(stderr).toMatch(/broken\.gd\.json:\d+:\d+: epochs must be at least 1/);
  });
});
