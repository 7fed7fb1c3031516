/**
 * Builds the programs of the benchmark and starts one. Options: --quick, and names of workloads; or `nets` for nets, `csv`, perhaps with
 * megabytes, for reading files alone, `predict` for predictions from csv to csv, `check` for what is checked before a run, `verdicts` for how right these are, `sweep` for many runs side by side, `runs` for how soon a window has 500 runs back, `ui` for VS Code's answers while a run
 * trains, `comeback` for how soon its side panel is back, `activation` for what a foreign JSON file costs.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { esbuildKernels } from '../../src/engine/kernels/assembly/compile.js';

const root = path.resolve(import.meta.dirname, '../..');
/** @type {import('esbuild').BuildOptions} */
const shared = { absWorkingDir: root, outdir: 'out/bench', bundle: true, format: 'cjs', platform: 'node' };
/** @param {string[]} command */
const start = (...command) => spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status ?? 1;

const all = process.argv.slice(2);
const [name, ...options] = all;
/** @type {Record<string, string | undefined>} */
const programs = { ui: 'ui/uiBench', comeback: 'comeback', activation: 'activation' };
const inCode = programs[name];
if (inCode) {
  start('esbuild.js', '--tests');
  const entryPoints = [`test/bench/${inCode}.ts`];
  await build({ ...shared, entryPoints, target: 'node20', packages: 'external', logLevel: 'warning' });
  process.exit(start(`out/bench/${path.basename(inCode)}.js`, ...options));
}
await build({
  ...shared,
  entryPoints: [
    'bench',
    'csvSpeed',
    'checkSpeed',
    'engine',
    'sweepBench',
    'runsBench',
    'predictSpeed',
    'verdictBench',
    'netBench',
    'netEngine',
  ].map((file) => `test/bench/${file}.ts`),
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  logLevel: 'warning',
  plugins: [esbuildKernels],
});
if (name === 'sweep') start('esbuild.js', '--production');
/** @type {Record<string, string | undefined>} */
const alone = {
  csv: 'csvSpeed',
  check: 'checkSpeed',
  predict: 'predictSpeed',
  sweep: 'sweepBench',
  runs: 'runsBench',
  verdicts: 'verdictBench',
  nets: 'netBench',
};
process.exitCode = alone[name] ? start(`out/bench/${alone[name]}.js`, ...options) : start('out/bench/bench.js', ...all);
