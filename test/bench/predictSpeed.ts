/**
 * Measures `gradient-descent predict` from csv to csv beside reading the same file alone, each in a process of its own.
 * `read FILE`: reads once; `predict MODEL DATA OUT`: predicts once; `idle`: does nothing.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, createReadStream, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { predictCommand } from '../../src/cli/predictCommand';
import { readTable } from '../../src/data/readTable';
import { Generator } from '../../src/engine/random/random';
import { exportRun } from '../../src/exports/exportRun';
import { openRun } from '../../src/training/openRun';
import { openFile } from '../../src/worker/openFile';
import { median } from './contestant';

const columns = 32;
const rows = Number(process.env['ROWS'] ?? 1_000_000);
const rounds = 3;
const names = Array.from({ length: columns }, (_, i) => `x${i}`);

/** Rows of numbers of seven digits, as measurements are. */
function writeRows(file: string, count: number, withTarget: boolean): void {
  const generator = new Generator(1);
  const draw = () => ((generator.uint32() / 2 ** 32 - 0.5) * 20).toFixed(6);
  const handle = openSync(file, 'w');
  writeSync(handle, [...names, ...(withTarget ? ['y'] : [])].join(',') + '\n');
  for (let row = 0; row < count; row += 1000) {
    const block = Array.from({ length: Math.min(1000, count - row) }, () =>
      Array.from({ length: columns + Number(withTarget) }, draw).join(','),
    );
    writeSync(handle, block.join('\n') + '\n');
  }
  closeSync(handle);
}

async function writeModel(folder: string, file: string): Promise<void> {
  const trained = path.join(folder, 'trained.csv');
  writeRows(trained, 1000, true);
  const config = {
    seed: 0,
    dataset: { file: 'trained.csv', scale: 'standard' },
    optimizer: { type: 'SGD', lr: 0.001 },
  };
  const configText = JSON.stringify({ ...config, epochs: 1 });
  const request = { configText, configFile: 'a.gd.json', seed: 0, file: { name: 'trained.csv', path: trained } };
  const run = await openRun(request, { openFile });
  if ('problems' in run) throw new Error(run.problems[0].message);
  const { parameters } = run.trainer.parts.model;
  const none = new Float64Array(0);
  const epochs = { epoch: none, loss: none, batchLoss: none, valLoss: none, lr: none };
  const position = { epoch: 0, batch: 0 };
  writeFileSync(file, await exportRun('safetensors', { run, name: 'a', parameters, position, epochs, verdict: '' }));
  rmSync(trained);
}

/** Seconds, and the most megabytes that the process ever held. */
type Measured = [seconds: number, peak: number];

function measure(...words: string[]): Measured {
  const printed = execFileSync(process.execPath, [process.argv[1], ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return printed.trim().split('\n').at(-1)!.split(' ').map(Number) as Measured;
}

async function alone(work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  console.log((performance.now() - start) / 1000, process.resourceUsage().maxRSS / 1e3);
}

async function linesIn(file: string): Promise<number> {
  let count = 0;
  for await (const line of createInterface(createReadStream(file))) count += Number(line.length > 0);
  return count;
}

async function compare(): Promise<void> {
  const folder = path.join(process.cwd(), 'out/bench');
  mkdirSync(folder, { recursive: true });
  const [model, data, out] = ['model.safetensors', 'rows.csv', 'predictions.csv'].map((one) => path.join(folder, one));
  await writeModel(folder, model);
  writeRows(data, rows, false);
  const measured = { reading: [] as Measured[], predicting: [] as Measured[] };
  for (let round = 0; round < rounds; round++) {
    measured.reading.push(measure('read', data));
    measured.predicting.push(measure('predict', model, data, out));
  }
  const [, idle] = measure('idle');
  if ((await linesIn(out)) !== rows + 1) throw new Error('rows are missing');
  const middle = (of: Measured[], which: 0 | 1) => median(of.map((one) => one[which]));
  const line = (name: string, of: Measured[]) =>
    `| ${name} | ${middle(of, 0).toFixed(2)} | ${middle(of, 1).toFixed(0)} |`;
  const share = middle(measured.predicting, 0) / middle(measured.reading, 0);
  console.log(
    [
      `${(statSync(data).size / 1e6).toFixed(0)} MB of csv, ${rows} rows of ${columns} numbers; medians of ${rounds}`,
      '',
      '| what | seconds | peak MB |',
      '| --- | --- | --- |',
      line('reading alone, into a table', measured.reading),
      line('predict, from csv to csv', measured.predicting),
      '',
      `predict takes ${share.toFixed(2)} times as long as reading (at most 1.5 is wanted), and ${(middle(measured.predicting, 1) - idle).toFixed(0)} MB over an idle process of ${idle.toFixed(0)} MB (at most 150)`,
    ].join('\n'),
  );
  for (const file of [model, data, out]) rmSync(file);
}

const [what, ...files] = process.argv.slice(2);
if (what === 'read') void alone(async () => readTable(await openFile(files[0]), files[0]));
else if (what === 'predict') void alone(() => predictCommand(files[0], files[1], files[2]));
else if (what === 'idle') void alone(() => Promise.resolve());
else void compare();
