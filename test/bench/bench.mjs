/** Builds the programs of the benchmark and starts it. Options: --quick, and names of workloads; or `csv` for reading files alone, or `comeback` for the side panel in VS Code. */
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
const [name] = process.argv.slice(2);
if (name === 'comeback') {
  await build({
    absWorkingDir: root,
    entryPoints: ['test/bench/comeback.ts'],
    outdir: 'out/bench',
    bundle: true,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
  });
  process.exit(spawnSync(process.execPath, ['out/bench/comeback.js'], { cwd: root, stdio: 'inherit' }).status ?? 1);
}
const program = name === 'csv' ? ['out/bench/csvSpeed.js'] : ['out/bench/bench.js', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, program, {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
