import { parseArgs } from 'node:util';
import { checkCommand } from './checkCommand';
import { UsageError, readRunInput } from './readRunInput';
import { runCommand } from './runCommand';

const usage = `Usage: gradient-descent run FILE [--set key=value]... [--json]
       gradient-descent check FILE [--set key=value]... [--json]

run trains a linear model by gradient descent, in PyTorch's words and with PyTorch's numbers. check trains nothing: it
prints the problems of a config and its dataset, and what the data say about the learning rate.

  FILE             a config (*.gd.json) or a dataset: csv, tsv, json, jsonl, npy, npz or parquet, also
                   packed as .gz
  --set key=value  overrides one key of the config, for instance --set optimizer.lr=1e-7
  --json           run: prints JSON lines: start, every epoch, end; check: prints one JSON object
  --help           prints this

Exit status: 0 finished or checked without error, 1 diverged, 2 unusable config or data, 130 stopped by Ctrl+C.`;

/** Runs the command line; returns the exit status. */
export async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        set: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage + '\n');
      return 0;
    }
    const [command, file, ...rest] = positionals;
    const task = command === 'run' ? runCommand : command === 'check' ? checkCommand : undefined;
    if (!task) throw new UsageError(command ? `unknown command ${JSON.stringify(command)}` : 'no command');
    if (!file) throw new UsageError('FILE is missing');
    if (rest.length > 0) throw new UsageError(`one FILE at a time, not also ${rest.join(' ')}`);
    return await task(await readRunInput(file, values.set), values.json);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUsage = error instanceof UsageError || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
    process.stderr.write(`gradient-descent: ${error.message}\n${isUsage ? `\n${usage}\n` : ''}`);
    return 2;
  }
}
