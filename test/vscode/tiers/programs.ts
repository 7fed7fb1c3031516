import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { npmEnvironment } from '../install/npm.mjs';
import { outFile, projectRoot } from '../editor/paths';
import type { Failure, TestCounts } from './results';

interface VitestReport {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
}

/** Runs an npm script of the project; it counts as one test, and what it prints is heard of where it fails. */
export async function runNpmScript(script: string): Promise<TestCounts> {
  const { code, output } = await run('npm', ['run', '--silent', script]);
  const failure = { name: `npm run ${script}`, message: `ended with status ${code}:\n${output}` };
  return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [failure] };
}

/** Runs one project of test/vitest.config.mts and returns what it counted. */
export async function runVitest(project: string): Promise<TestCounts> {
  const file = outFile('results', `${project}.json`);
  rmSync(file, { force: true });
  const vitest = path.join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const args = [vitest, 'run', '--config', 'test/vitest.config.mts', '--project', project, ...reporters];
  const { code } = await run(process.execPath, args, `${project} | `);
  const counts = existsSync(file) ? countReport(readFileSync(file, 'utf8')) : { passed: 0, failures: [] };
  if (counts.failures.length === 0 && (code !== 0 || counts.passed === 0)) {
    const message = counts.passed === 0 ? 'no test ran' : `vitest ended with status ${code}; its output is above`;
    counts.failures.push({ name: `vitest project ${project}`, message });
  }
  return counts;
}

function countReport(text: string): TestCounts {
  const report = JSON.parse(text) as VitestReport;
  const failures: Failure[] = [];
  let passed = 0;
  for (const file of report.testResults) {
    const name = path.relative(projectRoot, file.name);
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    passed += file.assertionResults.filter((test) => test.status === 'passed').length;
    for (const test of failed) {
      failures.push({
        name: `${name}: ${test.fullName}`,
        message: stripVTControlCharacters(test.failureMessages?.[0] ?? ''),
      });
    }
    if (file.status === 'failed' && failed.length === 0) failures.push({ name, message: file.message });
  }
  return { passed, failures };
}

/** Runs a program in the project's folder and returns what it printed; with a `mark` each line is also shown behind it. */
function run(program: string, args: string[], mark?: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: projectRoot,
      env: npmEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && program === 'npm',
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (mark !== undefined) console.log(mark + line);
      });
    }
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code: code ?? 1, output: stripVTControlCharacters(lines.join('\n')).trim() }),
    );
  });
}
