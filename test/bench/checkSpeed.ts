/**
 * Measures what `check` takes of a csv: reading it, the first check, and others of the same data, with what is said of these
 * at once. `measure CONFIG` does it once.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readDataset } from '../../src/data/dataset/fileDataset';
import { Generator } from '../../src/engine/random/random';
import { RunChecker } from '../../src/training/runChecker';
import { openFile } from '../../src/worker/openFile';
import { median } from './contestant';

/** Tables that people wait for, and how they are trained on. */
const tables = [
  { rows: 100_000, inputs: 32, classes: 10, loss: 'cross_entropy', scale: 'standard', lr: 0.05 },
  { rows: 100_000, inputs: 32, classes: 0, loss: 'mse_loss', scale: 'standard', lr: 0.01 },
  { rows: 5000, inputs: 2000, classes: 0, loss: 'mse_loss', scale: 'none', lr: 1e-4 },
];
const rounds = 3;

/** Writes a table whose targets follow its inputs, and a config beside it; the config's path. */
function write(folder: string, { rows, inputs, classes, ...training }: (typeof tables)[number]): string {
  const name = `check-${rows}x${inputs}-${training.loss}`;
  const generator = new Generator(rows);
  const outputs = Math.max(1, classes);
  const rule = generator.normal(inputs * outputs);
  const lines = [`${Array.from({ length: inputs }, (_, i) => `x${i}`).join()},y`];
  for (let row = 0; row < rows; row++) {
    const x = generator.normal(inputs).map((value) => Number(value.toFixed(3)));
    const noise = generator.normal(outputs);
    const y = noise.map((value, k) => x.reduce((sum, one, i) => sum + one * rule[i * outputs + k], 2 * value));
    lines.push(
      `${Array.from(x, (value) => value.toFixed(3)).join()},${classes > 0 ? y.indexOf(Math.max(...y)) : y[0].toFixed(3)}`,
    );
  }
  writeFileSync(path.join(folder, `${name}.csv`), lines.join('\n') + '\n');
  const { loss, scale, lr } = training;
  const config = {
    dataset: { file: `${name}.csv`, scale },
    loss,
    loader: { batch_size: 32 },
    optimizer: { type: 'SGD', lr },
    epochs: 5,
  };
  const file = path.join(folder, `${name}.gd.json`);
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Seconds of CPU that some work takes. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Reads, checks and checks again with one thing changed, in a process that does nothing else. */
async function measure(file: string): Promise<void> {
  const configText = readFileSync(file, 'utf8');
  const { dataset } = JSON.parse(configText) as { dataset: { file: string } };
  const data = path.join(path.dirname(file), dataset.file);
  const reading = await cpuOf(async () => readDataset(await openFile(data), { fileName: data }));
  const checker = new RunChecker();
  const request = { configFile: file, seed: 1, stamp: 'same', file: { name: data, path: data } };
  const check = (text: string) => async () => {
    const { report } = await checker.check({ configText: text, ...request }, { openFile });
    if (!report?.optimum && !report?.noOptimum) throw new Error(`no minimum was looked for of ${file}`);
  };
  /** Milliseconds until something is said of many rows; NaN where that needs all of them. */
  const soon = async (text: string) => {
    const start = performance.now();
    const { report } = await checker.check({ configText: text, ...request, soon: true }, { openFile });
    return report ? performance.now() - start : NaN;
  };
  const first = await cpuOf(check(configText));
  const again = await cpuOf(check(configText.replace(/"lr":[^,}]*/, '"lr":1e-3')));
  const otherLoss = configText.replace(/"loss":"(\w+)"/, (_, loss: string) =>
    loss === 'mse_loss' ? '"loss":"l1_loss"' : `"loss":{"type":"${loss}","label_smoothing":0.1}`,
  );
  const otherScale = configText.replace(/"scale":"\w+"/, '"scale":"minmax"');
  const changed = [];
  for (const text of [otherLoss, otherScale]) changed.push(await soon(text), await cpuOf(check(text)));
  console.log([reading, first, again, ...changed].join(' '));
}

function compare(): void {
  const folder = path.join(process.cwd(), 'out/bench');
  mkdirSync(folder, { recursive: true });
  const columns = 'table | reading | check | another rate | another loss | another scale';
  console.log(
    `Seconds of CPU, in brackets milliseconds until something is said; medians of ${rounds}\n\n| ${columns} |\n${'| --- '.repeat(6)}|`,
  );
  for (const table of tables) {
    const file = write(folder, table);
    const readings = Array.from({ length: rounds }, () =>
      execFileSync(process.execPath, [process.argv[1], 'measure', file], { encoding: 'utf8' })
        .trim()
        .split(' ')
        .map(Number),
    );
    const [reading, first, again, loss, allOfLoss, scale, allOfScale] = readings[0].map((_, i) =>
      median(readings.map((one) => one[i])),
    );
    const plain = [reading, first, again].map((one) => one.toFixed(2));
    const said = (time: number, cpu: number) => `${cpu.toFixed(2)} (${Number.isNaN(time) ? '–' : time.toFixed(0)})`;
    const seconds = [...plain, said(loss, allOfLoss), said(scale, allOfScale)];
    const name = `${table.rows.toLocaleString('en')} × ${table.inputs}, ${table.loss}${table.classes > 0 ? `, ${table.classes} classes` : ''}`;
    console.log(`| ${name} | ${seconds.join(' | ')} |`);
    rmSync(file);
    rmSync(file.replace('.gd.json', '.csv'));
  }
}

if (process.argv[2] === 'measure') void measure(process.argv[3]);
else compare();
