import { begin, end as endBatch, enterRows } from './batch';
import {
  inFeatures,
  order,
  outFeatures,
  outputGradients,
  outputs,
  parameterCount,
  parameters,
  previous,
  report,
  rowAt,
  startTouching,
  touchAhead,
} from './memory';
import { backwardActivation, forwardActivation } from './netActivations';
import { addGradients, backwardLinear, forwardLinear } from './netLinear';
import { lossRows } from './netLosses';
import {
  fromOf,
  kindOf,
  layerBytes,
  layers,
  layersEnd,
  packNet,
  strideOf,
  tileRows,
  toOf,
  toSlopesOf,
} from './netMemory';
import { adamStep, sgdStep } from './netSteps';

/** The rows of the order whose values the layers have. */
let passedFrom: u32 = 0;
let passedRows: u32 = 0;

/** Outputs of the rows `[start, end)` of the order, with the flat parameters as they are. */
export function forwardNet(start: u32, end: u32): void {
  packNet(0, 1);
  const width = (outFeatures as usize) << 2;
  const stride = strideOf(outFeatures);
  let to = outputs;
  startTouching(order + (start << 2));
  for (let from = start; from < end; from += tileRows) {
    const rows = min(tileRows, end - from);
    passForward(from, rows);
    const last = toOf(layersEnd - layerBytes);
    for (let row: u32 = 0; row < rows; row++, to += width) memory.copy(to, last + row * stride, width);
  }
}

/** Adds to the batch's gradients what `outputGradients` of the rows `[start, end)` give, with the parameters of `forwardNet`. */
export function backwardNet(start: u32, end: u32): void {
  const width = (outFeatures as usize) << 2;
  const stride = strideOf(outFeatures);
  const slopes = toSlopesOf(layersEnd - layerBytes);
  let from = start;
  let slope = outputGradients;
  startTouching(order + (start << 2));
  while (from < end) {
    const rows = enterRows(min(tileRows, end - from));
    if (from !== passedFrom || rows !== passedRows) passForward(from, rows);
    for (let row: u32 = 0; row < rows; row++, slope += width) memory.copy(slopes + row * stride, slope, width);
    passBackward(rows);
    from += rows;
  }
}

/** Adds rows of a batch whose loss is divided by `divisor` to its gradients; returns the sum of their losses. */
export function addNet(start: u32, end: u32, divisor: f64): f64 {
  startTouching(order + (start << 2));
  return addRows(start, end, divisor);
}

function addRows(start: u32, end: u32, divisor: f64): f64 {
  const layer = layersEnd - layerBytes;
  const stride = strideOf(outFeatures);
  let sum: f64 = 0;
  let from = start;
  while (from < end) {
    const rows = enterRows(min(tileRows, end - from));
    passForward(from, rows);
    sum += lossRows(order + (from << 2), rows, toOf(layer), toSlopesOf(layer), stride, divisor);
    passBackward(rows);
    from += rows;
  }
  return sum;
}

/**
 * Trains whole batches, of at most `chunkRows` rows, of the rows `[start, end)` of the order, with packed parameters and
 * buffers. A batch's sum of losses is divided by `perRow` times its rows, or where that is 0 by nothing. `steps` has two numbers a batch
 * for Adam; 0 means SGD, whose first step ever comes first if `isFirst`. Report: the last batch's loss, `lossSum` plus each
 * batch's loss × rows, batches done. Returns 0, or 1 where the loss and 2 where a parameter is not finite, at the first such batch.
 */
export function trainNet(
  start: u32,
  end: u32,
  batchSize: u32,
  perRow: f64,
  rule: usize,
  steps: usize,
  isFirst: bool,
  lossSum: f64,
): i32 {
  let sum = lossSum;
  let batches: u32 = 0;
  let status = 0;
  startTouching(order + (start << 2));
  while (start < end && status === 0) {
    const rows = min(batchSize, end - start);
    const divisor = perRow === 0 ? 1 : perRow * (rows as f64);
    begin();
    const loss = (addRows(start, start + rows, divisor) / divisor) as f32;
    store<f64>(report, loss as f64);
    sum += (loss as f64) * (rows as f64);
    if (loss - loss !== 0) {
      memory.copy(previous, parameters, (parameterCount as usize) << 2);
      status = 1;
    } else {
      const isFinite = steps === 0 ? sgdStep(rule, isFirst && batches === 0) : adamStep(rule, steps + (batches << 4));
      if (!isFinite) status = 2;
    }
    batches++;
    start += rows;
  }
  endBatch(1);
  store<f64>(report, sum, 8);
  store<f64>(report, batches as f64, 16);
  return status;
}

/** Gathers rows from a position of the order on and passes them through all layers. */
function passForward(start: u32, rows: u32): void {
  passedFrom = start;
  passedRows = rows;
  const width = (inFeatures as usize) << 2;
  const stride = strideOf(inFeatures);
  let to = fromOf(layers);
  const first = order + (start << 2);
  for (let at = first; at < first + (rows << 2); at += 4, to += stride) {
    touchAhead(at);
    const row = rowAt(at);
    for (let i: usize = 0; i < width; i += 4) store<f32>(to + i, load<f32>(row + i));
  }
  for (let layer = layers; layer < layersEnd; layer += layerBytes) {
    if (kindOf(layer) === 0) forwardLinear(layer, rows);
    else forwardActivation(layer, rows);
  }
}

/** Passes the slopes by the outputs of the last rows back through all layers. */
function passBackward(rows: u32): void {
  for (let layer = layersEnd - layerBytes; layer >= layers; layer -= layerBytes) {
    if (kindOf(layer) !== 0) {
      backwardActivation(layer, rows);
      continue;
    }
    addGradients(layer, rows);
    if (layer !== layers) backwardLinear(layer, rows);
  }
}
