import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine, program } from '../helpers/commandLine';

const root = path.join(__dirname, '../..');
const tutorial = 'media/samples/tutorial.gd.json';

const run = (...args: string[]) => commandLine('run', tutorial, ...args);

it('says which version it is', () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const { status, stdout } = program('--version');
  expect([status, stdout]).toEqual([0, `${version}\n`]);
});

describe('gradient-descent run, for people', () => {
  it('prints losses, parameters and predictions with their thousands grouped', () => {
    const { status, stdout } = program('run', tutorial, '--set', 'log_every=1000');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Linear, mse_loss, SGD\(lr=1e-6\), batch_size 1, seed 0\nloss before training 57,900,8\d0$/m,
    );
    expect(stdout).toMatch(/^epoch {5}0 {2}loss 12,883,0\d\d {2}batch_loss 18,803,29\d\nepoch 1,000 {2}loss \d/m);
    expect(stdout).toMatch(/^finished after 2,000 epochs in .* m?s: loss 3,89\d\.\d+$/m);
    expect(stdout).toMatch(
      /^metric +training +always the mean\nR² +0\.99\d* +0\nRMSE +62\.\d+ +921\.1412\nMAE +52\.\d+ +801\.7505$/m,
    );
    expect(stdout).toMatch(/^ {2}1 {2}y {11}6,000 {2}5,88\d\.\d+ +-11\d\.\d+$/m);
  });

  it('names the rate of the epoch in which it diverged, which a scheduler has raised', async () => {
    const raised = ['--set', 'scheduler={"type":"ExponentialLR","gamma":2}'];
    const { stdout } = await run(...raised);
    const [, epoch, lr] = /^Diverged at epoch (\d+), batch \d+: lr ([\d.e-]+) is .* the limit /m.exec(stdout)!;
    expect(Number(epoch)).toBeGreaterThan(2);
    expect(Number(lr) / (1e-6 * 2 ** (Number(epoch) - 1))).toBeCloseTo(1, 5);
  });

  it('says where it diverged, counting batches from 1', async () => {
    const { status, stdout } = await run('--set', 'optimizer.lr=1e-5');
    const end = (await run('--set', 'optimizer.lr=1e-5', '--json')).stdout.trim().split('\n').at(-1)!;
    const { diverged, verdict } = JSON.parse(end) as {
      diverged: { epoch: number; batch: number };
      verdict: { code: string; sentence: string; numbers: object; fixes: { title: string; set: object }[] };
    };
    expect(status).toBe(1);
    const place = `Diverged at epoch ${diverged.epoch + 1}, batch ${diverged.batch + 1}: lr 1e-5 is 8.2 times the limit 1.22e-6`;
    expect(stdout).toContain(place);
    // One sentence for machines and people.
    expect(stdout).toContain(verdict.sentence);
    const [{ title }] = verdict.fixes;
    expect(stdout).toContain(`Try: ${title[0].toLowerCase()}${title.slice(1)}.`);
    expect(verdict).toMatchObject({
      code: 'rate_over_limit',
      numbers: { lr: 1e-5, epoch: diverged.epoch, batch: diverged.batch },
    });
    expect(verdict.fixes.map(({ set }) => Object.keys(set))).toContainEqual(['optimizer.lr']);
    expect(stdout).toMatch(/ loss ∞ /);
    expect(stdout).not.toContain('e+');
  });
});

describe('the exit status', () => {
  it('says that a run ended with a larger loss than it began with', async () => {
    const { status, stdout } = await run('--set', 'optimizer.lr=2e-6', '--set', 'epochs=3');
    expect(stdout).toMatch(/^loss before training 57,900,8\d0$/m);
    expect(stdout).toMatch(/^finished after 3 epochs in .* m?s: loss 84,054,2\d\d$/m);
    expect(status).toBe(1);
  });
});

describe('gradient-descent run, for programs', () => {
  it('ends without a word when nobody reads its output any more', async () => {
    const args = ['dist/cli.js', 'run', tutorial, '--json', '--set', 'epochs=1000000000'];
    const child = spawn(process.execPath, args, { cwd: root });
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [status] = (await once(child, 'exit')) as [number];
    expect([status, errors]).toEqual([141, '']);
  });

  it('ends with metrics of training and validation rows under scikit-learn’s names, in the target’s own units', async () => {
    const end = async <T>(file: string) => {
      const { stdout } = await commandLine('run', file, '--json');
      return JSON.parse(stdout.trim().split('\n').at(-1)!) as { metrics: T };
    };
    type Numbers = Record<'r2' | 'rmse' | 'mae', number>;
    const penguins = await end<Record<'train' | 'val', Numbers & { baseline: Numbers }>>(
      'media/samples/penguins.gd.json',
    );
    expect(Object.keys(penguins.metrics.train)).toEqual(['r2', 'rmse', 'mae', 'baseline']);
    const { train, val } = penguins.metrics;
    expect(train.baseline.r2).toBe(0);
    for (const { r2, rmse, baseline } of [train, val]) {
      expect(1 - r2).toBeCloseTo((1 - baseline.r2) * (rmse / baseline.rmse) ** 2, 10);
    }
    const wines = await end<{ val: object }>('media/samples/wines.gd.json');
    const names = ['accuracy', 'precision', 'recall', 'f1', 'log_loss'];
    expect(Object.keys(wines.metrics.val)).toEqual([...names, 'baseline']);
  });

  it('has notes on the data on standard error, and lines of JSON alone on standard output', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'run-'));
    writeFileSync(path.join(folder, 'gaps.csv'), 'a,b\n1,2\n2,\n3,5\n');
    const config = { dataset: { file: 'gaps.csv', missing: 'drop' }, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 2 };
    writeFileSync(path.join(folder, 'gaps.gd.json'), JSON.stringify(config));
    const { stdout, stderr } = await commandLine('run', path.join(folder, 'gaps.gd.json'), '--json');
    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(/gaps\.csv.*left out/);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(['start', 'epoch', 'epoch', 'end']);
  });
});

describe('gradient-descent run with early_stopping', () => {
  it('ends with the best epoch, says which one that is, and succeeds', async () => {
    const rule = ['--set', 'split=[8,2]', '--set', 'early_stopping={"patience":3}'];
    const { status, stdout } = await run(...rule, '--json');
    expect(status).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; val_loss: number; best_epoch?: number; epochs?: number });
    const end = events.at(-1)!;
    const losses = events.filter(({ event }) => event === 'epoch').map((epoch) => epoch.val_loss);
    const best = losses.indexOf(Math.min(...losses));
    expect(end).toMatchObject({ status: 'early_stopped', best_epoch: best, epochs: losses.length });
    expect(end.val_loss).toBe(losses[best]);
    expect(losses.length).toBe(best + 4);
    const words = (await run(...rule)).stdout;
    expect(words).toMatch(
      new RegExp(
        `^stopped early after ${losses.length} epochs in .*\nStopped early after ${losses.length} epochs: `,
        'm',
      ),
    );
  });
});
