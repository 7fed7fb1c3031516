import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLine, program } from '../helpers/commandLine';
import { expectClose } from '../helpers/expectClose';

const folder = mkdtempSync(path.join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const check = (...args: string[]) => commandLine('check', ...args);

interface Checked {
  problems: { file: string; line: number; column: number; severity: string; message: string }[];
  curvature: Record<string, unknown> | null;
  sharpness?: { value: number; limit: number | null; share: number | null };
}

async function checkJson(...args: string[]): Promise<Checked & { status: number | null }> {
  const { status, stdout } = await check(...args, '--json');
  return { status, ...(JSON.parse(stdout) as Checked) };
}

function write(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

describe('gradient-descent check', () => {
  const tutorial = 'media/samples/tutorial.gd.json';

  it('says of a net that no limit is known before it is trained', async () => {
    const config = {
      dataset: { generate: 'xor', samples: 20 },
      model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 3 }, 'Tanh', 'Linear'] },
      optimizer: { type: 'Adam' },
    };
    const file = write('net.gd.json', JSON.stringify(config));
    const { status, stdout } = await check(file);
    expect([status, stdout.trim().split('\n').length]).toEqual([0, 2]);
    expect(stdout).toMatch(
      /^No error\. The exact minimum and a limit of the rate that holds for the whole run are known of a single linear layer only/,
    );
    expect(stdout).toMatch(/\nAt the start: sharpness 0?\.?\d+.* Adam divides its steps/);
    const numbers = { limit: null, share: null, rows: 20 };
    expect(await checkJson(file)).toMatchObject({ status: 0, problems: [], curvature: null, sharpness: numbers });
  });

  it('compares the sharpness of a net at its start with the limit of its rate', async () => {
    const sample = 'media/samples/edge-of-stability.gd.json';
    expect((await check(sample)).stdout).toMatch(
      /At the start: stable: sharpness [\d.]+ is \d+ % of the limit 16\.7, 2 \/ lr\./,
    );
    const { sharpness } = await checkJson(sample);
    expect(sharpness!.limit).toBeCloseTo(2 / 0.12, 9);
    expect(sharpness!.share).toBeCloseTo(sharpness!.value / sharpness!.limit!, 9);
  });

  it('prints one JSON object with the words of the command line', async () => {
    const { status, problems, curvature } = await checkJson(tutorial);
    expect(status).toBe(0);
    expect(problems.map(({ severity }) => severity)).not.toContain('warning');
    expect(Object.keys(curvature!)).toEqual([
      'lr',
      'limit',
      'share',
      'accuracy',
      'lambda_max',
      'lambda_min',
      'condition',
      'rank',
      'optimum',
    ]);
    // The last row alone: 355 … 382.5 in steps of 5.5, and the bias.
    const steepest = [355, 360.5, 366, 371.5, 377, 382.5, 1].reduce((sum, x) => sum + x * x, 0);
    expectClose(curvature!.limit as number, 1 / steepest, 1e-6);
    expectClose(curvature!.share as number, 1e-6 * steepest, 1e-6);
    expect(curvature).toMatchObject({ lr: 1e-6, rank: 2 });
    const { weight, bias } = curvature!.optimum as { weight: number[][]; bias: number[] };
    expect([weight.length, weight[0].length, bias.length]).toEqual([1, 6, 1]);
  });

  it('warns of a rate over the limit at its line and column, and exits with 0', async () => {
    const { status, problems } = await checkJson(tutorial, '--set', 'optimizer.lr=1e-5');
    expect(status).toBe(0);
    expect(problems[0]).toMatchObject({ file: tutorial, severity: 'warning' });
    expect(problems[0].message).toMatch(/^lr 1e-5 is 8\.2 times the limit 1\.22e-6 for batches of one row \(row 10 /);
    expect(Object.keys(problems[0])).toEqual(['file', 'line', 'column', 'severity', 'message']);
  });

  it('exits with 2 and without curvature where there is an error', async () => {
    const { status, problems, curvature } = await checkJson(tutorial, '--set', 'loss=mse');
    expect(status).toBe(2);
    expect(problems).toMatchObject([{ severity: 'error', file: tutorial }]);
    expect(curvature).toBeNull();
  });

  it('names each problem of a data file once, at its cell', async () => {
    write('gaps.csv', 'a,b\n1,2\n3,?\n5,4\n');
    const config = write(
      'gaps.gd.json',
      '{ "dataset": { "file": "gaps.csv" }, "optimizer": { "type": "SGD", "lr": 1 } }',
    );
    const { status, problems } = await checkJson(config);
    expect(status).toBe(2);
    expect(problems).toMatchObject([{ file: path.join(folder, 'gaps.csv'), line: 3, column: 3, severity: 'error' }]);
  });

  it('says once that a batch is larger than the rows', async () => {
    const { problems } = await checkJson(tutorial, '--set', 'loader.batch_size=11');
    expect(problems.filter(({ message }) => message.includes('batch_size'))).toHaveLength(1);
  });

  it('says how sure the limit is', async () => {
    const accuracy = async (...args: string[]) => (await checkJson(tutorial, ...args)).curvature!.accuracy;
    // Below the limit of its steepest row a run is safe; above it may do well.
    expect(await accuracy()).toBe('safe');
    expect(await accuracy('--set', 'loader.batch_size=10')).toBe('exact');
    expect(await accuracy('--set', 'optimizer.momentum=0.9')).toBe('estimate');
    expect(await accuracy('--set', 'loader.batch_size=10', '--set', 'optimizer.momentum=0.9')).toBe('exact');
    expect(await accuracy('--set', 'optimizer.type=Adam', '--set', 'optimizer.lr=0.1')).toBeNull();
  });

  it('gives a reason in place of a limit for Adam', async () => {
    const { curvature } = await checkJson(tutorial, '--set', 'optimizer.type=Adam', '--set', 'optimizer.lr=0.1');
    expect(curvature).toMatchObject({ limit: null, share: null });
    expect(curvature!.reason).toMatch(/^Adam /);
  });

  it('looks at rows as they are trained, scaled', async () => {
    const file = write('line.csv', ['x,y', '1,1', '2,2', '3,3', '9,9'].join('\n'));
    const config = write(
      'line.gd.json',
      JSON.stringify({
        dataset: { file: path.basename(file), scale: 'standard' },
        loader: { batch_size: 4 },
        optimizer: { type: 'SGD', lr: 0.1 },
      }),
    );
    const { curvature } = await checkJson(config);
    expectClose(curvature!.limit as number, 1, 1e-6);
    expectClose(curvature!.condition as number, 1, 1e-6);
    const deviation = Math.sqrt(((1 - 3.75) ** 2 + (2 - 3.75) ** 2 + (3 - 3.75) ** 2 + (9 - 3.75) ** 2) / 4);
    const { weight, bias } = curvature!.optimum as { weight: number[][]; bias: number[] };
    expectClose(weight[0][0], deviation, 1e-6);
    expectClose(bias[0], 3.75, 1e-6);
  });

  it('prints the same for people', () => {
    const { status, stdout } = program('check', tutorial, '--set', 'optimizer.lr=1e-5');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^media\/samples\/tutorial\.gd\.json:\d+:\d+: warning: lr 1e-5 is 8\.2 times the limit/m);
    expect(stdout).toMatch(
      /^lr 1e-5 is 8\.2 times the limit 1\.22e-6 for batches of one row \(row 10 is the steepest\)/m,
    );
    expect(stdout).toMatch(/^smallest possible loss 0 \(within rounding\), R² 1, at$/m);
  });

  it('names a dataset file by the path that the config has, from the root as well as from its folder', async () => {
    const data = write('text.csv', 'a,y\n1,2\n2,x\n3,4\n');
    for (const file of [data, 'text.csv']) {
      const config = write('path.gd.json', JSON.stringify({ dataset: { file }, optimizer: { type: 'SGD', lr: 0.1 } }));
      expect((await checkJson(config)).problems).toMatchObject([{ file: data, line: 3, column: 3 }]);
    }
  });

  it('refuses what it does not know', async () => {
    const { status, stderr } = await check();
    expect(status).toBe(2);
    expect(stderr).toContain('FILE is missing');
  });
});

it('says what a map is, and takes it for no config', async () => {
  const { stdout } = await check(write('a.geojson', '{"type": "FeatureCollection", "features": []}'));
  expect(stdout).toMatch(/:1:1: error: this is a map \(GeoJSON\); write the properties of its features/);
});
