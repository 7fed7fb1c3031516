import { onExit } from './editor/onExit';
import { chooseVersion } from './install/vscodeVersion';
import { runHostSuite } from './tiers/hostSuite';
import { orderOf, parseTestArguments, tierNames, type TestArguments, type TierName } from './tiers/testArguments';
import { runNpmScript, runVitest } from './tiers/programs';
import type { TestCounts } from './tiers/results';

const tiers: Record<TierName, () => Promise<TestCounts>> = {
  typecheck: () => runNpmScript('typecheck'),
  lint: () => runNpmScript('lint'),
  format: () => runNpmScript('format:check'),
  unit: () => runVitest('unit'),
  page: () => runVitest('page'),
  suite: () => runHostSuite('node'),
  web: () => runHostSuite('web'),
  ui: () => runVitest('ui'),
};

interface Report extends TestCounts {
  tier: TierName;
  seconds: string;
}

/** Runs all tiers, or those that are named, and returns the exit status; the last line is `N passed, N failed`. */
export async function main(args: string[]): Promise<number> {
  let asked: TestArguments;
  try {
    asked = parseTestArguments(args);
  } catch (error) {
    console.error((error as Error).message);
    console.log('0 passed, 1 failed');
    return 2;
  }
  chooseVersion(asked.vscode);
  const reports: Report[] = [];
  const cancel = onExit(() => {
    const tier = asked.tiers.find((name) => !reports.some((report) => report.tier === name))!;
    const failures = [{ name: 'interrupted', message: 'this tier did not end, and others may not have started' }];
    printSummary([...reports, { tier, seconds: '', passed: 0, failures }]);
  });
  const waiting = orderOf(asked.tiers);
  const runLane = async () => {
    for (let tier = waiting.shift(); tier; tier = waiting.shift()) reports.push(await runTier(tier));
  };
  // Each fills about one core.
  await Promise.all([runLane(), runLane()]);
  cancel();
  return printSummary(reports);
}

async function runTier(tier: TierName): Promise<Report> {
  console.log(`=== ${tier} begins`);
  const start = performance.now();
  const counts = await tiers[tier]().catch(asFailure(tier));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`=== ${tier}: ${counts.passed} passed, ${counts.failures.length} failed after ${seconds} s`);
  return { ...counts, tier, seconds };
}

function asFailure(tier: string) {
  return (error: unknown): TestCounts => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failures: [{ name: tier, message }] };
  };
}

function printSummary(unsorted: Report[]): number {
  const reports = unsorted.sort((one, other) => tierNames.indexOf(one.tier) - tierNames.indexOf(other.tier));
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
