import { workspace, Uri } from 'vscode';
import { resultsFile, suiteMark, type TestCounts } from '../tiers/results';

interface Runner {
  on(event: 'pass', listener: () => void): void;
  on(event: 'fail', listener: (test: { fullTitle(): string }, error: Error) => void): void;
}

/** Prints what a reporter of mocha writes so that it can be told from what VS Code logs. */
export function print(...[text = '', ...values]: unknown[]): void {
  console.log(`${suiteMark}${String(text)}`, ...values);
}

/**
 * Counts the tests of a run into a file of the workspace, in whichever extension host it is. Rejects when a test fails or
 * when none passed.
 */
export async function countTests(run: (done: () => void) => Runner): Promise<void> {
  const counts: TestCounts = { passed: 0, failures: [] };
  await new Promise<void>((resolve) => {
    const runner = run(resolve);
    runner.on('pass', () => counts.passed++);
    runner.on('fail', (test, error) => {
      counts.failures.push({ name: test.fullTitle(), message: error.stack ?? error.message });
    });
  });
  const [folder] = workspace.workspaceFolders!;
  const text = new TextEncoder().encode(JSON.stringify(counts));
  await workspace.fs.writeFile(Uri.joinPath(folder.uri, resultsFile), text);
  if (counts.failures.length > 0) throw new Error(`${counts.failures.length} tests failed in the extension host.`);
  if (counts.passed === 0) throw new Error('No test passed in the extension host: the suite is empty.');
}
