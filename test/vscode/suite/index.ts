import Mocha from 'mocha';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { suiteMark, type TestCounts } from '../tiers/results';

/** Runs every `*.test` file beside this one in the extension host; rejects when a test fails or when none passed. */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => console.log(format(...args).replace(/^/gm, suiteMark));
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 60_000, forbidOnly: Boolean(process.env.CI) });
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  const counts: TestCounts = { passed: 0, failures: [] };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', () => counts.passed++);
    runner.on('fail', (test, error: Error) => {
      counts.failures.push({ name: test.fullTitle(), message: error.stack ?? error.message });
    });
  });
  const resultsFile = process.env.GD_SUITE_RESULTS;
  if (resultsFile) writeFileSync(resultsFile, JSON.stringify(counts));
  if (counts.failures.length > 0) throw new Error(`${counts.failures.length} tests failed in the extension host.`);
  if (counts.passed === 0) throw new Error('No test passed in the extension host: the suite is empty.');
}
