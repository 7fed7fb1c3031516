import { givenOptions, lossName, type Config } from '../../config/schema';
import { splitLengths, splitParts } from '../../engine/data/randomSplit';
import type { ExportedRun } from '../exportedRun';
import { pythonList, pythonNumber, pythonText } from '../python';
import { certificateCell } from '../scriptCertificate';
import { countedRows, isRowWeighted, lossArguments, lossLines, penaltyLines, rowLosses } from '../scriptLoss';
import { modelCode } from '../scriptModel';
import { stoppingCode } from '../scriptStopping';
import { clipLines, optimizerLines, splitCode, stepsPerBatch } from '../scriptTraining';
import { comparedRun } from './comparedRun';
import { checkpointCode, dataCode, firstCode, followedCode, type SchedulerSteps } from './scriptParts';
import { weightColumn } from './shards';

/** The script of a run that torchrun starts in each process. */
export function trainScript(exported: ExportedRun): string {
  const { run, position, ended } = exported;
  const { config, dataset, scaling, trainer } = run;
  const { products = [] } = dataset;
  const { batch_size: batch, shuffle, drop_last: dropLast } = config.loader;
  const names = (list: string[]) => pythonList(list.map(pythonText));
  const isWeighted = isRowWeighted(config);
  // Classes have a number for each output, which scales nothing, and weights of rows are taken as they are.
  const numbers = (of: 'offset' | 'scale', weight: number) => {
    const columns = [...scaling.inputs[of], ...scaling.targets[of].subarray(0, dataset.targetNames.length)];
    return pythonList([...columns, ...(isWeighted ? [weight] : [])].map(pythonNumber));
  };
  const rowKind = {
    isClasses: dataset.classNames !== undefined,
    hasProducts: products.length > 0,
    isWeighted,
    isHeldApart: dataset.validationRows !== undefined,
  };
  const { model } = trainer.parts;
  const isLinear = config.model.type === 'Linear';
  return `${[
    firstCode,
    '# The data',
    `INPUTS = ${names(dataset.inputNames)}`,
    ...(products.length > 0
      ? ['# The last inputs are products of these, by their places.', `FACTORS = ${JSON.stringify(products)}`]
      : []),
    `TARGETS = ${names(dataset.targetNames)}`,
    ...(isWeighted ? ['# What each row counts.', `WEIGHT = ${pythonText(weightColumn(dataset))}`] : []),
    '# How the run scaled them: (value - OFFSET) / SCALE.',
    `OFFSET = np.array(${numbers('offset', 0)})`,
    `SCALE = np.array(${numbers('scale', 1)})`,
    `BATCH, SHUFFLE, DROP_LAST = ${batch}, ${pythonBoolean(shuffle)}, ${pythonBoolean(dropLast)}`,
    dataCode(rowKind),
    '# Training and validation rows',
    rowKind.isHeldApart ? apartLines(config) : splitLines(config, dataset.rows),
    'data = Rows()',
    'batches = SharedBatches(data, num_replicas=WORLD, rank=RANK)',
    'loader = DataLoader(data, sampler=batches, batch_size=None)',
    '',
    '# The model, the optimizer',
    modelCode(config.model, model),
    'model.to(DEVICE)',
    'parallel = DistributedDataParallel(model, device_ids=[DEVICE] if DEVICE.type == "cuda" else None)',
    ...weightLines(config),
    ...penaltyLines(config),
    ...optimizerLines(config),
    lossCode(config),
    checkpointCode(config.early_stopping !== undefined, schedulerSteps(config)),
    followedCode(isLinear),
    trainingCode(config, ended ?? position.epoch),
    ending(exported),
  ].join('\n')}\n`;
}

function pythonBoolean(value: boolean): string {
  return value ? 'True' : 'False';
}

function splitLines(config: ExportedRun['run']['config'], rows: number): string {
  const { split, seed } = config;
  if (!split || 'folds' in split) {
    const check = split ? `\nassert len(inputs) == ${rows}, "the folds were cut of ${rows} rows"` : '';
    return `inputs = range(len(ROWS))${check}\n${splitCode(config, { rows })}`;
  }
  const { lengths, shuffle } = splitParts(split);
  const [, validation] = splitLengths(lengths, rows)!;
  return [
    '# Of other rows than those of the run, the same share.',
    `held_out = ${validation} if len(ROWS) == ${rows} else len(ROWS) * ${validation} // ${rows}`,
    'lengths = [len(ROWS) - held_out, held_out]',
    `torch.manual_seed(${seed})`,
    ...(shuffle
      ? ['train_rows, val_rows = [list(part) for part in random_split(range(len(ROWS)), lengths)]']
      : ['train_rows, val_rows = list(range(lengths[0])), list(range(lengths[0], len(ROWS)))']),
  ].join('\n');
}

function apartLines({ seed }: Config): string {
  return [
    `torch.manual_seed(${seed})`,
    'train_rows, val_rows = list(range(len(OWN))), list(range(len(OWN), len(ROWS)))',
  ].join('\n');
}

/** The weights of classes, where the loss has them. */
function weightLines(config: Config): string[] {
  const lines = lossLines(config);
  if (lines.length === 0) return [];
  return [
    '# CLASSES numbers the outputs, y the rows.',
    'CLASSES = range(model(torch.zeros(1, len(INPUTS), device=DEVICE)).shape[1])',
    'y = torch.cat([data[list(range(first, min(first + BLOCK, len(ROWS))))][1] for first in range(0, len(ROWS), BLOCK)]).cpu()',
    ...lines,
    'class_weight = class_weight.float().to(DEVICE)',
  ];
}

/** The loss of a process's share of a batch, whose mean over the processes is the loss of the whole batch. */
function lossCode(config: Config): string {
  return isRowWeighted(config) ? weightedLossCode(config) : evenLossCode(config);
}

function evenLossCode(config: Config): string {
  const options = givenOptions(config.loss);
  const name = lossName(config.loss);
  const call = `F.${name}(outputs, targets${lossArguments(config)})`;
  const size = options.weight === undefined ? 'float(len(targets))' : 'class_weight[targets].sum().item()';
  const isSum = options.reduction === 'sum';
  return `
def size_of(targets):
    """What the mean over some rows divides by."""
    return ${size}


def loss_of(outputs, targets):
    return ${call}


def share_of_loss(outputs, targets, whole):
    """This process's part of the loss of a batch of which all processes hold \`whole\`. DDP takes the mean over processes."""
    if len(targets) == 0:
        return outputs.sum() * 0.0
    return loss_of(outputs, targets) * ${isSum ? 'WORLD' : '(size_of(targets) * WORLD / whole)'}


${overRows('targets', `loss_of(model(inputs), targets).item()${isSum ? '' : ' * size_of(targets)'}`, isSum)}`;
}

/** The same where rows count differently. */
function weightedLossCode(config: Config): string {
  const isSum = givenOptions(config.loss).reduction === 'sum';
  return `
def size_of(targets, weights):
    """What the mean over some rows divides by."""
    return ${countedRows(config)}.sum().item()


def summed_loss(outputs, targets, weights):
    losses = ${rowLosses(config)}
    return (weights * losses).sum()


def share_of_loss(outputs, targets, weights, whole):
    """This process's part of the loss of a batch of which all processes hold \`whole\`. DDP takes the mean over processes."""
    return summed_loss(outputs, targets, weights) * WORLD${isSum ? '' : ' / whole'}


${overRows('targets, weights', 'summed_loss(model(inputs), targets, weights).item()', isSum)}`;
}

/** A function for the loss over many rows. @param term what a block of rows adds to it. */
function overRows(labels: string, term: string, isSum: boolean): string {
  return `def loss_over(numbers):
    """Over many rows, each process a part of them, a block at a time."""
    total, whole = 0.0, 0.0
    with torch.no_grad():
        for first in range(RANK * BLOCK, len(numbers), WORLD * BLOCK):
            inputs, ${labels}, _ = data[numbers[first:first + BLOCK]]
            total += ${term}
            whole += size_of(${labels})
    total, whole = sum_of(total, whole)
    return ${isSum ? 'total' : 'total / whole'}
`;
}

/** When the scheduler steps. */
function schedulerSteps(config: Config): SchedulerSteps {
  if (!config.scheduler) return 'never';
  return stepsPerBatch(config) ? 'batch' : 'epoch';
}

function trainingCode(config: Config, compared: number): string {
  const { scheduler, early_stopping: rule, split } = config;
  const stopping = rule && stoppingCode(rule, config);
  const lines = (code: string[] = [], indent = '') => code.map((line) => `${indent}${line}\n`).join('');
  const watched = split ? 'val_loss' : 'total / seen';
  const steps = schedulerSteps(config);
  const labels = isRowWeighted(config) ? 'targets, weights' : 'targets';
  const step = scheduler?.type === 'ReduceLROnPlateau' ? `scheduler.step(${watched})` : 'scheduler.step()';
  return `
# Training
${lines(stopping?.before)}EPOCHS, COMPARED = ${config.epochs}, ${compared}
history, first_order, last_order, status = [], [], [], "finished"
first_epoch = restore()
tell_start()
for epoch in range(first_epoch, EPOCHS):
    total, seen, batch_loss, lr = 0.0, 0, 0.0, optimizer.param_groups[0]["lr"]
    for inputs, ${labels}, count in loader:
        whole, rows = sum_of(size_of(${labels}), count) if WORLD > 1 else (size_of(${labels}), count)
        loss = share_of_loss(parallel(inputs), ${labels}, whole)${config.penalty ? ' + penalty()' : ''}
        optimizer.zero_grad()
        loss.backward()
${lines(clipLines(config), '        ')}        optimizer.step()${steps === 'batch' ? '\n        scheduler.step()' : ''}
        batch_loss = loss.item() / WORLD
        total += batch_loss * rows
        seen += int(rows)
    total, batch_loss = sum_of(total, batch_loss)
    val_loss = loss_over(val_rows) if val_rows else float("nan")
    # All processes go on with the same numbers, to the last bit.
    total, val_loss = agreed(total, val_loss)
    history.append((total / seen, val_loss))
    order = [train_rows[i] for i in batches.order[:50]]
    first_order, last_order = first_order or order, order if epoch < COMPARED else last_order
    tell({"event": "epoch", "epoch": epoch, "loss": total / seen, "batch_loss": batch_loss, **validation(val_loss), "lr": lr})
    if not math.isfinite(total) or not all(bool(parameter.isfinite().all()) for parameter in model.parameters()):
        status = "diverged"
        break
${steps === 'epoch' ? `    ${step}\n` : ''}${rule ? '    status = "early_stopped"  # where the rule breaks the loop\n' : ''}${lines(stopping?.within, '    ')}${rule ? '    status = "finished"\n' : ''}    save(epoch + 1)
${lines(stopping?.after)}tell_end()`;
}

function ending(exported: ExportedRun): string {
  const { code } = certificateCell(comparedRun(exported));
  const { rows } = exported.run.dataset;
  return `
# The comparison with the run, by rank 0; not where a checkpoint went on, or where there are other rows.
if RANK == 0 and first_epoch == 0 and len(ROWS) == ${rows} and args.data is None and args.validation is None:
    from recorded import run

${code.replace(/^(?=.)/gm, '    ')}
    if WORLD > 1:
        print(f"{WORLD} processes: batches and order are the run's; only sums are rounded in another order.")
dist.destroy_process_group()`;
}
