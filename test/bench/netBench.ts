/** Measures the engine on nets side by side with other programs. `--quick`: fewer repetitions; names of workloads: only those. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { Contestant } from './contestant';
import { writeNetData } from './netData';
import { netArguments, netWorkloads, type NetWorkload } from './netWorkloads';

const options = process.argv.slice(2);
const quick = options.includes('--quick');
const names = options.filter((option) => !option.startsWith('--'));
const rounds = quick ? 3 : 9;
/** Seconds after which a slow contestant sits out the remaining rounds; it has run at least once. */
const patience = quick ? 2 : 10;
/** How far logarithms of final losses may be apart: all do the same steps, in other roundings. */
const tolerance = 0.01;

const root = process.cwd();
const folder = path.join(root, 'out/bench');
const here = (file: string) => path.join(folder, file);
const source = (file: string) => path.join(root, 'test/bench', file);

const titles: Record<string, string> = {
  engine: 'the engine',
  'C-same': 'fused C, WebAssembly’s instructions',
  C: 'fused C, the machine’s own',
  plain: 'its plain TypeScript twin',
  torch: 'PyTorch, index tensors',
  'torch-by-hand': 'PyTorch, autograd by hand',
};

/** The C program compiled for some instructions; undefined without a compiler for them. */
function compile(instructions: string): string | undefined {
  const program = here(`fusedNet${instructions}`);
  const command = ['-O3', instructions, '-o', program, source('fusedNet.c'), '-lm'];
  return spawnSync('cc', command, { stdio: 'inherit' }).status === 0 ? program : undefined;
}

/** The first Python that has PyTorch, and which version. */
function findTorch(): { program: string; version: string } | undefined {
  const found = ['python3', '/usr/bin/python3'].map((program) => {
    const { stdout } = spawnSync(program, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
    return { program, version: (stdout ?? '').trim() };
  });
  return found.find(({ version }) => version);
}

const programs = { 'C-same': compile('-msse4.2'), C: compile('-march=native') };
const torch = findTorch();

function contestantsFor(workload: NetWorkload, file: string): Contestant[] {
  const engine = (kind: string) => [process.execPath, here('netEngine.js'), file, workload.name, kind];
  const rest = [file, ...netArguments(workload)];
  const inC = Object.entries(programs).flatMap(([name, program]) =>
    program ? [new Contestant(name, [program, ...rest])] : [],
  );
  const inPython = ['torch', 'torch-by-hand'].flatMap((kind) =>
    torch ? [new Contestant(kind, [torch.program, source('netFrameworks.py'), kind, ...rest])] : [],
  );
  return [new Contestant('engine', engine('wasm')), ...inC, new Contestant('plain', engine('plain')), ...inPython];
}

/** Takes turns. @throws Error where one ends elsewhere than the engine. */
async function measure(workload: NetWorkload): Promise<Contestant[]> {
  const file = here(`${workload.name}.bin`);
  writeNetData(file, workload);
  const contestants = contestantsFor(workload, file);
  try {
    // A first run that is not kept: compilers that watch a program run take some time to get at it.
    for (const contestant of contestants) await contestant.run();
    for (let round = 0; round < rounds; round++) {
      for (const contestant of contestants) if (contestant.spent < patience) await contestant.measure();
    }
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
    rmSync(file);
  }
  const { loss } = contestants[0].runs[0];
  for (const { name, runs } of contestants) {
    if (Math.abs(Math.log(runs[0].loss / loss)) <= tolerance) continue;
    throw new Error(`${workload.name}: ${name} ends at a loss of ${runs[0].loss}, the engine at ${loss}`);
  }
  return contestants;
}

function digits(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function head({ name, title, widths, activation, rows, batchSize, epochs }: NetWorkload): string {
  return `${name} ${title}: ${widths.join('-')} ${activation}, ${rows.toLocaleString('en')} rows, batch ${batchSize}, ${epochs} epochs`;
}

type Measured = { workload: NetWorkload; contestants: Contestant[] };

function tableOf(measured: Measured[]): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const find = ({ contestants }: Measured, name: string) => contestants.find((one) => one.name === name);
  const time = (one: Measured, name: string) => {
    const contestant = find(one, name);
    if (!contestant) return '–';
    const text = digits(contestant.median * 1000);
    return name === 'engine' ? text : `${text} (${digits(contestant.median / one.contestants[0].median)})`;
  };
  const verdict = (reached: number, target: number, isMet: boolean) =>
    `${digits(reached)} of ${target}${isMet ? '' : ' (missed)'}`;
  const timesTorch = (one: Measured) => {
    const times = ['torch', 'torch-by-hand'].flatMap((name) => find(one, name)?.median ?? []);
    if (times.length === 0) return '–';
    const reached = Math.min(...times) / one.contestants[0].median;
    return verdict(reached, one.workload.leastTimesTorch, reached >= one.workload.leastTimesTorch);
  };
  const timesC = (one: Measured) => {
    const fused = find(one, 'C-same');
    if (!fused) return '–';
    const reached = one.contestants[0].median / fused.median;
    return verdict(reached, one.workload.mostTimesC, reached <= one.workload.mostTimesC);
  };
  return [
    row(['milliseconds, and times the engine’s', ...measured.map(({ workload }) => head(workload))]),
    row(['---', ...measured.map(() => '--:')]),
    ...Object.entries(titles).map(([name, title]) => row([title, ...measured.map((one) => time(one, name))])),
    row(['faster than PyTorch, of at least', ...measured.map(timesTorch)]),
    row(['times C with the same instructions, of at most', ...measured.map(timesC)]),
  ].join('\n');
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const measured: Measured[] = [];
  for (const workload of netWorkloads) {
    if (names.length > 0 && !names.includes(workload.name)) continue;
    console.error(`${workload.name}, ${workload.title} …`);
    measured.push({ workload, contestants: await measure(workload) });
  }
  const compiler = programs.C && execFileSync('cc', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  const parts = [`${cpus().length} × ${cpus()[0].model}`, `Node ${process.versions.node}`, compiler];
  const machine = [...parts, torch && `PyTorch ${torch.version}`].filter(Boolean).join('; ');
  const table = `${tableOf(measured)}\n\nMedians of ${rounds} rounds, taking turns, on ${machine}.\n`;
  writeFileSync(path.join(root, 'out/netBench.md'), table);
  console.log(table);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
