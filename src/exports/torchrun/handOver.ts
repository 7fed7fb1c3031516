import type { Config } from '../../config/schema';
import type { HandedOver } from '../../protocol/fileQuestions';
import type { ExportedRun } from '../exportedRun';
import { recordedCell } from '../scriptCertificate';
import { utf8Bytes } from '../../base/utf8';
import { comparedRun } from './comparedRun';
import { shardsOf, writeShard } from './shards';
import { trainScript } from './trainScript';

/** Keys of a config that the script follows, or that change nothing of how one run trains. */
const followedKeys = new Set([
  ...['$schema', 'seed', 'dataset', 'split', 'loader', 'model', 'loss', 'optimizer', 'scheduler', 'early_stopping'],
  ...['clip_grad_norm', 'clip_grad_value', 'penalty', 'epochs', 'log_every', 'sweep', 'sweep_mode'],
]);

/** Why a config cannot be trained by several processes: the end of a sentence; undefined where it can. */
export function handOverObstacle(config: Config): string | undefined {
  const { early_stopping: rule, optimizer } = config;
  const unknown = Object.keys(config).find((key) => !followedKeys.has(key));
  if (unknown !== undefined) return `${unknown} is not shared between processes`;
  if (optimizer.type === 'LBFGS') {
    return 'LBFGS takes a batch several times in one step, which processes do not share; use another optimizer';
  }
  if (rule && rule.monitor !== 'loss' && rule.monitor !== 'val_loss') {
    return `early_stopping monitors ${rule.monitor}, which takes all rows at once; monitor loss or val_loss instead`;
  }
  return undefined;
}

/**
 * A folder that trains a run under torchrun, a part at a time: the first part holds the script and what belongs to it, each
 * part one shard of the rows.
 */
export function handOver(exported: ExportedRun, part: number): HandedOver {
  const { config, dataset } = exported.run;
  const obstacle = handOverObstacle(config);
  if (obstacle !== undefined) throw new Error(`This run cannot be handed over: ${obstacle}.`);
  const texts = {
    'train.py': trainScript(exported),
    'recorded.py': `"""${recordedCell(comparedRun(exported)).title}."""\n${recordedCell(comparedRun(exported)).code}\n`,
    'config.gd.json': `${JSON.stringify(config, null, 2)}\n`,
    'README.md': readme,
  };
  const files = part === 0 ? Object.entries(texts).map(([name, text]) => ({ name, bytes: utf8Bytes(text) })) : [];
  const shards = shardsOf(dataset);
  files.push({ name: shards[part].name, bytes: writeShard(dataset, shards[part]) });
  return { files, parts: shards.length };
}

const readme = [
  'One machine: `torchrun --nproc_per_node 2 train.py`; several: on each, `torchrun --nnodes 2 --nproc_per_node 8 --rdzv_backend c10d --rdzv_endpoint HOST:29500 train.py`.',
  'Same config, start, order and steps as the run; `batch_size` is that of all processes together. One process repeats the run and compares; more differ only in how sums are rounded.',
  'More rows: put `.csv` or `.parquet` shards with the same columns into `data`, or name them with `--data`; those in `validation`, or named with `--validation`, only validate. They are read as a stream.',
  'It needs PyTorch, NumPy and pandas, and pyarrow where shards are parquet.',
  'Rank 0 writes `run.jsonl` (the lines of `gradient-descent run --json`), `checkpoint.pt`, from which a run that was killed goes on when started again, and `model.pt` at the end; "Follow a Run…" in VS Code shows the lines while they come.',
  '',
].join('\n');
