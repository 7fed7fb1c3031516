/** Builds the programs of the benchmark and starts it. Options: --quick, and names of workloads. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { esbuildKernels } from '../../src/engine/kernels/assembly/compile.js';

const root = path.resolve(import.meta.dirname, '../..');
await build({
  absWorkingDir: root,
  entryPoints: ['test/bench/bench.ts', 'test/bench/engine.ts'],
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
const { status } = spawnSync(process.execPath, ['out/bench/bench.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
