import { median, type Contestant } from './contestant';
import type { Workload } from './workloads';

/** A workload and who ran it. */
export interface Measured {
  workload: Workload;
  contestants: Contestant[];
  /** The share of a run's time that updates to a view cost. */
  posting: number;
}

/** What stands around the table. */
export interface Surroundings {
  machine: string;
  rounds: number;
  /** Seconds. */
  firstRun?: number;
}

/** Times that C may be faster with the instructions that WebAssembly has. */
const mostTimesSame = 1.5;

const titles: Record<string, string> = {
  engine: 'the engine',
  'engine-alone': 'on one thread',
  'engine-shared': 'on two threads',
  'C-same': 'fused C, WebAssembly’s instructions',
  C: 'fused C, the machine’s own',
  plain: 'its plain TypeScript twin',
  torch: 'PyTorch, index tensors',
  'torch-by-hand': 'PyTorch, autograd by hand',
  'torch-loader': 'PyTorch with DataLoader',
  numpy: 'numpy by hand',
  sklearn: 'SGDRegressor, one row a batch',
};

/** Those draw the same order, so they end where the engine ends except for rounding. */
const sameOrder = ['engine-alone', 'engine-shared', 'C-same', 'C', 'plain', 'torch', 'torch-by-hand'];

/** @throws Error where a contestant that did all the work ended elsewhere than the engine. */
export function checkLosses({ name }: Workload, contestants: Contestant[]): void {
  const { loss } = contestants[0].runs[0];
  for (const contestant of contestants) {
    if (contestant.scale !== 1) continue;
    const tolerance = toleranceOf(name, sameOrder.includes(contestant.name));
    for (const run of contestant.runs) {
      if (Math.abs(Math.log(run.loss / loss)) <= tolerance) continue;
      throw new Error(`${name}: ${contestant.name} ends at a loss of ${run.loss}, the engine at ${loss}`);
    }
  }
}

/**
 * How far logarithms of losses may be apart. The tutorial's data is so ill-conditioned that rounding shows, and its last
 * step, a single row's, moves the loss several times over; so another order tells little there.
 */
function toleranceOf(workload: string, isSameOrder: boolean): number {
  if (workload === 'W1') return isSameOrder ? 1e-3 : Math.log(10);
  return isSameOrder ? 1e-4 : 0.1;
}

/** Times, ratios and targets in Markdown. */
export function tableOf(measured: Measured[], { machine, rounds, firstRun }: Surroundings): string {
  const heads = measured.map(({ workload }) => head(workload));
  const lines = [
    `Medians of up to ${rounds} interleaved rounds, in milliseconds; in brackets, times the engine. ${machine}.`,
    'Float32, one target, `mse_loss`, SGD. All end at the same loss. A round lasts 50 ms at least. ≈: measured on a share of the work.',
    threadsOf(measured),
    '',
    row(['', ...heads]),
    row(['---', ...heads.map(() => '---:')]),
    ...Object.keys(titles)
      .filter((name) => measured.some(({ contestants }) => contestants.some((each) => each.name === name)))
      .map((name) => row([titles[name], ...measured.map((each) => time(each, name))])),
    '',
    row(['target', ...heads.map((_, i) => measured[i].workload.name), '']),
    row(['---', ...heads.map(() => '---:'), '---']),
    targetRow('× C with the same instructions, at most', measured, 'C-same', () => mostTimesSame),
    targetRow('× C, at most', measured, 'C', ({ mostTimesC }) => mostTimesC),
    targetRow('× faster than PyTorch, at least', measured, 'torch', ({ leastTimesTorch }) => leastTimesTorch),
    targetRow('× faster than numpy, at least', measured, 'numpy', ({ leastTimesNumpy }) => leastTimesNumpy),
    '',
    `Posting 60 updates a second costs ${(Math.max(...measured.map(({ posting }) => posting)) * 100).toFixed(2)} % of a run (target: 2 %).`,
  ];
  if (firstRun !== undefined) {
    lines.push(`The tutorial's first run in a fresh process: ${(firstRun * 1000).toFixed(1)} ms (target: 50 ms).`);
  }
  return lines.join('\n') + '\n';
}

/** Who works with how many threads. */
function threadsOf(measured: Measured[]): string {
  const chosen = measured.map(({ workload, contestants }) => {
    const threads = contestants[0].runs.map((run) => run.threads ?? 1);
    return `${workload.name} ${median(threads)}`;
  });
  return `Threads that the engine chose: ${chosen.join(', ')}; C and the twin: one; PyTorch and numpy: as many as they choose.`;
}

function head({ name, title, rows, inputs, batchSize, epochs }: Workload): string {
  const count = rows.toLocaleString('en');
  const batch = batchSize === rows ? 'all' : batchSize;
  return `${name} ${title}: ${count} × ${inputs}, batch ${batch}, ${epochs} epochs`;
}

function time({ contestants }: Measured, name: string): string {
  const contestant = contestants.find((each) => each.name === name);
  if (!contestant) return '–';
  const share = contestant.scale === 1 ? '' : '≈ ';
  const text = `${share}${digits(contestant.median * 1000)}`;
  return name === 'engine' ? text : `${text} (${digits(contestant.median / contestants[0].median)})`;
}

/** Reached ratios beside the targets, and a mark where one is missed. */
function targetRow(title: string, measured: Measured[], name: string, target: (workload: Workload) => number): string {
  const cells = measured.map(({ workload, contestants }) => {
    const contestant = contestants.find((each) => each.name === name);
    if (!contestant) return '–';
    const faster = contestant.median / contestants[0].median;
    const isLimit = name.startsWith('C');
    const reached = isLimit ? 1 / faster : faster;
    const isMet = isLimit ? reached <= target(workload) : reached >= target(workload);
    return `${digits(reached)} of ${target(workload)}${isMet ? '' : ' (missed)'}`;
  });
  return row([title, ...cells, '']);
}

function row(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function digits(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
