/**
 * Measures reading a csv file into a dataset side by side with pandas, and the memory that a run on it takes. `read FILE`:
 * reads once, for itself; `train FILE`: trains as the command line does; `glance FILE`: reads what the column picker asks for;
 * `idle`: does nothing. A number is the size of the file in megabytes, instead of 200.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { headBytes } from '../../src/data/bytes/headOf';
import { describeFile } from '../../src/data/describeTable';
import { readDataset } from '../../src/data/dataset/fileDataset';
import { trainRun } from '../../src/cli/trainedRun';
import { Generator } from '../../src/engine/random/random';
import { openFile } from '../../src/worker/openFile';
import { median } from './contestant';

const columns = 20;
const rounds = 3;

const pandasProgram = `
import sys, time, resource, pandas
start = time.perf_counter()
frame = pandas.read_csv(sys.argv[1])
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
print(seconds, peak, len(frame), frame.iloc[:, -1].astype("float32").astype("float64").sum())
`;

/** What one program says of one reading. */
interface Reading {
  seconds: number;
  /** Most memory that the process ever held, in megabytes. */
  peak: number;
  rows: number;
  /** Of the last column. */
  sum: number;
}

/** Numbers of six to eight digits, as measurements are. */
function writeTable(file: string, megabytes: number): void {
  const generator = new Generator(1);
  const handle = openSync(file, 'w');
  let written = writeSync(handle, Array.from({ length: columns }, (_, i) => `column${i}`).join(',') + '\n');
  while (written < megabytes * 1e6) {
    const rows = Array.from({ length: 2000 }, () =>
      Array.from({ length: columns }, () => ((generator.uint32() / 2 ** 32 - 0.5) * 20).toFixed(6)).join(','),
    );
    written += writeSync(handle, rows.join('\n') + '\n');
  }
  closeSync(handle);
}

/** Reads as a training worker does, in a process that does nothing else. */
async function readHere(file: string): Promise<void> {
  const start = performance.now();
  const { dataset, problems } = await readDataset(await openFile(file), { fileName: file });
  const seconds = (performance.now() - start) / 1000;
  if (!dataset) throw new Error(problems[0].message);
  const sum = dataset.targets.reduce((total, value) => total + value, 0);
  console.log(seconds, process.resourceUsage().maxRSS / 1e3, dataset.rows, sum);
}

/** Trains as the command line does, its verdict included, in a process that does nothing else. */
async function trainHere(file: string): Promise<void> {
  const optimizer = { type: 'SGD', lr: 0.001 };
  const dataset = { file: path.basename(file) };
  const configText = JSON.stringify({ dataset, loader: { batch_size: 256 }, optimizer, epochs: 2 });
  const request = { configText, configFile: file, seed: 1, file: { name: file, path: file } };
  const trained = await trainRun(request, () => undefined);
  if (trained?.state.status !== 'finished') throw new Error(`no run of ${file}`);
  printPeak();
}

/** Looks at a file as the worker does before the column picker opens, in a process that does nothing else. */
async function glanceHere(file: string): Promise<void> {
  const before = process.cpuUsage();
  const content = await openFile(file);
  const { columns: found } = await describeFile(content, file, {}, undefined, headBytes);
  const { user, system } = process.cpuUsage(before);
  if (found.length !== columns) throw new Error(`${found.length} columns`);
  console.log((user + system) / 1e6);
}

function printPeak(): void {
  console.log(process.resourceUsage().maxRSS / 1e3);
}

function numberFrom(...options: string[]): number {
  return Number(execFileSync(process.execPath, [process.argv[1], ...options], { encoding: 'utf8' }));
}

function run(command: string[]): Reading {
  const words = execFileSync(command[0], command.slice(1), { encoding: 'utf8' }).trim().split(' ').map(Number);
  const [seconds, peak, rows, sum] = words;
  return { seconds, peak, rows, sum };
}

function findPandas(): string | undefined {
  return ['python3', '/usr/bin/python3'].find((program) => spawnSync(program, ['-c', 'import pandas']).status === 0);
}

function compare(megabytes: number): void {
  const folder = path.join(process.cwd(), 'out/bench');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'table.csv');
  writeTable(file, megabytes);
  const python = findPandas();
  const [ours, theirs]: [Reading[], Reading[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    ours.push(run([process.execPath, process.argv[1], 'read', file]));
    if (python) theirs.push(run([python, '-c', pandasProgram, file]));
  }
  const overIdle = numberFrom('train', file) - numberFrom('idle');
  const glance = median(Array.from({ length: rounds }, () => numberFrom('glance', file)));
  const size = statSync(file).size;
  rmSync(file);
  const wrong = theirs.find(({ rows, sum }) => rows !== ours[0].rows || Math.abs(sum - ours[0].sum) > 1e-6 * rows);
  if (wrong)
    throw new Error(`pandas reads ${wrong.rows} rows that sum to ${wrong.sum}, not ${JSON.stringify(ours[0])}`);
  const row = (name: string, readings: Reading[]) => {
    if (readings.length === 0) return [];
    const seconds = median(readings.map((reading) => reading.seconds));
    const peak = median(readings.map((reading) => reading.peak));
    return [`| ${name} | ${seconds.toFixed(2)} | ${(size / 1e6 / seconds).toFixed(0)} | ${peak.toFixed(0)} |`];
  };
  const floats = (ours[0].rows * columns * 4) / 1e6;
  console.log(
    [
      `${(size / 1e6).toFixed(0)} MB of csv, ${ours[0].rows} rows of ${columns} numbers (${floats.toFixed(0)} MB of float32); medians of ${rounds}`,
      '',
      '| reader | seconds | MB/s | peak MB |',
      '| --- | --- | --- | --- |',
      ...row('this extension', ours),
      ...row('pandas.read_csv', theirs),
      '',
      `A run of it: ${overIdle.toFixed(0)} MB over an idle process, of which ${floats.toFixed(0)} MB are its float32`,
      `Its columns for the picker: ${glance.toFixed(2)} s of CPU`,
    ].join('\n'),
  );
}

if (process.argv[2] === 'read') void readHere(process.argv[3]);
else if (process.argv[2] === 'train') void trainHere(process.argv[3]);
else if (process.argv[2] === 'glance') void glanceHere(process.argv[3]);
else if (process.argv[2] === 'idle') printPeak();
else compare(Number(process.argv[2] ?? 200));
