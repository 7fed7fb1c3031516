import { Generator } from '../engine/random/random';
import type { ExportedRun } from './exportedRun';
import { pythonList, pythonNumber } from './python';
import type { ScriptCell } from './scriptCells';
import { parameterTensors } from './tensors';

/** Rows of an order that are compared. */
const comparedRows = 50;
/** An epoch of one batch of more rows than this is not shuffled: the order changes nothing but rounding. */
const mostShuffledWhole = 65_536;

/** The numbers of the run that a script compares with. */
export function recordedCell(exported: ExportedRun): ScriptCell {
  const { run, epochs, position } = exported;
  const entries = {
    start: parameterList({ ...exported, parameters: run.initial }),
    first_order: orderOf(exported, 0),
    last_order: orderOf(exported, trainedEpochs(exported) - 1),
    epochs: pythonList(completed(exported).map((i) => String(epochs.epoch[i]))),
    loss: pythonList(completed(exported).map((i) => pythonNumber(epochs.loss[i]))),
    ...(run.shape.validationRows > 0 && {
      val_loss: pythonList(completed(exported).map((i) => pythonNumber(epochs.valLoss[i]))),
    }),
    ...(stops(exported) && { trained: trainedEpochs(exported) }),
    // In the middle of an epoch the script has no parameters to compare.
    ...(position.batch === 0 && { end: parameterList(exported) }),
  };
  const lines = Object.entries(entries).map(([name, text]) => `    "${name}": ${text},\n`);
  return { title: 'What the run recorded', code: `run = {\n${lines.join('')}}` };
}

/** Whether the stop rule decided how many epochs there are, so that the script has to come to the same number. */
function stops({ run, ended }: ExportedRun): boolean {
  return run.config.early_stopping !== undefined && ended !== undefined;
}

/** Epochs that the script trains too: not one that ended in a number that is not finite. */
function trainedEpochs({ position, ended }: ExportedRun): number {
  return ended ?? position.epoch;
}

/** Prints how far the script is from the run. */
export function certificateCell(exported: ExportedRun): ScriptCell {
  const { run, position } = exported;
  const hasValidation = run.shape.validationRows > 0;
  const columns = `[("loss", 0)${hasValidation ? ', ("val_loss", 1)' : ''}]`;
  const lines = [
    'def largest(pairs):',
    '    return max((abs(a - b) for a, b in pairs), default=0.0)',
    '',
    '',
    'def flat(parameters):',
    '    return [value for parameter in parameters for value in parameter.flatten().tolist()]',
    '',
    '',
    'start_difference = largest(zip(flat(start), run["start"]))',
    'same_order = all(mine[:len(run[name])] == run[name] for name, mine in [("first_order", first_order), ("last_order", last_order)])',
    '# Relative to the recorded loss; one below a millionth of the first counts as that.',
    'loss_difference = 0.0',
    `for name, column in ${columns}:`,
    '    least = 1e-6 * abs(run[name][0]) if run[name] else 0.0',
    '    for epoch, loss in zip(run["epochs"], run[name]):',
    '        loss_difference = max(loss_difference, abs(history[epoch][column] - loss) / max(abs(loss), least, 1e-30))',
    'print(f"start:  largest difference of a parameter {start_difference:g}")',
    "print(f\"order:  {'the same' if same_order else 'different'}\")",
    'print(f"losses: largest relative difference {loss_difference:.3g}")',
    ...(stops(exported) ? ['print(f"stop:   after {len(history)} epochs; the run after {run[\'trained\']}")'] : []),
    ...(position.batch === 0
      ? [
          'print(f"end:    largest difference of a parameter {largest(zip(flat(model.parameters()), run[\'end\'])):.3g}")',
        ]
      : []),
    ...(stops(exported)
      ? ['assert len(history) == run["trained"], "the stop rule ended another number of epochs"']
      : []),
    'assert start_difference == 0 and same_order and loss_difference <= 1e-4, "these are not the numbers of the run"',
    'print("The run and this script agree.")',
  ];
  return { title: 'The comparison', code: lines.join('\n') };
}

/** Places of the epochs that the script trains too. */
function completed(exported: ExportedRun): number[] {
  const { epoch } = exported.epochs;
  return [...epoch.keys()].filter((i) => epoch[i] < trainedEpochs(exported));
}

function parameterList(exported: Pick<ExportedRun, 'run' | 'parameters'>): string {
  return pythonList(parameterTensors(exported).flatMap(({ data }) => Array.from(data, pythonNumber)));
}

/** The first rows of an epoch's order; empty before the first epoch, and for a batch of many rows, which keeps their order. */
function orderOf({ run }: ExportedRun, epoch: number): string {
  const { loader, trainRows } = run.trainer.parts;
  const { shuffle, batchSize } = loader.options;
  const isWhole = batchSize >= trainRows.length && trainRows.length > mostShuffledWhole;
  if (epoch < 0 || (shuffle && isWhole)) return '[]';
  const order = new Uint32Array(trainRows.length);
  const kernels = {
    order,
    prepareShuffles: () => undefined,
    shuffle: (rows: number, seed: number) => new Generator(seed).shuffle(order.subarray(0, rows)),
  };
  loader.another(trainRows, {}, kernels).goTo(epoch + 1);
  const trained = loader.batches > 0 ? loader.end(loader.batches - 1) : 0;
  return pythonList(Array.from(order.subarray(0, Math.min(comparedRows, trained)), String));
}
