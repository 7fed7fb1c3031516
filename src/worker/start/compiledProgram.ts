/** What a worker has compiled of its program: one that is given it starts in half the time. */
export interface CompiledProgram {
  code: Uint8Array;
  /** Of the file that was compiled: V8 only compares lengths. */
  stamp: string;
}

/** Milliseconds after which a worker that had to compile hands in what it has compiled; most of what others need is in it then. */
const handInTime = 150;

/** The text of a worker that runs the program which `workerData` names. */
export const loaderText = `(${runProgram.toString()})(require, ${handInTime})`;

/** Has nothing but its parameters: its text alone gets to the worker. */
function runProgram(require: NodeJS.Require, handInTime: number): void {
  const fs = require('node:fs') as typeof import('node:fs');
  const vm = require('node:vm') as typeof import('node:vm');
  const path = require('node:path') as typeof import('node:path');
  const nodeModule = require('node:module') as typeof import('node:module');
  const threads = require('node:worker_threads') as typeof import('node:worker_threads');
  const { program, compiled } = threads.workerData as { program: string; compiled?: CompiledProgram };
  const { size, mtimeMs } = fs.statSync(program);
  const stamp = `${size} ${mtimeMs}`;
  const known = compiled?.stamp === stamp ? { cachedData: compiled.code } : {};
  const script = new vm.Script(nodeModule.wrap(fs.readFileSync(program, 'utf8')), { filename: program, ...known });
  if (script.cachedDataRejected !== false) {
    const handIn = () => threads.parentPort!.postMessage({ compiled: { code: script.createCachedData(), stamp } });
    setTimeout(handIn, handInTime).unref();
  }
  const own = { exports: {} };
  type Wrapped = (...scope: [object, NodeJS.Require, object, string, string]) => void;
  const run = script.runInThisContext() as Wrapped;
  run.call(own.exports, own.exports, nodeModule.createRequire(program), own, program, path.dirname(program));
}
