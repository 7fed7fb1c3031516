/** Parts of the script for torchrun that are the same for most runs. */

/** Libraries, processes, and how they agree. */
export const firstCode = `"""Trains a run of gradient descent in plain PyTorch, in as many processes as torchrun starts: see README.md."""
import argparse
import glob
import json
import math
import os
import platform
import time

import numpy as np
import pandas as pd
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset, random_split
from torch.utils.data.distributed import DistributedSampler

parser = argparse.ArgumentParser()
parser.add_argument("--data", nargs="+", help="shards of rows, instead of those in data")
parser.add_argument("--validation", nargs="+", help="shards of rows that only validate, instead of those in validation")
parser.add_argument("--checkpoint-seconds", type=float, default=60, help="time between two checkpoints")
args = parser.parse_args()
FOLDER = os.path.dirname(os.path.abspath(__file__))
LINES, CHECKPOINT = os.path.join(FOLDER, "run.jsonl"), os.path.join(FOLDER, "checkpoint.pt")
began = time.time()

# What torchrun sets; without it, one process.
for name, value in {"RANK": "0", "LOCAL_RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500"}.items():
    os.environ.setdefault(name, value)
RANK, LOCAL_RANK, WORLD = (int(os.environ[name]) for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE"))
DEVICE = torch.device("cuda", LOCAL_RANK) if torch.cuda.is_available() else torch.device("cpu")
if DEVICE.type == "cuda":
    torch.cuda.set_device(DEVICE)
dist.init_process_group("nccl" if DEVICE.type == "cuda" else "gloo")


def sum_of(*numbers):
    """Each number summed over the processes."""
    summed = torch.tensor(numbers, dtype=torch.float64, device=DEVICE)
    dist.all_reduce(summed)
    return summed.tolist()


def agreed(*numbers):
    """The numbers of rank 0."""
    known = torch.tensor(numbers, dtype=torch.float64, device=DEVICE)
    dist.broadcast(known, 0)
    return known.tolist()

`;

/** What the rows of a script hold. */
export interface RowKind {
  isClasses: boolean;
  hasProducts: boolean;
  isWeighted: boolean;
  /** Whether the rows that validate have shards of their own. */
  isHeldApart: boolean;
}

/** The rows as a stream into a file that the processes of a machine share, and the batches that they share. */
export function dataCode({ isClasses, hasProducts, isWeighted, isHeldApart }: RowKind): string {
  const others = isWeighted ? 'TARGETS + [WEIGHT]' : 'TARGETS';
  const target = isClasses ? 'targets[:, 0].long()' : 'targets';
  return `BLOCK = 65_536


def blocks(path):
    """The rows of a shard, some at a time."""
    if path.endswith(".parquet"):
        import pyarrow.parquet

        for batch in pyarrow.parquet.ParquetFile(path).iter_batches(batch_size=BLOCK):
            yield batch.to_pandas()
    else:
        yield from pd.read_csv(path, chunksize=BLOCK, float_precision="round_trip")


${hasProducts ? productFunction(others) : ''}def shards(patterns, folder):
    """Files by their patterns, or all in a folder beside the script."""
    found = patterns or [os.path.join(glob.escape(FOLDER), folder, "*")]
    return sorted(path for pattern in found for path in glob.glob(pattern))


def map_rows(paths, name):
    """Streams the shards into a file of scaled rows, which the processes of a machine read without holding it in memory."""
    assert paths, "there are no shards: see --data and --validation"
    mapped = os.path.join(FOLDER, name + "-" + platform.node() + ".f32")
    if LOCAL_RANK == 0:
        with open(mapped + ".new", "wb") as file:
            for path in paths:
                for block in blocks(path):
                    values = ${hasProducts ? 'with_products(block)' : `block[INPUTS + ${others}].to_numpy(np.float64)`}
                    assert np.isfinite(values).all(), f"{path}: a cell is empty or not finite"
                    file.write(((values - OFFSET) / SCALE).astype(np.float32).tobytes())
        os.replace(mapped + ".new", mapped)
    dist.barrier()
    return np.memmap(mapped, np.float32, mode="c").reshape(-1, len(OFFSET))


${isHeldApart ? heldApart : 'ROWS = map_rows(shards(args.data, "data"), "rows")'}


class Rows(Dataset):
    """Rows by a list of their numbers, all at once: inputs, targets, ${isWeighted ? 'what each row counts, ' : ''}and how many they are."""

    def __len__(self):
        return len(train_rows)

    def __getitem__(self, numbers):
        rows = torch.from_numpy(ROWS[numbers]).to(DEVICE)
        inputs, targets = rows[:, :len(INPUTS)], rows[:, len(INPUTS):${isWeighted ? '-1' : ''}]
        return inputs, ${target}, ${isWeighted ? 'rows[:, -1], ' : ''}len(numbers)


class SharedBatches(DistributedSampler):
    """The batches of one process in their order; of each, every process takes its part."""

    def __iter__(self):
        count = len(self.dataset)
        if SHUFFLE:
            generator = torch.Generator()
            generator.manual_seed(int(torch.empty((), dtype=torch.int64).random_().item()))
            self.order = torch.randperm(count, generator=generator).tolist()
        else:
            self.order = list(range(count))
        for first in range(0, count - count % BATCH if DROP_LAST else count, BATCH):
            yield [train_rows[i] for i in self.order[first:first + BATCH][self.rank::self.num_replicas]]

    def __len__(self):
        return len(self.dataset) // BATCH if DROP_LAST else -(-len(self.dataset) // BATCH)

`;
}

/** Rows that train, and after them those that only validate, each by its place in both. */
const heldApart = `OWN = map_rows(shards(args.data, "data"), "rows")
HELD = map_rows(shards(args.validation, "validation"), "held")


class TwoFiles:
    """Two files of rows as if they were one."""

    def __len__(self):
        return len(OWN) + len(HELD)

    def __getitem__(self, numbers):
        numbers = np.asarray(numbers, np.int64)
        is_own = numbers < len(OWN)
        rows = np.empty((len(numbers), len(OFFSET)), np.float32)
        rows[is_own], rows[~is_own] = OWN[numbers[is_own]], HELD[numbers[~is_own] - len(OWN)]
        return rows


ROWS = TwoFiles()`;

/** Multiplies inputs as scikit-learn's PolynomialFeatures does, which makes the last ones of them. */
const productFunction = (others: string) => `def with_products(block):
    """The columns of a shard with the products of inputs after the inputs."""
    own = len(INPUTS) - len(FACTORS)
    numbers = block[INPUTS[:own] + ${others}].to_numpy(np.float64)
    products = [numbers[:, places].prod(axis=1) for places in FACTORS]
    return np.column_stack([numbers[:, :own], *products, numbers[:, own:]])


`;

/** When the scheduler of a script steps. */
export type SchedulerSteps = 'never' | 'epoch' | 'batch';

/** Functions that save where training stands and go on from there. A rate of each batch follows from how many there were. */
export function checkpointCode(stops: boolean, steps: SchedulerSteps): string {
  const state = [
    '"epoch": epoch, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "random": torch.get_rng_state()',
    ...(steps === 'epoch' ? ['"scheduler": scheduler.state_dict()'] : []),
    ...(stops ? ['"rule": [best, best_epoch, best_parameters, best_score, waited]'] : []),
  ].join(', ');
  const goOn = {
    never: '',
    epoch: '    scheduler.load_state_dict(state["scheduler"])\n',
    batch: '    scheduler.last_epoch = state["epoch"] * len(batches)\n',
  };
  return `
saved_at = time.time()


def save(epoch):
    """Rank 0 writes where training stands, from time to time."""
    global saved_at
    if RANK != 0 or time.time() - saved_at < args.checkpoint_seconds:
        return
    saved_at = time.time()
    torch.save({${state}}, CHECKPOINT + ".new")
    os.replace(CHECKPOINT + ".new", CHECKPOINT)


def restore():
    """Goes on from the checkpoint of rank 0, if there is one; returns the epoch."""
${stops ? '    global best, best_epoch, best_parameters, best_score, waited\n' : ''}    found = [None]
    if RANK == 0 and os.path.exists(CHECKPOINT):
        found = [torch.load(CHECKPOINT, map_location="cpu")]
    dist.broadcast_object_list(found, 0)
    state = found[0]
    if state is None:
        return 0
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"])
${goOn[steps]}${stops ? '    best, best_epoch, best_parameters, best_score, waited = state["rule"]\n' : ''}    return state["epoch"]

`;
}

/** Functions that write the lines of \`run --json\`. @param isLinear the model is one linear layer. */
export function followedCode(isLinear: boolean): string {
  const parameters = isLinear ? '{"weight": found["weight"], "bias": found.get("bias", [])}' : '{"parameters": found}';
  return `
def written(value):
    """JSON has no numbers that are not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    return [written(item) for item in value] if isinstance(value, list) else value


def tell(event):
    if RANK == 0:
        lines.write(json.dumps(written(event)) + "\\n")


def parameters():
    found = {name: value.tolist() for name, value in model.state_dict().items()}
    return ${parameters}


def validation(loss):
    return {"val_loss": loss} if val_rows else {}


def tell_start():
    """Of a run that goes on, the lines up to its checkpoint stay."""
    global lines
    if RANK != 0:
        return
    kept = []
    if first_epoch > 0 and os.path.exists(LINES):
        with open(LINES) as file:
            for line in file:
                event = json.loads(line) if line.endswith("\\n") else {}
                if event.get("event") == "start" or event.get("event") == "epoch" and event["epoch"] < first_epoch:
                    kept.append(line)
    with open(LINES + ".new", "w") as file:
        file.writelines(kept)
    os.replace(LINES + ".new", LINES)
    # Each line is in the file as soon as it is written.
    lines = open(LINES, "a", buffering=1)
    if not kept:
        with open(os.path.join(FOLDER, "config.gd.json")) as file:
            config = json.load(file)
        rows = {"train": len(train_rows), "val": len(val_rows)}
        tell({"event": "start", "config": config, "inputs": INPUTS, "targets": TARGETS, "rows": rows, **parameters(), "processes": WORLD})


def tell_end():
    losses = {"loss": loss_over(train_rows), **(validation(loss_over(val_rows)) if val_rows else {})}
    epochs = first_epoch + len(history)
    tell({"event": "end", "status": status, "epochs": epochs, **losses, **parameters(), "seconds": time.time() - began})
    if RANK == 0:
        torch.save(model.state_dict(), os.path.join(FOLDER, "model.pt"))
        if os.path.exists(CHECKPOINT):
            os.remove(CHECKPOINT)
`;
}
