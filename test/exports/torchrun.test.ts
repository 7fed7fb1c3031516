import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { handOver } from '../../src/exports/torchrun/handOver';
import { shardsOf, writeShard } from '../../src/exports/torchrun/shards';
import fileConfigs from '../fixtures/exports/configs.json';
import results from '../fixtures/torchrun.json';
import configs from '../fixtures/torchrun/configs.json';
import { exportedRun } from '../helpers/exportedRun';

const folder = path.join(__dirname, '../fixtures/exports');

async function filesOf(config: object) {
  const exported = await exportedRun(config, folder);
  const { files, parts } = handOver(exported, 0);
  const texts = new Map(files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('utf8')]));
  return { exported, parts, texts };
}

describe('the folder for torchrun', () => {
  it('has trained in one and two processes with the start, the order and the losses of the run, and gone on when killed', () => {
    expect(results).toHaveLength(configs.length);
    for (const { one, two, goesOn } of results) {
      for (const printed of [one, two]) {
        expect(printed.slice(0, 2)).toEqual(['start:  largest difference of a parameter 0', 'order:  the same']);
        expect(Number(/^losses: largest relative difference (.*)$/.exec(printed[2])![1])).toBeLessThanOrEqual(1e-4);
        expect(printed).toContain('The run and this script agree.');
      }
      expect(two.at(-1)).toBe("2 processes: batches and order are the run's; only sums are rounded in another order.");
      expect(goesOn).toBe(true);
    }
  });

  it.each(configs.map((config, i) => ({ i, config })))('has the script that ran there: $i', async ({ i, config }) => {
    const { texts } = await filesOf(config);
    expect(createHash('sha256').update(texts.get('train.py')!).digest('hex')).toBe(results[i].sha256);
  });

  it('holds the script, what the run recorded, the whole config, five lines to read, and the rows', async () => {
    const { texts, parts, exported } = await filesOf(configs[1]);
    expect([...texts.keys()].sort()).toEqual([
      'README.md',
      'config.gd.json',
      'data/rows-00000.csv',
      'recorded.py',
      'train.py',
    ]);
    expect(parts).toBe(1);
    expect(JSON.parse(texts.get('config.gd.json')!)).toEqual(JSON.parse(JSON.stringify(exported.run.config)));
    expect(texts.get('README.md')!.trim().split('\n')).toHaveLength(5);
  });

  it('holds the columns that products of inputs are made of, which the script multiplies', async () => {
    const dataset = { generate: 'moons', samples: 20, polynomial: { interaction_only: true } };
    const { texts } = await filesOf({ seed: 0, dataset, optimizer: { type: 'SGD', lr: 0.1 }, epochs: 2 });
    expect(texts.get('data/rows-00000.csv')!.split('\n')[0]).toBe('x0,x1,y');
    expect(texts.get('train.py')).toContain('INPUTS = ["x0", "x1", "x0 x1"]');
    expect(texts.get('train.py')).toContain('FACTORS = [[0,1]]');
  });

  it('holds names of columns as quoted data alone', async () => {
    const { texts } = await filesOf(fileConfigs[0]);
    const script = texts.get('train.py')!;
    const quoted = ['"x\\"]; import os; os.abort() #"', '"it\'s\\\\n\'\'\'\\"\\"\\" \\u202e{0} %s"'];
    expect(quoted.every((one) => script.includes(one))).toBe(true);
    expect(quoted.reduce((left, one) => left.replaceAll(one, ''), script)).not.toContain('os.abort');
    expect(texts.get('README.md')).not.toContain('os.abort');
  });

  it('says of a rule that needs all rows at once that it cannot be handed over', async () => {
    const metric = fileConfigs.find(({ early_stopping: rule }) => rule?.monitor === 'f1')!;
    const exported = await exportedRun(metric, folder);
    expect(() => handOver(exported, 0)).toThrow(
      'This run cannot be handed over: early_stopping monitors f1, which takes all rows at once; monitor loss or val_loss instead.',
    );
  });

  it('hands over no key or word that its script would leave out', async () => {
    const exported = await exportedRun(configs[0], folder);
    const { config } = exported.run;
    const handing = (other: object) => () =>
      handOver({ ...exported, run: { ...exported.run, config: { ...config, ...other } } }, 0);
    expect(handing({ optimizer: { ...config.optimizer, type: 'LBFGS' } })).toThrow(
      'LBFGS takes a batch several times in one step, which processes do not share; use another optimizer',
    );
    expect(handing({ momentum_of_nothing: 1 })).toThrow('momentum_of_nothing is not shared between processes');
    expect(handing({ log_every: 7 })).not.toThrow();
  });

  it('compares no parameters with a run that has not come to its end', async () => {
    const exported = await exportedRun(configs[0], folder);
    const { ended: _, ...others } = exported;
    const halfway = { ...others, position: { epoch: 20, batch: 0 } };
    const [recorded] = handOver(halfway, 0).files.filter(({ name }) => name === 'recorded.py');
    expect(Buffer.from(recorded.bytes).toString('utf8')).not.toContain('"end"');
  });
});

describe('shards', () => {
  it('hold every row once, in order, in digits that read back to the same numbers', () => {
    const rows = 2001;
    const inputs = Float32Array.from({ length: rows }, (_, row) => Math.sin(row) * 1e-3);
    const exact = Float64Array.from({ length: rows }, (_, row) => 1_000_000_000_000 + row / 3);
    const dataset = {
      ...{ rows, inputNames: ['a,"b"\n'], targetNames: ['y'], inputs, targets: Float32Array.from(exact) },
      exact: { inputs: new Map(), targets: new Map([[0, exact]]) },
    };
    const shards = shardsOf(dataset, 2001);
    expect(shards.map(({ name }) => name)).toEqual([0, 1, 2].map((i) => `data/rows-0000${i}.csv`));
    let row = 0;
    for (const shard of shards) {
      const [head, ...lines] = Buffer.from(writeShard(dataset, shard))
        .toString('utf8')
        .trimEnd()
        .split(/\n(?!",y)/);
      expect(head).toBe('"a,""b""\n",y');
      for (const line of lines) {
        const [x, y] = line.split(',').map(Number);
        if (Math.fround(x) !== inputs[row] || y !== exact[row]) throw new Error(`row ${row}: ${line}`);
        row++;
      }
    }
    expect(row).toBe(rows);
  });
});
