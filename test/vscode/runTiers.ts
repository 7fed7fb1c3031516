import { onExit } from './editor/onExit';
import { runHostSuite } from './tiers/hostSuite';
import { runNpmScript, runVitest } from './tiers/programs';
import type { TestCounts } from './tiers/results';

/** The tiers in the order in which they run: what says most for its time comes first. */
const tiers: Record<string, () => Promise<TestCounts>> = {
  typecheck: () => runNpmScript('typecheck'),
  lint: () => runNpmScript('lint'),
  format: () => runNpmScript('format:check'),
  unit: () => runVitest('unit'),
  page: () => runVitest('page'),
  suite: () => runHostSuite('node'),
  web: () => runHostSuite('web'),
  ui: () => runVitest('ui'),
};

/** Tiers that share nothing, so that they may run at the same time. */
const independent = ['typecheck', 'lint', 'format'];

interface Report extends TestCounts {
  tier: string;
  seconds: string;
}

/** Runs all tiers, or those that are named, and returns the exit status; the last line is `N passed, N failed`. */
export async function main(names: string[]): Promise<number> {
  const unknown = names.filter((name) => !(name in tiers));
  if (unknown.length > 0) {
    console.error(`npm test: no tier is called ${unknown.join(', ')}; there are ${Object.keys(tiers).join(', ')}.`);
    console.log('0 passed, 1 failed');
    return 2;
  }
  const reports: Report[] = [];
  let running: string[] = [];
  const cancel = onExit(() => {
    const failures = [{ name: 'interrupted', message: 'this tier did not end and the later ones did not start' }];
    printSummary([...reports, { tier: running.join(', '), seconds: '', passed: 0, failures }]);
  });
  const chosen = names.length > 0 ? names : Object.keys(tiers);
  const first = chosen.filter((name) => independent.includes(name));
  const others = chosen.filter((name) => !independent.includes(name));
  for (const group of [first, ...others.map((name) => [name])]) {
    running = group;
    reports.push(...(await Promise.all(group.map(runTier))));
  }
  cancel();
  return printSummary(reports);
}

async function runTier(tier: string): Promise<Report> {
  console.log(`\n=== ${tier}`);
  const start = performance.now();
  const counts = await tiers[tier]().catch(asFailure(tier));
  return { ...counts, tier, seconds: ((performance.now() - start) / 1000).toFixed(1) };
}

function asFailure(tier: string) {
  return (error: unknown): TestCounts => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failures: [{ name: tier, message }] };
  };
}

function printSummary(reports: Report[]): number {
  const failures = reports.flatMap((report) => report.failures.map((failure) => ({ ...failure, tier: report.tier })));
  for (const { tier, name, message } of failures) {
    console.log(`\nFAILED ${tier}: ${name}\n${message.replace(/^/gm, '  ')}`);
  }
  console.log('\ntier        passed  failed  seconds');
  for (const { tier, passed, failures: failed, seconds } of reports) {
    console.log(`${tier.padEnd(10)} ${pad(passed)} ${pad(failed.length)} ${seconds.padStart(8)}`);
  }
  const passed = reports.reduce((sum, report) => sum + report.passed, 0);
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length > 0 || passed === 0 ? 1 : 0;
}

function pad(count: number): string {
  return String(count).padStart(7);
}
