/** Measures the engine side by side with other programs. `--quick`: fewer repetitions; names of workloads: only those. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { isWorthSharing } from '../../src/engine/kernels/helper';
import { Contestant, median } from './contestant';
import { makeDataset, writeDataFile } from './dataFile';
import { postingShare } from './postingCost';
import { checkLosses, tableOf, type Measured } from './table';
import { workloads, type Workload } from './workloads';

const options = process.argv.slice(2);
const quick = options.includes('--quick');
const names = options.filter((option) => !option.startsWith('--'));
const rounds = quick ? 5 : 15;
/** Seconds after which a slow contestant sits out the remaining rounds; it has run at least once. */
const patience = quick ? 2 : 10;

const root = process.cwd();
const folder = path.join(root, 'out/bench');
const here = (file: string) => path.join(folder, file);
const source = (file: string) => path.join(root, 'test/bench', file);

/** The C kernel compiled for some instructions; undefined without a compiler for them. */
function compileFused(instructions: string): string | undefined {
  const program = here(`fused${instructions}`);
  const { status } = spawnSync('cc', ['-O3', instructions, '-o', program, source('fused.c')], { stdio: 'inherit' });
  return status === 0 ? program : undefined;
}

/** The first Python that has PyTorch, else the first that has numpy, and what is installed there. */
function findPython(): { program: string; versions: Map<string, string> } | undefined {
  const found = ['python3', '/usr/bin/python3'].map((program) => {
    const { stdout } = spawnSync(program, [source('frameworks.py'), 'versions'], { encoding: 'utf8' });
    const lines = (stdout ?? '').trim().split('\n').filter(Boolean);
    return { program, versions: new Map(lines.map((line) => line.split(' ') as [string, string])) };
  });
  return found.find(({ versions }) => versions.has('torch')) ?? found.find(({ versions }) => versions.has('numpy'));
}

const fused = compileFused('-march=native');
const fusedSame = compileFused('-msse4.2');
const python = findPython();

function argumentsOf(file: string, { rows, inputs, batchSize, epochs, lr, shuffle, seed }: Workload): string[] {
  return [file, ...[rows, inputs, batchSize, epochs, lr, shuffle ? 1 : 0, seed].map(String)];
}

function contestantsFor(workload: Workload, file: string): Contestant[] {
  const engine = (kind: string) => [process.execPath, here('engine.js'), file, workload.name, kind];
  const contestants = [new Contestant('engine', engine('wasm'))];
  const { rows, inputs, batchSize } = workload;
  if (isWorthSharing({ rows, inFeatures: inputs }, batchSize)) {
    contestants.push(new Contestant('engine-alone', engine('wasm-alone')));
    contestants.push(new Contestant('engine-shared', engine('wasm-shared')));
  }
  if (fusedSame) contestants.push(new Contestant('C-same', [fusedSame, ...argumentsOf(file, workload)]));
  if (fused) contestants.push(new Contestant('C', [fused, ...argumentsOf(file, workload)]));
  contestants.push(new Contestant('plain', engine('plain')));
  if (!python) return contestants;
  const script = (kind: string, ...more: (string | number)[]) => [
    ...[python.program, source('frameworks.py'), kind, ...argumentsOf(file, workload)],
    ...more.map(String),
  ];
  const share = workload.loaderShare;
  if (python.versions.has('torch')) {
    contestants.push(new Contestant('torch', script('torch')));
    contestants.push(new Contestant('torch-by-hand', script('torch-by-hand')));
    contestants.push(
      new Contestant('torch-loader', script('torch-loader', share.rows, share.epochs), 1 / (share.rows * share.epochs)),
    );
  }
  contestants.push(new Contestant('numpy', script('numpy')));
  if (python.versions.has('sklearn') && workload.batchSize < workload.rows) {
    contestants.push(new Contestant('sklearn', script('sklearn')));
  }
  return contestants;
}

/** Runs that are not kept: compilers that watch a program run take some time to get at it. */
async function warmUp(contestant: Contestant): Promise<void> {
  if (contestant.scale !== 1) return;
  const start = performance.now();
  do await contestant.run();
  while (performance.now() - start < 300);
}

async function measure(workload: Workload): Promise<Measured> {
  const file = here(`${workload.name}.bin`);
  const dataset = makeDataset(workload);
  writeDataFile(file, dataset, workload.seed);
  const contestants = contestantsFor(workload, file);
  try {
    for (const contestant of contestants) await warmUp(contestant);
    for (let round = 0; round < rounds; round++) {
      for (const contestant of contestants) if (contestant.spent < patience) await contestant.measure();
    }
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
  }
  checkLosses(workload, contestants);
  const measured = { workload, contestants, posting: postingShare(dataset) };
  rmSync(file);
  return measured;
}

/** Seconds of the first run of the tutorial in a fresh process, set-up and compiling included. */
function firstRun(workload: Workload): number {
  const file = here('first.bin');
  writeDataFile(file, makeDataset(workload), workload.seed);
  const seconds = Array.from({ length: quick ? 5 : 15 }, () =>
    parseFloat(
      execFileSync(process.execPath, [here('engine.js'), file, workload.name, 'wasm', 'fresh'], { encoding: 'utf8' }),
    ),
  );
  rmSync(file);
  return median(seconds);
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const measured: Measured[] = [];
  for (const workload of workloads) {
    if (names.length > 0 && !names.includes(workload.name)) continue;
    console.error(`${workload.name}, ${workload.title} …`);
    measured.push(await measure(workload));
  }
  const tutorial = measured.find(({ workload }) => workload.name === 'W1');
  const compiler = fused && execFileSync('cc', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  const versions = [...(python?.versions ?? [])].map((pair) => pair.join(' '));
  const machine = [`${cpus().length} × ${cpus()[0].model}`, `Node ${process.versions.node}`, compiler, ...versions];
  const table = tableOf(measured, {
    machine: machine.filter(Boolean).join('; '),
    rounds,
    ...(tutorial && { firstRun: firstRun(tutorial.workload) }),
  });
  writeFileSync(path.join(root, 'out/bench.md'), table);
  console.log(table);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
