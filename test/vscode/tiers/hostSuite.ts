import { runTests } from '@vscode/test-electron';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { installServer } from '../install/installServer';
import { outFile, projectRoot } from '../editor/paths';
import { copyOfWorkspace, temporaryFolder } from '../editor/temporaryFolder';
import type { TestCounts } from './results';

/**
 * Runs the mocha suite inside an extension host and returns what it counted. VS Code is the project's launcher, which
 * needs no download beyond npm, or with `VSCODE_TEST_DESKTOP=1` the desktop VS Code that test-electron downloads.
 */
export async function runHostSuite(): Promise<TestCounts> {
  const results = outFile('results', 'suite.json');
  rmSync(results, { force: true });
  const desktop = process.env.VSCODE_TEST_DESKTOP === '1';
  if (!desktop) await installServer();
  const workspace = copyOfWorkspace();
  const profile = temporaryFolder();
  let problem: Error | undefined;
  try {
    await runTests({
      ...(desktop ? {} : { vscodeExecutablePath: outFile('test', 'vscode', 'launcher.js') }),
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: outFile('test', 'vscode', 'suite', 'index.js'),
      extensionTestsEnv: { GD_SUITE_RESULTS: results },
      launchArgs: [
        workspace.path,
        `--user-data-dir=${profile.path}/user`,
        `--extensions-dir=${profile.path}/extensions`,
      ],
    });
  } catch (error) {
    problem = error as Error;
  } finally {
    workspace.dispose();
    profile.dispose();
  }
  const counts: TestCounts = existsSync(results)
    ? (JSON.parse(readFileSync(results, 'utf8')) as TestCounts)
    : { passed: 0, failures: [] };
  if (counts.failures.length === 0 && (problem || counts.passed === 0)) {
    const message = problem ? `${problem.message}; its output is above` : 'no test passed';
    counts.failures.push({ name: 'suite in the extension host', message });
  }
  return counts;
}
