import { runTests } from '@vscode/test-electron';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { installServer } from '../install/installServer';
import { outFile, projectRoot } from '../editor/paths';
import { copyOfWorkspace, temporaryFolder } from '../editor/temporaryFolder';
import { resultsFile, type TestCounts } from './results';

/** Where an extension host runs: in Node, or in a worker of a browser. */
export type HostKind = 'node' | 'web';

const suites: Record<HostKind, string> = { node: 'suite/index.js', web: 'suite/web.js' };

/**
 * Runs the mocha suite inside an extension host and returns what it counted. VS Code is the project's launcher, which
 * needs no download beyond npm, or with `VSCODE_TEST_DESKTOP=1` the desktop VS Code that test-electron downloads.
 */
export async function runHostSuite(kind: HostKind): Promise<TestCounts> {
  const desktop = process.env.VSCODE_TEST_DESKTOP === '1';
  if (!desktop) await installServer();
  const workspace = copyOfWorkspace();
  const profile = temporaryFolder();
  let problem: Error | undefined;
  try {
    await runTests({
      ...(desktop ? {} : { vscodeExecutablePath: outFile('test', 'vscode', 'launcher.js') }),
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: outFile('test', 'vscode', suites[kind]),
      launchArgs: [
        workspace.path,
        `--user-data-dir=${profile.path}/user`,
        `--extensions-dir=${profile.path}/extensions`,
        ...(kind === 'web' ? ['--extensionDevelopmentKind=web'] : []),
      ],
    });
  } catch (error) {
    problem = error as Error;
  }
  const counts = readCounts(path.join(workspace.path, resultsFile));
  workspace.dispose();
  profile.dispose();
  if (counts.failures.length === 0 && (problem || counts.passed === 0)) {
    const message = problem ? `${problem.message}; its output is above` : 'no test passed';
    counts.failures.push({ name: `suite in the extension host (${kind})`, message });
  }
  return counts;
}

function readCounts(file: string): TestCounts {
  if (!existsSync(file)) return { passed: 0, failures: [] };
  return JSON.parse(readFileSync(file, 'utf8')) as TestCounts;
}
