import { verdictOf } from '../advice/verdicts/verdict';
import { nestedParameters, shapedParameters } from '../engine/nn/layers';
import { linearOf, originalParameters, outputNames } from '../protocol/outputs';
import type { RowsPage } from '../protocol/questions';
import { bestEpoch, hasFinished, trainedEpochs, type RunState } from '../protocol/state';
import { metricsJson } from './metricsJson';
import { printJson } from './printJson';
import { printProblems } from './problemLines';
import type { RunInput } from './readRunInput';
import type { RunPrinter } from './runCommand';
import { verdictJson } from './verdictJson';

/** Prints JSON lines and nothing else: start, every epoch, end. Notes on the data go to standard error. */
export function jsonPrinter(input: RunInput): RunPrinter {
  return {
    rows: Infinity,
    event(event, state) {
      if (event.type === 'opened') {
        printProblems(event.notes ?? [], input);
        const { seed, inputNames, targetNames, trainRows, validationRows } = event.shape;
        printJson({
          event: 'start',
          config: { ...input.parsed.config, seed },
          inputs: inputNames,
          targets: targetNames,
          rows: { train: trainRows, val: validationRows },
          ...parametersOf(state, event.initial),
        });
      } else if (event.type === 'progress') {
        const { first, loss, batchLoss, valLoss, lr } = event.progress.records;
        loss.forEach((value, i) => {
          const validation = state.shape?.validationRows ? { val_loss: valLoss[i] } : {};
          printJson({
            event: 'epoch',
            epoch: first + i,
            loss: value,
            batch_loss: batchLoss[i],
            ...validation,
            lr: lr[i],
          });
        });
      }
    },
    end(state, page) {
      const { checkpoint, divergence, trainLoss, validationLoss, metrics, status, seconds } = state;
      printJson({
        event: 'end',
        status,
        epochs: trainedEpochs(state),
        ...restoredOf(state),
        loss: trainLoss,
        ...(state.shape?.validationRows && { val_loss: validationLoss }),
        ...parametersOf(state, checkpoint.parameters),
        ...originalsOf(state),
        ...(divergence && { diverged: divergence }),
        predictions: predictionsOf(state, page),
        ...(metrics && { metrics: metricsJson(metrics) }),
        verdict: verdictJson(verdictOf(state)),
        seconds,
      });
    },
  };
}

function parametersOf({ shape }: RunState, parameters: Float32Array) {
  if (!shape) return undefined;
  if (!linearOf(shape)) return { parameters: nestedParameters(shape.model.parameters, parameters) };
  return shapedParameters(parameters, shape.inputNames.length, outputNames(shape).length);
}

/** With a stop rule that restores it, the best epoch. */
function restoredOf(state: RunState) {
  const epoch = bestEpoch(state);
  return state.shape?.earlyStopping?.restore_best && epoch !== undefined && hasFinished(state.status)
    ? { best_epoch: epoch }
    : {};
}

/** With scaling, the parameters in the columns' own units too. */
function originalsOf({ shape, checkpoint }: RunState) {
  const originals = shape && originalParameters(checkpoint.parameters, shape);
  if (!originals) return {};
  const { weight, bias } = shapedParameters(originals, shape.inputNames.length, outputNames(shape).length);
  return { weight_original: weight, bias_original: bias };
}

function predictionsOf({ shape }: RunState, { now, total }: RowsPage): (number | string)[][] {
  const width = shape?.targetNames.length ?? 1;
  return Array.from({ length: total }, (_, row) => {
    const predictions = [...now.subarray(row * width, (row + 1) * width)];
    return shape?.classNames ? predictions.map((value) => className(shape.classNames![value])) : predictions;
  });
}

/** Classes that are numbers in the data are numbers here. */
function className(name: string): string | number {
  return name.trim() !== '' && Number.isFinite(Number(name)) ? Number(name) : name;
}
