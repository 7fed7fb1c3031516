/**
 * Measures the verdicts: how many faults are found and named, how many healthy runs are not left in peace, and what the first
 * fix brings. `--final`: seeds that are not built with; a number: how many runs. `--examples`: prints what is said
 * of one run for each fault instead.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeCases } from './verdicts/cases';
import type { Case } from './verdicts/healthy';
import { median } from './contestant';
import { fixed, judgingTime, train, type Outcome } from './verdicts/runs';

const options = process.argv.slice(2);
const half = options.includes('--final') ? 'final' : 'build';
const count = Number(options.find((option) => /^\d+$/.test(option)) ?? 300);
/** Share of what the healthy run reaches that a mended one must reach. */
const arrived = 0.9;
/** Updates a second to a view that follows a run, unless a setting says otherwise. */
const updates = 30;
/** Verdicts that say that nothing is wrong. */
const peaceful = new Set(['fine', 'converged', 'improving', 'early_stopped', 'unknown']);

interface Measured {
  one: Case;
  outcome: Outcome;
  /** Of the healthy run, and of the run with the first fix; absent if there is none. */
  reachable?: number;
  mended?: number;
}

const isDetected = ({ outcome: { before, after } }: Measured) =>
  !peaceful.has(after.code) || (before !== undefined && !peaceful.has(before.code));
const namesIt = ({ one, outcome: { before, after } }: Measured) => [before?.code, after.code].includes(one.label);

async function measure(one: Case): Promise<Measured> {
  const outcome = await train(one.run);
  if (one.label === 'healthy' || !one.healthy) return { one, outcome };
  const reachable = (await train(one.healthy)).score;
  const [fix] = outcome.after.fixes;
  if (!fix) return { one, outcome, reachable };
  return { one, outcome, reachable, mended: (await train(fixed(one.run, fix))).score };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

function rowOf(label: string, all: Measured[]): string {
  const mendable = all.filter(({ reachable }) => reachable !== undefined);
  const mended = mendable.filter(isMended);
  const [detected, named] = [all.filter(isDetected), all.filter(namesIt)].map((list) =>
    percent(list.length, all.length),
  );
  return `| ${label} | ${all.length} | ${detected} | ${named} | ${percent(mended.length, mendable.length)} of ${mendable.length} |`;
}

const isMended = ({ mended = -Infinity, reachable = Infinity }: Measured) => mended >= arrived * reachable;

function missOf(found: Measured): string {
  const { one, outcome, mended, reachable } = found;
  const { before, after } = outcome;
  const fix = after.fixes[0]?.title ?? 'no fix';
  const scores = [outcome.score, mended, reachable].map((value) => value?.toFixed(3) ?? '–').join(' → ');
  const { optimizer, loader, epochs, loss } = one.run.config;
  return (
    `- seed ${one.seed}, ${one.label} (${one.title}): before ${before?.code}, after ${after.code}; ${scores}; ${fix}\n` +
    `  ${after.sentence}\n  ${JSON.stringify({ optimizer, loader, epochs, loss })}`
  );
}

/** The first run of each fault that is named, what is said of it and offered. */
async function printExamples(): Promise<void> {
  const shown = new Set(['healthy']);
  for await (const { label, run } of makeCases(half, count)) {
    if (shown.has(label)) continue;
    const { before, after } = await train(run);
    const named = [after, before].find((verdict) => verdict?.code === label);
    if (!named) continue;
    shown.add(label);
    console.log(`| \`${label}\` | ${named.sentence} | ${named.fixes[0]?.title ?? '–'} |`);
  }
}

async function main(): Promise<void> {
  if (options.includes('--examples')) return printExamples();
  const measured: Measured[] = [];
  const file = path.join(process.cwd(), 'out/bench', `verdicts-${half}.md`);
  for await (const one of makeCases(half, count)) {
    measured.push(await measure(one));
    // What is measured so far can be read while the rest runs.
    if (measured.length % 20 === 0) writeFileSync(file, reportOf(measured));
  }
  const text = reportOf(measured);
  writeFileSync(file, text);
  console.log(text);
}

function reportOf(measured: Measured[]): string {
  const healthy = measured.filter(({ one }) => one.label === 'healthy');
  const faulty = measured.filter(({ one }) => one.label !== 'healthy');
  const labels = [...new Set(faulty.map(({ one }) => one.label))].sort();
  const alarms = healthy.filter(isDetected);
  const table = [
    `${measured.length} runs (${half} seeds), ${measured.filter(({ one }) => one.isNet).length} of them nets; ${healthy.length} healthy, false alarms: ${alarms.length}`,
    '',
    '| code | runs | detected | named | first fix reaches 90 % |',
    '| --- | --- | --- | --- | --- |',
    ...labels.map((label) =>
      rowOf(
        label,
        faulty.filter(({ one }) => one.label === label),
      ),
    ),
    rowOf('all', faulty),
  ];
  const times = measured.map(({ outcome }) => judgingTime(outcome.state));
  const share = (milliseconds: number) => `${((milliseconds * updates) / 10).toPrecision(2)} %`;
  const [usual, longest] = [median(times), Math.max(...times)];
  table.push(
    '',
    `Judging a run while it trains, ${updates} times a second: ${share(usual)} of its time, at most ${share(longest)}`,
  );
  const misses = [
    ['False alarms', alarms],
    ['Not detected', faulty.filter((one) => !isDetected(one))],
    ['Named otherwise', faulty.filter((one) => isDetected(one) && !namesIt(one))],
    ['Not mended by the first fix', faulty.filter((one) => one.reachable !== undefined && !isMended(one))],
  ] as const;
  const listed = misses.flatMap(([title, list]) => ['', `${title}: ${list.length}`, ...list.map(missOf)]);
  return [...table, ...listed].join('\n') + '\n';
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
