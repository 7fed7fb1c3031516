import { enterRows } from './batch';
import {
  inFeatures,
  order,
  outFeatures,
  outputGradients,
  outputs,
  parameterCount,
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
    passSlopes(rows);
    addLayerGradients(rows, 0, packedBytes());
    from += rows;
  }
}

/** Adds rows of a batch whose loss is divided by `divisor` to its gradients; returns the sum of their losses. */
export function addNet(start: u32, end: u32, divisor: f64): f64 {
  startTouching(order + (start << 2));
  return addRows(start, end, divisor);
}

/** As `addNet`, of rows that are touched ahead already. */
export function addRows(start: u32, end: u32, divisor: f64): f64 {
  let sum: f64 = 0;
  let from = start;
  while (from < end) {
    const rows = enterRows(min(tileRows, end - from));
    sum += passTile(from, rows, divisor);
    addLayerGradients(rows, 0, packedBytes());
    from += rows;
  }
  return sum;
}

/** Bytes of the packed parameters. */
export function packedBytes(): usize {
  return (parameterCount as usize) << 2;
}

/** Takes a step with the packed numbers in `[from, end)`, in bytes: of SGD where `steps` is 0, otherwise of Adam, for which it has two numbers. */
export function stepNet(rule: usize, steps: usize, isFirst: bool, from: usize, end: usize): bool {
  return steps === 0 ? sgdStep(rule, isFirst, from, end) : adamStep(rule, steps, from, end);
}

/** Adds to the gradients of the panels that begin in `[from, end)` what the rows that were passed last give. */
export function addLayerGradients(rows: u32, from: usize, end: usize): void {
  for (let layer = layersEnd - layerBytes; layer >= layers; layer -= layerBytes) {
    if (kindOf(layer) === 0) addGradients(layer, rows, from, end);
  }
}

/** What is passed on by the rows of a tile, their losses and the slopes by all numbers between the layers; returns the sum of the losses. */
export function passTile(start: u32, rows: u32, divisor: f64): f64 {
  const layer = layersEnd - layerBytes;
  passForward(start, rows);
  const outputsAt = toOf(layer);
  const sum = lossRows(order + (start << 2), rows, outputsAt, toSlopesOf(layer), strideOf(outFeatures), divisor);
  passSlopes(rows);
  return sum;
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
    let i: usize = 0;
    for (; i + 16 <= width; i += 16) v128.store(to + i, v128.load(row + i));
    for (; i < width; i += 4) store<f32>(to + i, load<f32>(row + i));
  }
  for (let layer = layers; layer < layersEnd; layer += layerBytes) {
    if (kindOf(layer) === 0) forwardLinear(layer, rows);
    else forwardActivation(layer, rows);
  }
}

/** Passes the slopes by the outputs of the last rows back through all layers. */
function passSlopes(rows: u32): void {
  for (let layer = layersEnd - layerBytes; layer >= layers; layer -= layerBytes) {
    if (kindOf(layer) !== 0) backwardActivation(layer, rows);
    else if (layer !== layers) backwardLinear(layer, rows);
  }
}
