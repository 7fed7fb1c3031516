import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { compareCommand } from './compareCommand';
import { checkCommand } from './checkCommand';
import { exportCommand, handOverCommand } from './exportCommand';
import { predictCommand } from './predictCommand';
import { UsageError, readRunInput } from './readRunInput';
import { runCommand } from './runCommand';
import { sweepCommand } from './sweepCommand';
import { whyCommand } from './whyCommand';
import { warn } from './say';

const usage = `Usage: gradient-descent run FILE [--set key=value]... [--json] [--save MODEL]
       gradient-descent check FILE [--set key=value]... [--json]
       gradient-descent why FILE [--set key=value]...
       gradient-descent sweep FILE [--set key=value]... [--jobs N] [--stable-only] [--json]
       gradient-descent compare FILE... [--set key=value]... [--jobs N] [--json]
       gradient-descent export FILE --to OUT [--set key=value]...
       gradient-descent export FILE --to torchrun DIR [--set key=value]...
       gradient-descent predict MODEL DATA [--out FILE]

run trains a model by gradient descent, in PyTorch's words and with PyTorch's numbers. check trains nothing: it
prints the problems of a config and its dataset, and what the data say about the learning rate. why trains and argues
the verdict with the numbers that it rests on. sweep trains all members of the config's "sweep", side by side; compare trains
several files. Both print a table of what differs and how each run ended, the best one marked. export trains and writes
the run to a file. predict prints the rows of DATA with what a saved model predicts for them.

  FILE             a config (*.gd.json) or a dataset: csv, tsv, json, jsonl, npy, npz, parquet or xlsx,
                   also packed as .gz or .zip
  --set key=value  overrides one key of the config, for instance --set optimizer.lr=1e-7
  --json           run: prints JSON lines: start, every epoch, end; check: prints one JSON object; sweep, compare:
                   a line for each run, and the best one
  --jobs N         how many runs train at a time; one a core if omitted
  --stable-only    sweep: leaves out members whose rate is over the limit
  --save MODEL     also writes the trained model to a .safetensors file
  --to OUT         the file to write, by its ending: .csv (every epoch), .py or .ipynb (the same training in
                   PyTorch), .safetensors (the model), .onnx (the model for other programs), .npz (the parameters),
                   .html (a report), .svg (the curve)
  --to torchrun DIR  writes a folder that trains the same on many machines; DIR must be new or empty
  --out FILE       the csv file to write predictions to, instead of standard output
  --help           prints this
  --version        prints the version

Exit status: 0 finished or checked without error, 1 diverged, 2 unusable config or data, 130 stopped by Ctrl+C.`;

const options = {
  set: { type: 'string', multiple: true, default: [] },
  json: { type: 'boolean', default: false },
  save: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
  jobs: { type: 'string' },
  'stable-only': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parsed>['values'];

function parsed(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: { ...options, set: { ...options.set, default: [] as string[] } },
  });
}

/** Each command: what it does with its files. */
const commands: Record<string, (files: string[], values: Values) => Promise<number>> = {
  run: async (files, { set, json, save }) => {
    if (save !== undefined && !/\.safetensors$/i.test(save)) {
      throw new UsageError(`--save ${save}: a model's name must end in .safetensors`);
    }
    return runCommand(await readRunInput(onlyFile(files), set), json, save);
  },
  why: async (files, { set }) => whyCommand(await readRunInput(onlyFile(files), set)),
  check: async (files, { set, json }) => checkCommand(await readRunInput(onlyFile(files), set), json),
  export: async (files, { set, to }) => {
    if (to === undefined) throw new UsageError('--to OUT is missing');
    if (to !== 'torchrun') return exportCommand(await readRunInput(onlyFile(files), set), to);
    const [file, folder, ...rest] = files;
    if (!folder) throw new UsageError('--to torchrun DIR: DIR is missing');
    return handOverCommand(await readRunInput(onlyFile([file, ...rest]), set), folder);
  },
  sweep: async (files, { set, json, jobs, 'stable-only': stableOnly }) =>
    sweepCommand(await readRunInput(onlyFile(files), set), { json, stableOnly, jobs: jobCount(jobs) }),
  compare: async (files, { set, json, jobs }) => {
    if (files.length < 2) throw new UsageError('two FILEs or more are needed');
    const inputs = await Promise.all(files.map((file) => readRunInput(file, set)));
    return compareCommand(inputs, { json, jobs: jobCount(jobs) });
  },
  predict: async ([model, data, ...rest], { out }) => {
    if (!data) throw new UsageError('MODEL and DATA are needed');
    if (rest.length > 0) throw new UsageError(`one DATA at a time, not also ${rest.join(' ')}`);
    return predictCommand(model, data, out);
  },
};

function jobCount(jobs: string | undefined): number | undefined {
  if (jobs === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(jobs)) throw new UsageError(`--jobs ${jobs}: a whole number from 1 to 9999 is needed`);
  return Number(jobs);
}

function onlyFile([file, ...rest]: string[]): string {
  if (!file) throw new UsageError('FILE is missing');
  if (rest.length > 0) throw new UsageError(`one FILE at a time, not also ${rest.join(' ')}`);
  return file;
}

/** That of the extension, in whose folder the command line is. */
function version(): string {
  const manifest = readFileSync(path.join(__dirname, '../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Runs the command line; returns the exit status. */
export async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parsed(args);
    if (values.help) {
      process.stdout.write(usage + '\n');
      return 0;
    }
    if (values.version) {
      process.stdout.write(`${version()}\n`);
      return 0;
    }
    const [name, ...files] = positionals;
    if (!name) throw new UsageError('no command');
    if (!Object.hasOwn(commands, name)) throw new UsageError(`unknown command ${JSON.stringify(name)}`);
    return await commands[name](files, values);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUsage = error instanceof UsageError || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
    warn(`gradient-descent: ${error.message}\n${isUsage ? `\n${usage}\n` : ''}`);
    return 2;
  }
}
