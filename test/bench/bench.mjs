/**
 * Builds the programs of the benchmark and starts it. Options: --quick, and names of workloads; or `csv` for reading files
 * alone, or `ui` for VS Code's answers while a run trains.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { esbuildKernels } from '../../src/engine/kernels/assembly/compile.js';

const root = path.resolve(import.meta.dirname, '../..');
await build({
  absWorkingDir: root,
  entryPoints: ['test/bench/bench.ts', 'test/bench/csvSpeed.ts', 'test/bench/engine.ts'],
  outdir: 'out/bench',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  logLevel: 'warning',
  plugins: [esbuildKernels],
});
const [name, ...options] = process.argv.slice(2);
const all = process.argv.slice(2);
const program =
  name === 'csv'
    ? ['out/bench/csvSpeed.js']
    : name === 'ui'
      ? ['out/bench/uiBench.js', ...options]
      : ['out/bench/bench.js', ...all];
if (name === 'ui') {
  spawnSync(process.execPath, ['esbuild.js', '--tests'], { cwd: root, stdio: 'inherit' });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/bench/uiBench.ts'],
    outdir: 'out/bench',
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
}
const { status } = spawnSync(process.execPath, program, {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
