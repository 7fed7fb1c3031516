import { statusWord } from '../advice/headWords';
import { divergenceSentence, verdictOf } from '../advice/verdicts/verdict';
import { baselineWords, listedMetrics, metricNames } from '../advice/metricWords';
import { formatCount, formatDuration, formatQuantity, formatRounded, formatShortest } from '../base/format';
import type { RunMetrics } from '../engine/report/metrics';
import { linearOf, originalParameters, parameterNames } from '../protocol/outputs';
import type { Progress, RunShape } from '../protocol/protocol';
import type { RowsPage } from '../protocol/questions';
import { secondsLeft, trainedEpochs, type RunState } from '../protocol/state';
import { printProblems } from './problemLines';
import type { RunInput } from './readRunInput';
import type { RunPrinter } from './runCommand';
import { textTable } from './textTable';
import { say } from './say';

/** Rows of predictions that are printed at most. */
const listedRows = 50;

/** Prints what the tutorial prints: the loss every `log_every` epochs, then weights, bias and predictions. */
export function textPrinter(input: RunInput): RunPrinter {
  const bar = progressBar();
  return {
    rows: listedRows,
    event(event, state) {
      if (event.type === 'opened') {
        printProblems(event.notes ?? [], input);
        print(describeStart(state));
      }
      if (event.type !== 'progress') return;
      bar.clear();
      printEpochs(event.progress, state);
      bar.draw(state);
    },
    end(state, page) {
      bar.clear();
      print(describeEnd(state));
      if (state.metrics) print(metricTable(state, state.metrics));
      print(parameterTable(state));
      print(predictionTable(state, page));
    },
  };
}

function describeStart({ shape, trainLoss }: RunState): string {
  if (!shape) return '';
  const { trainRows, validationRows, inputNames, targetNames, optimizer, lr, loss, seed, batchSize } = shape;
  const held = validationRows > 0 ? `, ${formatCount(validationRows)} held out` : '';
  return [
    `${formatQuantity(trainRows, 'row')}${held}; ${formatQuantity(inputNames.length, 'input')}; target ${targetNames.join(', ')}`,
    `${modelWords(shape)}, ${loss}, ${optimizer}(lr=${formatShortest(lr)}), batch_size ${formatCount(batchSize)}, seed ${seed}`,
    `loss before training ${number(trainLoss)}\n`,
  ].join('\n');
}

function printEpochs({ records }: Progress, { shape }: RunState): void {
  if (!shape) return;
  const width = formatCount(shape.epochs).length;
  records.loss.forEach((loss, i) => {
    const epoch = records.first + i;
    const isLast = epoch === shape.epochs - 1 || !Number.isFinite(loss);
    if (epoch % shape.logEvery !== 0 && !isLast) return;
    const validation = shape.validationRows > 0 ? `  val_loss ${number(records.valLoss[i])}` : '';
    print(
      `epoch ${formatCount(epoch).padStart(width)}  loss ${number(loss)}  batch_loss ${number(records.batchLoss[i])}${validation}`,
    );
  });
}

function describeEnd(state: RunState): string {
  const { status, checkpoint, trainLoss, validationLoss, divergence, seconds, shape } = state;
  const losses = `loss ${number(trainLoss)}` + (shape?.validationRows ? `, val_loss ${number(validationLoss)}` : '');
  const epochs = formatQuantity(trainedEpochs(state), 'epoch');
  if (!divergence) {
    const after = `\n${statusWord(status)} after ${epochs} in ${formatDuration(seconds)}: ${losses}\n`;
    return checkpoint.epoch > 0 ? `${after}${verdictOf(state).sentence}\n${fixLine(state)}` : after;
  }
  return `\n${divergenceSentence(state)}\n${fixLine(state)}${losses[0].toUpperCase()}${losses.slice(1)}\n`;
}

/** `Linear`, or `Sequential of Linear(2, 8), Tanh, Linear(8, 1)`. */
function modelWords(shape: RunShape): string {
  if (linearOf(shape)) return 'Linear';
  const layers = shape.model.layers.map((layer) =>
    layer.type === 'Linear' ? `Linear(${layer.inFeatures}, ${layer.outFeatures})` : layer.type,
  );
  return `Sequential of ${layers.join(', ')}`;
}

/** What would help a run that did not arrive: `Try: set lr to half the limit (0.006).` */
function fixLine(state: RunState): string {
  const [fix] = verdictOf(state).fixes;
  return fix ? `Try: ${fix.title[0].toLowerCase()}${fix.title.slice(1)}.\n` : '';
}

function metricTable({ shape }: RunState, metrics: RunMetrics): string {
  if (!shape) return '';
  const { train, validation } = metrics;
  const always = baselineWords(metrics, shape);
  const sets = validation ? [train, validation] : [train];
  const title = ['metric', 'training', always, ...(validation ? ['validation', always] : [])];
  const rows = listedMetrics(train).map(({ key }, i) => [
    metricNames[key].name,
    ...sets.flatMap((set) => [listedMetrics(set)[i].model, listedMetrics(set)[i].baseline].map(number)),
  ]);
  return textTable([title, ...rows]);
}

function parameterTable({ shape, initial, checkpoint }: RunState): string {
  if (!shape) return '';
  const originals = originalParameters(checkpoint.parameters, shape);
  const rows = parameterNames(shape).map((name, i) => [
    name,
    number(initial[i]),
    number(checkpoint.parameters[i]),
    ...(originals ? [number(originals[i])] : []),
  ]);
  return textTable([['parameter', 'start', 'trained', ...(originals ? ['own units'] : [])], ...rows]);
}

function predictionTable({ shape }: RunState, { targets, now, total }: RowsPage): string {
  if (!shape) return '';
  const { targetNames, classNames } = shape;
  const rows: string[][] = [];
  const listed = Math.min(total, listedRows);
  for (let i = 0; i < listed * targetNames.length; i++) {
    const row = formatCount(Math.floor(i / targetNames.length) + 1);
    const name = targetNames[i % targetNames.length];
    const values = [targets[i], now[i]].map((value) => classNames?.[value] ?? number(value));
    const error = classNames ? (now[i] === targets[i] ? '' : 'wrong') : number(now[i] - targets[i]);
    rows.push([row, name, ...values, error]);
  }
  const more = total > listed ? `… and ${formatQuantity(total - listed, 'more row')}; --json prints all of them\n` : '';
  return textTable([['row', 'target', 'actual', 'predicted', 'error'], ...rows]) + more;
}

function number(value: number): string {
  return formatRounded(value, 7);
}

function print(text: string): void {
  say(text + '\n');
}

/** On a terminal only; it stands on standard error, so that output can be piped. */
function progressBar() {
  const { stderr } = process;
  const width = 30;
  const clear = () => void (stderr.isTTY && stderr.write('\r\x1b[K'));
  const draw = (state: RunState) => {
    const { shape, checkpoint } = state;
    if (!stderr.isTTY || !shape) return;
    const done = Math.round((width * checkpoint.epoch) / shape.epochs);
    const left = secondsLeft(state);
    const time = left === undefined ? '' : `  ${formatDuration(left)} left`;
    stderr.write(
      `[${'='.repeat(done).padEnd(width)}] ${formatCount(checkpoint.epoch)}/${formatCount(shape.epochs)}${time}`,
    );
  };
  return { clear, draw };
}
